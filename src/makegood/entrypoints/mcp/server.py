"""The server that agents talk to, over any transport: its tools, resources and prompt, over one set of books."""

from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError
from pydantic import Field

from makegood.domain.errors import MakegoodError
from makegood.entrypoints.mcp import resources
from makegood.entrypoints.mcp.call import Call, Visit
from makegood.entrypoints.mcp.prompts import triage
from makegood.entrypoints.mcp.refusals import refusal
from makegood.entrypoints.mcp.tool import as_tool
from makegood.entrypoints.mcp.tools import TOOLS

INSTRUCTIONS = """makegood resolves backorders: orders that wait for stock. Stock that becomes usable goes to
whoever is next by itself; nobody overtakes. Start with get_backorder_summary; explain_order says why an order
waits and what could be done. Lists come in pages: give `next` back as `cursor`. """
PREVIEWS = "This server previews: a write tool answers `would_do`, computed for real, and changes nothing."
APPLIES = "This server applies: a write tool changes the books. Give each write an idempotency_key of its own."


def make_server(visit: Callable[[], Visit], *, apply: bool) -> MCPServer:
    """Make the server; `visit` says who is calling now."""

    def begin(tool: str, arguments: Mapping[str, Any]) -> Call:
        return Call(visit=visit(), apply=apply, tool=tool, arguments=arguments)

    server: MCPServer = MCPServer(
        "makegood",
        title="makegood: backorders",
        version=version("makegood"),
        instructions=INSTRUCTIONS + (APPLIES if apply else PREVIEWS),
        tools=[as_tool(entry, begin, apply=apply) for entry in TOOLS],
        log_level="WARNING",
    )
    _add_resources(server, visit)
    _add_prompts(server, apply=apply)
    return server


def _add_resources(server: MCPServer, visit: Callable[[], Visit]) -> None:
    @server.resource(resources.GLOSSARY, title="Glossary", mime_type="text/markdown")
    def glossary() -> str:
        """Every word of makegood with its one meaning."""
        return resources.glossary()

    @server.resource(resources.POLICY, title="Policy in force", mime_type="text/markdown")
    def policy() -> str:
        """The business settings in force, and the rule by which it is decided who is served first."""
        return _told(lambda: resources.policy(visit().desk))

    @server.resource(resources.OPEN, title="Open backorders", mime_type="application/json")
    def open_backorders() -> str:
        """The open backorders in numbers, and the 20 most urgent; `next` is the resource of the next page."""
        return _told(lambda: resources.open_backorders(visit().desk, None))

    @server.resource(resources.OPEN_AFTER, title="Open backorders, further pages", mime_type="application/json")
    def open_backorders_after(cursor: str) -> str:
        """A further page of the open backorders."""
        return _told(lambda: resources.open_backorders(visit().desk, cursor))


def _add_prompts(server: MCPServer, *, apply: bool) -> None:
    @server.prompt("triage_backorders", title="Triage today's backorders")
    def triage_backorders(
        warehouse: Annotated[str | None, Field(description="Only this warehouse.")] = None,
        merchant: Annotated[str | None, Field(description="Only this merchant.")] = None,
    ) -> str:
        """Go through today's backorders step by step: what is urgent, why it waits, what to do about it."""
        return triage(apply=apply, warehouse=warehouse, merchant=merchant)


def _told(read: Callable[[], str]) -> str:
    try:
        return read()
    except MakegoodError as refused:
        raise ResourceError(refusal(refused).message) from refused
