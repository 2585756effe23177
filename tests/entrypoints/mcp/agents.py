"""Agents at the door: the SDK's own client, over both transports, asked from plain synchronous tests."""

import json
import os
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Thread
from typing import Any, NamedTuple

import httpx2
import uvicorn
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, Tool

from makegood.domain.accounts import Role
from makegood.entrypoints.lobby.front import Front, Rules
from makegood.entrypoints.serve import compose
from makegood.services.accounts.tokens import create_token
from makegood.wiring import House
from tests.shop import Shop

PROGRAM = [sys.executable, "-m", "makegood"]


class Answer(NamedTuple):
    """What a tool answered: its structured content, what was said besides, and whether it was refused."""

    told: dict[str, Any]
    talk: list[str]
    refused: bool

    @property
    def error(self) -> dict[str, Any]:
        """What was refused."""
        assert self.refused, self.told
        return dict(self.told["error"])


class Agent:
    """A connected client; it remembers which tools it has called."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self.portal, self.client = portal, client
        self.called: set[str] = set()

    def asks(self, tool: str, **arguments: Any) -> Answer:
        """Call a tool, whatever comes of it; the client checks the answer against the promised shape."""
        self.called.add(tool)
        return answer_of(self.portal.call(lambda: self.client.call_tool(tool, arguments)))

    def does(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Call a tool that must not refuse."""
        answer = self.asks(tool, **arguments)
        assert not answer.refused, (tool, arguments, answer.told)
        return answer.told

    def would(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Call a write of a server that only previews."""
        told = self.does(tool, **arguments)
        assert list(told) == ["would_do"], told
        return dict(told["would_do"])

    def is_refused(self, tool: str, **arguments: Any) -> str:
        """Give the code with which a call is refused, having seen that it says what comes next."""
        error = self.asks(tool, **arguments).error
        assert set(error) == {"code", "message", "facts", "next"}
        assert error["message"]
        assert error["next"]
        return str(error["code"])

    def tools(self) -> dict[str, Tool]:
        """Give the tools that are offered, by name."""
        return {tool.name: tool for tool in self.portal.call(self.client.list_tools).tools}

    def reads(self, uri: str) -> str:
        """Read a resource."""
        return str(self.portal.call(lambda: self.client.read_resource(uri)).contents[0].text)  # type: ignore[union-attr]

    def is_guided(self, prompt: str, **arguments: str) -> str:
        """Give the text of a prompt."""
        got = self.portal.call(lambda: self.client.get_prompt(prompt, arguments))
        return str(got.messages[0].content.text)  # type: ignore[union-attr]


def answer_of(result: CallToolResult) -> Answer:
    """Read a result; its first text is the structured content again, for clients that know no other."""
    texts = [part.text for part in result.content if part.type == "text"]
    told = result.structured_content
    assert isinstance(told, dict), texts
    assert json.loads(texts[0]) == told
    return Answer(told, texts[1:], result.is_error)


@contextmanager
def connected(server: Any) -> Iterator[Agent]:
    """Connect to a server: in this process, or through a transport."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(Client(server)) as client:
        yield Agent(portal, client)


def command(address: str, *options: str, before: tuple[str, ...] = ()) -> StdioServerParameters:
    """Give what a client is told to start: the real program on these books."""
    env = {"MAKEGOOD_DATABASE_URL": address, "MAKEGOOD_ACTOR": "agent", "PATH": os.environ["PATH"]}
    return StdioServerParameters(command=PROGRAM[0], args=[*PROGRAM[1:], *before, "mcp", *options], env=env)


@contextmanager
def over_stdio(address: str, *options: str, before: tuple[str, ...] = ()) -> Iterator[Agent]:
    """Start the real program as a client does, and connect."""
    with connected(stdio_client(command(address, *options, before=before))) as agent:
        yield agent


@contextmanager
def over_http(shop: Shop, role: Role = Role.MANAGER, *, apply: bool = True, **limits: Any) -> Iterator[Agent]:
    """Connect to a real HTTP server on this machine, with a token of this role."""
    with serving(shop, apply=apply) as address, showing(address, token_of(shop, role, **limits)) as agent:
        yield agent


@contextmanager
def showing(address: str, token: str) -> Iterator[Agent]:
    """Connect over HTTP, showing this token."""
    client = httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=30)
    with connected(streamable_http_client(address, http_client=client)) as agent:
        yield agent


@contextmanager
def serving(shop: Shop, *, apply: bool = True) -> Iterator[str]:
    """Serve all doors over HTTP on a free port, and give the address of the agents' door."""
    front = Front(House(shop.books), clock=lambda: shop.clock, rules=Rules(agents_apply=apply))
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = uvicorn.Server(uvicorn.Config(compose(front), log_config=None, timeout_graceful_shutdown=5))
        thread = Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}/mcp"
        finally:
            server.should_exit = True
            thread.join()


def token_of(shop: Shop, role: Role, *, merchants: Sequence[str] | None = None) -> str:
    """Make a token of this role and give its secret."""
    number = shop.value("SELECT count(*) FROM tokens")
    return shop.do(create_token, f"t{number}", role=role, merchants=merchants).secret
