"""`python -m makegood` and the `makegood` command: the house's front, which shows each door to the next."""

from typing import Any

from makegood.entrypoints.cli.app import Doors
from makegood.entrypoints.cli.app import main as command_line

__all__ = ["main"]


def run_worker(**told: Any) -> None:
    """Open the worker's door, only when it is asked for: it is heavy."""
    from makegood.entrypoints.memory import settle_in
    from makegood.entrypoints.worker import run_worker as work

    settle_in()
    work(**told)


def serve(**told: Any) -> None:
    """Open the doors over HTTP, only when they are asked for: they are heavier."""
    from makegood.entrypoints.memory import settle_in
    from makegood.entrypoints.serve import serve as open_up

    settle_in()
    open_up(**told)


def serve_agent(**told: Any) -> None:
    """Open the agents' door on stdin and stdout, only when it is asked for."""
    from makegood.entrypoints.mcp.stdio import run_stdio

    run_stdio(**told)


def main() -> None:
    """Run the command line; doors do not open into each other, so it is handed the others."""
    command_line(Doors(run_worker, serve, serve_agent))


if __name__ == "__main__":
    main()
