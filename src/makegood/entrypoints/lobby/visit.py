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
from makegood.services.at_hand import AtHand, at_hand

log = logging.getLogger(__name__)

ID = re.compile(r"[\w.:-]{1,100}", re.ASCII)
# Parts of an address that let somebody in.
SECRET_PART = re.compile(r"\{(secret|token|link)\b")

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
        carrier = {"traceparent": value} if (value := _header(scope, b"traceparent")) else None
        with at_hand("request", carrier, request_id=request_id) as hand:
            await self._visit(scope, receive, send, hand)

    async def _visit(self, scope: Scope, receive: Receive, send: Send, hand: AtHand) -> None:
        began, status, took = time.perf_counter(), 500, 0.0

        async def answer(message: Message) -> None:
            nonlocal status, took
            if message["type"] == "http.response.start":
                status, took = message["status"], time.perf_counter() - began
                _add(MutableHeaders(scope=message), scope, scope["request_id"])
            await send(message)

        try:
            await self.app(scope, receive, answer)
        except Exception:
            log.exception("a request failed")
            raise
        finally:
            seconds = time.perf_counter() - began
            _tell(scope, status, seconds, hand)
            # One that breaks is answered further out, where its answer is not seen to start.
            self._count(scope, status, took or seconds)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        # The pattern of the address, not the address: else every order would be a figure of its own.
        if self.metrics:
            self.metrics.note_request(scope["method"], _route(scope), status, seconds)


def _request_id(scope: Scope) -> str:
    given = _header(scope, b"x-request-id")
    return given if given and ID.fullmatch(given) else draw_secret()[:22]


def _header(scope: Scope, wanted: bytes) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == wanted), "")


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", "none"))


def _path(scope: Scope) -> str:
    """Give the path, or only its pattern where a secret is part of it."""
    route = _route(scope)
    return route if SECRET_PART.search(route) else str(scope["path"])


def _add(headers: MutableHeaders, scope: Scope, request_id: str) -> None:
    headers["X-Request-Id"] = request_id
    for name, value in CAREFUL.items():
        headers.setdefault(name, value)
    if scope["scheme"] == "https":
        headers.setdefault("Strict-Transport-Security", TRANSPORT)


def _tell(scope: Scope, status: int, seconds: float, hand: AtHand) -> None:
    """Write the one line that the log has of a request; its query is not told, it may name customers."""
    caller = scope.get("state", {}).get("caller")
    hand.name = f"{scope['method']} {_route(scope)}"
    facts = {
        "method": scope["method"],
        "path": _path(scope),
        "route": _route(scope),
        "status": status,
        "caller": caller.name if caller else None,
    }
    hand.noted |= facts
    log.info("request", extra={**hand.noted, "ms": round(seconds * 1000, 1)})
