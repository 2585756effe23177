"""The HTTP API as an ASGI application, built from the table of routes."""

from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from makegood.domain.errors import MakegoodError
from makegood.entrypoints.api.described import Problem
from makegood.entrypoints.api.fields import describe
from makegood.entrypoints.api.route import register
from makegood.entrypoints.api.table import ROUTES
from makegood.entrypoints.lobby.front import Front
from makegood.entrypoints.lobby.problems import broken, misread, refused, unanswered
from makegood.entrypoints.lobby.visit import Visits

TOLD = """Resolves backorders: every unit of stock goes at once to the order that should have it.

Send `Authorization: Bearer TOKEN`. Names are in camelCase, times in RFC 3339 and UTC, quantities are whole units.
Refusals are problems (RFC 9457) with a stable `code`, the `facts` and a `remedy`. Lists are paged: `next` of a
page is the `after` of the following one. A write under an `Idempotency-Key` of yours is done once, however often
it is sent."""


def make_app(front: Front) -> FastAPI:
    """Build the application over these books."""
    app = FastAPI(
        title="makegood",
        version=version("makegood"),
        description=TOLD,
        openapi_url=None,
    )
    app.state.front = front
    app.add_middleware(Visits, metrics=front.metrics)
    handlers: dict[Any, Any] = {
        MakegoodError: refused,
        RequestValidationError: misread,
        HTTPException: unanswered,
        Exception: broken,
    }
    for error, handler in handlers.items():
        app.add_exception_handler(error, handler)
    app.router.routes.extend(_routes())
    _describe(app)
    return app


@cache
def _routes() -> list[BaseRoute]:
    """Build the endpoints, once for all applications of this process: it takes a quarter of a second."""
    router = APIRouter()
    for route in ROUTES:
        register(router, route)
    return router.routes


def _describe(app: FastAPI) -> None:
    """Add to the OpenAPI document what the routes refer to and FastAPI does not know of."""
    write = app.openapi

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = write()
            parts = found.setdefault("components", {})
            parts.setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
            parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            found["security"] = [{"token": []}]
            describe(found)
        return app.openapi_schema or {}

    vars(app)["openapi"] = document
