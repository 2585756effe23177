"""MCP over streamable HTTP beside the API: a bearer token says who calls, and its role what that may do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from makegood.domain.accounts import Caller
from makegood.domain.errors import MakegoodError
from makegood.entrypoints.lobby.admission import recognise
from makegood.entrypoints.lobby.front import Front
from makegood.entrypoints.lobby.problems import refused
from makegood.entrypoints.mcp.call import Visit
from makegood.entrypoints.mcp.server import make_server

PATH = "/mcp"

# The SDK serves each request in a copy of the context in which it came.
_caller: ContextVar[Caller] = ContextVar("caller")


def mount_agents(app: Starlette, front: Front, *, apply: bool) -> None:
    """Let agents in at `/mcp` of this application; without `apply` their writes are only previewed.

    No process keeps anything of a session, so that any of several may answer. Whom a change lets go on is
    served by the workers, as after every change over HTTP.
    """

    def visit() -> Visit:
        caller = _caller.get()
        return Visit(caller, front.desk_of(caller), list)

    server = make_server(visit, apply=apply)
    # Nothing is told of its own accord: a stream to listen to would only hold up the end of the process.
    app.router.routes.append(Route(PATH, endpoint=Admitting(_endpoint(server, front), front), methods=["POST"]))
    _run_with(app, server)


class Admitting:
    """Lets nobody in before it is known who calls."""

    def __init__(self, app: ASGIApp, front: Front) -> None:
        self.app, self.front = app, front

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on in the name of its caller, or refuse it as every door over HTTP does."""
        request = Request(scope, receive)
        if int(request.headers.get("content-length", "0")) > self.front.rules.most_body:
            raise HTTPException(413)
        try:
            caller = await run_in_threadpool(recognise, self.front, request)
        except MakegoodError as error:
            await refused(request, error)(scope, receive, send)
            return
        request.state.caller = caller
        known = _caller.set(caller)
        try:
            await self.app(scope, receive, send)
        finally:
            _caller.reset(known)


def _endpoint(server: MCPServer, front: Front) -> ASGIApp:
    return server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=front.rules.most_body,
        # A page of another site cannot show a token; behind a proxy the host has other names.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )


def _run_with(app: Starlette, server: MCPServer) -> None:
    """Let the server run for as long as the application does: a mounted application is not told of that."""
    lifespan = app.router.lifespan_context

    @asynccontextmanager
    async def both(whole: Starlette) -> AsyncIterator[Any]:
        async with lifespan(whole) as state, server.session_manager.run():
            yield state

    app.router.lifespan_context = both
