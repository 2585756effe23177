"""MCP over stdin and stdout, for a client that starts the server itself."""

from collections.abc import Sequence
from datetime import datetime

from makegood.domain.accounts import Caller, Role
from makegood.entrypoints.mcp.call import Visit
from makegood.entrypoints.mcp.server import make_server
from makegood.jobs.desk import Desk
from makegood.services.show_order import Served, last_attempt, served_since
from makegood.services.work import now
from makegood.wiring import House, open_house


def run_stdio(*, actor: str, as_of: datetime | None, apply: bool, role: Role) -> None:
    """Serve one client until it closes stdin, in the name of whoever started this and with this role."""
    with open_house() as house:
        make_server(lambda: _visit(house, Caller(actor, role), as_of), apply=apply).run("stdio")


def _visit(house: House, caller: Caller, as_of: datetime | None) -> Visit:
    desk = house.at(as_of or now(), caller.name, f"manual:{caller.name}")
    return Visit(caller, desk, lambda: _serve(house, desk, as_of))


def _serve(house: House, desk: Desk, as_of: datetime | None) -> Sequence[Served]:
    """Serve the queues that are marked, as a command does, and say who got something."""
    before = desk.read(last_attempt)
    pieces = house.check_until_quiet(as_of)
    return desk.read(served_since, before) if any(piece.units for piece in pieces) else []
