"""Whether the server lives, whether it can serve, and the document that says what it offers."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from makegood.domain.errors import DatabaseTooOld
from makegood.entrypoints.lobby.front import Front
from makegood.store.migrate import pending


def alive() -> dict[str, str]:
    """Say that the process lives.

    It asks nobody: a server whose database is away lives, and is not to be started anew.
    """
    return {"status": "ok"}


def ready(request: Request) -> dict[str, str]:
    """Say that requests can be served: the database answers and has every migration."""
    front: Front = request.app.state.front
    with front.house.books.snapshot() as db:
        db.value("merchant_codes")
    if missing := pending(front.house.books.conninfo):
        raise DatabaseTooOld("a schema without " + ", ".join(missing), "the schema of this version")
    return {"status": "ok"}


def document(request: Request) -> Any:
    """Give the OpenAPI document."""
    return JSONResponse(request.app.openapi())
