"""`python -m makegood` and the `makegood` command: the house's front, which shows each door to the next."""

from typing import Any

from makegood.entrypoints.cli.app import main as command_line

__all__ = ["main"]


def run_worker(**told: Any) -> None:
    """Open the worker's door, only when it is asked for: it is heavy."""
    from makegood.entrypoints.worker import run_worker as work

    work(**told)


def main() -> None:
    """Run the command line; doors do not open into each other, so it is handed the worker's."""
    command_line(run_worker)


if __name__ == "__main__":
    main()
