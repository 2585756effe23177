"""All doors over HTTP under one address, and a worker beside them, from start to a clean end.

The doors do not know each other: they are put together here, from outside, each by one line of `compose`.
"""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

import uvicorn
from fastapi import FastAPI
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from makegood.domain.errors import InvalidValue
from makegood.entrypoints.api.app import make_app
from makegood.entrypoints.beside import running_worker
from makegood.entrypoints.lobby.addresses import told_apart
from makegood.entrypoints.lobby.clock import Clock
from makegood.entrypoints.lobby.front import Front, Rules
from makegood.entrypoints.lobby.limits import Limits
from makegood.entrypoints.mcp.http import mount_agents
from makegood.entrypoints.sentry import keeping_watch
from makegood.entrypoints.tracing import tracing
from makegood.entrypoints.web.app import make_pages
from makegood.entrypoints.worker import stopped_by_signals
from makegood.services.accounts.set_up import LASTS, make_setup_link
from makegood.wiring import Settings, open_house, read_settings

HOURS = int(LASTS.total_seconds() // 3600)
# A request that is under way may take so long to come to its end.
GRACE_SECONDS = 10


def compose(front: Front) -> ASGIApp:
    """Put the doors together. They share their addresses: a browser, which asks for HTML, gets a page."""
    api, pages = make_app(front), make_pages(front)
    mount_agents(api, front, apply=front.rules.agents_apply)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        scope, send = told_apart(scope, send)
        meant = scope["type"] == "http" and (scope["path"].startswith("/assets/") or _asks_for_html(scope))
        door = pages if meant and (_answers(pages, scope) or not _answers(api, scope)) else api
        await door(scope, receive, send)

    return answer


def _asks_for_html(scope: Scope) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _answers(app: FastAPI, scope: Scope) -> bool:
    return any(route.matches(scope)[0] is Match.FULL for route in app.router.routes)


def serve(
    *,
    host: str | None = None,
    port: int | None = None,
    with_worker: bool | None = None,
    home: Path | None = None,
    as_of: datetime | None = None,
    tell: Callable[[str], None] = print,
) -> None:
    """Serve until SIGTERM or SIGINT; what is not given is as the settings say.

    `with_worker` is on by default for the embedded database. `as_of` is the business time at the start; it goes on
    from there. Raises `InvalidValue` when the port is taken or a setting makes no sense.
    """
    settings, stop, clock = read_settings(), Event(), Clock.started(as_of)
    rules = _rules(settings)
    embedded = home is not None or settings.database_url is None
    with ExitStack() as stack:
        door = stack.enter_context(_listening(host or settings.host, settings.port if port is None else port))
        stack.enter_context(stopped_by_signals(stop))
        house = stack.enter_context(open_house(home=home))
        front = Front(house, clock.now, rules)
        stack.enter_context(tracing())
        if embedded if with_worker is None else with_worker:
            stack.enter_context(running_worker(house.books.conninfo, clock))
        stack.enter_context(keeping_watch(front))
        with _answering(compose(front), door, settings, stop, front.live.close):
            at = settings.public_url or f"http://{_address(door)}"
            tell(f"makegood is at {at} (Ctrl-C ends it).")
            if link := front.desk("set-up")(make_setup_link):
                tell(f"Nobody can sign in yet. Open this link within {HOURS} hours to make the first user:")
                tell(f"  {at}/setup/{link}")
            stop.wait()
            tell("Coming to an end.")


def _rules(settings: Settings) -> Rules:
    # A rate that nobody can read is refused here, and not to the first visitor.
    Limits(settings.rate_limit)
    return Rules(
        most_body=settings.most_body,
        most_upload=settings.most_upload,
        rate=settings.rate_limit,
        agents_apply=settings.agents_apply,
        metrics=settings.metrics,
    )


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Hold the port within the block, so that a taken one is refused before anything else is begun."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        door = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as taken:
        because = os.strerror(taken.errno) if taken.errno and taken.errno > 0 else str(taken)
        raise InvalidValue("port", f"{host}:{port}", f"free to listen on ({because})") from taken
    with door:
        yield door


def _address(door: socket.socket) -> str:
    host, port = door.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@contextmanager
def _answering(
    app: ASGIApp, door: socket.socket, settings: Settings, stop: Event, hang_up: Callable[[], None]
) -> Iterator[None]:
    """Answer requests in a thread within the block; when that ends by itself, the house is told to stop.

    `hang_up` ends what would go on for ever.
    """
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=True,
            forwarded_allow_ips=settings.trusted_proxies,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )

    def answer() -> None:
        try:
            server.run(sockets=[door])
        finally:
            stop.set()

    thread = Thread(target=answer, name="http")
    thread.start()
    try:
        yield
    finally:
        hang_up()
        server.should_exit = True
        thread.join()
