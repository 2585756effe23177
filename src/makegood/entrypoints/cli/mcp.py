"""`makegood mcp`: tools for agents over stdin and stdout, for a client that starts the server itself."""

from typing import Annotated

import typer

from makegood.domain.accounts import Role
from makegood.entrypoints.cli.output import talk
from makegood.entrypoints.cli.tree import example, group

app = group("")


@app.command(epilog=example("mcp", "mcp --apply --role staff"))
def mcp(
    ctx: typer.Context,
    apply: Annotated[
        bool, typer.Option("--apply", help="Let the tools change the books; without this they only show.")
    ] = False,
    role: Annotated[
        Role, typer.Option(help="How much the agent may do.", case_sensitive=False, metavar="ROLE")
    ] = Role.MANAGER,
) -> None:
    """Serve tools for agents (MCP) on stdin and stdout, until the client closes them.

    A client starts this itself: see docs/guides/agents.md. ROLE is READONLY, STAFF or MANAGER.
    """
    talk("makegood mcp: writes are done." if apply else "makegood mcp: writes are only shown; --apply does them.")
    ctx.obj.doors.serve_agent(actor=ctx.obj.actor, as_of=ctx.obj.as_of, apply=apply, role=role)
