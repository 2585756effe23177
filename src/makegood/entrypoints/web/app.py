"""The pages as an ASGI application: every page of `pages/`, the files they bring, and what a refusal is."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from makegood.domain.errors import MakegoodError
from makegood.entrypoints.lobby.front import Front
from makegood.entrypoints.lobby.visit import Visits
from makegood.entrypoints.web import files, refusals
from makegood.entrypoints.web.pages import (
    account,
    alerts,
    backorders,
    header,
    holds,
    imports,
    inbound,
    inventory,
    links,
    notifications,
    order_steps,
    orders,
    people,
    places,
    queue,
    reports,
    runs,
    sessions,
    settings,
    unlock,
    webhooks,
)
from makegood.entrypoints.web.visit import DoneBefore

# Every page in one visible list.
ROUTERS: Sequence[APIRouter] = (
    files.router,
    header.router,
    account.router,
    unlock.router,
    backorders.router,
    runs.router,
    holds.router,
    queue.router,
    alerts.router,
    links.router,
    notifications.router,
    reports.router,
    sessions.router,
    imports.router,
    inbound.router,
    inventory.router,
    people.router,
    places.router,
    settings.router,
    webhooks.router,
    # The order's name may hold a slash, so what is done to one comes first.
    order_steps.router,
    orders.router,
)


def make_pages(front: Front) -> FastAPI:
    """Build the application over these books."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, max_body_size=front.rules.most_body)
    app.state.front = front
    app.add_middleware(Visits, metrics=front.metrics)
    handlers: dict[Any, Any] = {
        DoneBefore: refusals.done_before,
        MakegoodError: refusals.refused,
        RequestValidationError: refusals.misread,
        HTTPException: refusals.unanswered,
        Exception: refusals.broken,
    }
    for error, handler in handlers.items():
        app.add_exception_handler(error, handler)
    for router in ROUTERS:
        app.include_router(router, max_body_size=front.rules.most_upload if router is imports.router else None)
    return app
