"""Whether the server lives, whether it can serve, and the documents that say what it offers."""

import re
from functools import cache
from importlib.resources import files
from ipaddress import ip_address
from typing import Any

from jinja2 import Environment, Template
from markupsafe import Markup, escape
from prometheus_client import CONTENT_TYPE_LATEST as PROMETHEUS
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from makegood.domain.errors import DatabaseTooOld
from makegood.entrypoints.api.reading import OF_EVERY_CALL, by_tag, codes, operations, type_of
from makegood.entrypoints.lobby.admission import address_of
from makegood.entrypoints.lobby.front import Front
from makegood.services.list_queue import WorkerState
from makegood.services.note_runs import PATIENCE
from makegood.store.migrate import pending

# The page brings its own style and nothing else.
ONLY_STYLE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def alive() -> dict[str, str]:
    """Say that the process lives.

    It asks nobody: a server whose database is away lives, and is not to be started anew.
    """
    return {"status": "ok"}


def ready(request: Request) -> dict[str, str]:
    """Say that requests can be served: the database answers and has every migration.

    `workers` says whether one is alive. Without one requests are served all the same, but nobody who waits is.
    """
    front: Front = request.app.state.front
    with front.house.books.snapshot() as db:
        alive = any(one.alive for one in db.records(WorkerState, "workers", patience=PATIENCE))
    # A schema only goes forward: once it was found whole it is not looked at again.
    if not getattr(request.app.state, "schema_is_whole", False):
        if missing := pending(front.house.books.conninfo):
            raise DatabaseTooOld("a schema without " + ", ".join(missing), "the schema of this version")
        request.app.state.schema_is_whole = True
    return {"status": "ok", "workers": "alive" if alive else "silent"}


def metrics(request: Request) -> Response:
    """Give the figures for Prometheus.

    To visitors of the machine itself, unless the settings open them to anyone or close them.
    """
    front: Front = request.app.state.front
    whom = front.rules.metrics
    if whom == "nobody" or (whom == "loopback" and not _is_loopback(address_of(request))):
        raise HTTPException(404)
    return Response(front.metrics.written(front.desk(), front.live.listeners), media_type=PROMETHEUS)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def document(request: Request) -> Any:
    """Give the OpenAPI document."""
    return JSONResponse(request.app.openapi())


def docs(request: Request) -> Response:
    """Show the API as a page to read."""
    told = request.app.openapi()
    return _page(
        title="The HTTP API",
        told=told["info"]["description"],
        tags=by_tag(operations(told)),
        schemas=told["components"]["schemas"],
        everywhere=sorted(OF_EVERY_CALL),
    )


def errors() -> Response:
    """Show every refusal: its code, its status, what it means and what to do."""
    return _page(title="Refusals", codes=codes())


def _page(**facts: Any) -> Response:
    page = _template().render(type_of=type_of, **facts)
    return HTMLResponse(page, headers={"Content-Security-Policy": ONLY_STYLE})


@cache
def _template() -> Template:
    source = files("makegood.entrypoints.api").joinpath("docs.html").read_text(encoding="utf-8")
    pages = Environment(autoescape=True)
    pages.filters["prose"] = _prose
    return pages.from_string(source)


def _prose(text: str) -> Markup:
    """Set what stands between backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))
