"""What every request carries: an id in and out, headers that keep browsers careful, and a line in the log."""

import logging
import re
import time
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from makegood.entrypoints.lobby.addresses import told_apart
from makegood.entrypoints.lobby.metrics import Metrics
from makegood.services.accounts.secret import draw_secret

log = logging.getLogger(__name__)

ID = re.compile(rb"[\w.:-]{1,100}")

CAREFUL: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
# Only where the visitor came over TLS.
TRANSPORT = "max-age=31536000"


class Visits:
    """Wraps an application; headers that it sets itself are kept as they are."""

    def __init__(self, app: ASGIApp, metrics: Metrics | None = None) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with an id, and its answer back with headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope, send = told_apart(scope, send)
        scope["request_id"] = request_id = _request_id(scope)
        began, status, took = time.perf_counter(), 500, 0.0

        async def answer(message: Message) -> None:
            nonlocal status, took
            if message["type"] == "http.response.start":
                status, took = message["status"], time.perf_counter() - began
                _add(MutableHeaders(scope=message), scope, request_id)
            await send(message)

        try:
            await self.app(scope, receive, answer)
        finally:
            _tell(scope, status, time.perf_counter() - began)
            self._count(scope, status, took)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        # The pattern of the address, not the address: else every order would be a figure of its own.
        route = getattr(scope.get("route"), "path", "none")
        if self.metrics:
            self.metrics.note_request(scope["method"], route, status, seconds)


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and ID.fullmatch(value):
            return str(value.decode())
    return draw_secret()[:22]


def _add(headers: MutableHeaders, scope: Scope, request_id: str) -> None:
    headers["X-Request-Id"] = request_id
    for name, value in CAREFUL.items():
        headers.setdefault(name, value)
    if scope["scheme"] == "https":
        headers.setdefault("Strict-Transport-Security", TRANSPORT)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    caller = scope.get("state", {}).get("caller")
    log.info(
        "%s %s %s %.1f ms %s %s",
        scope["method"],
        scope["path"],
        status,
        seconds * 1000,
        caller.name if caller else "-",
        scope["request_id"],
    )
