"""The `makegood` command: what holds for every command, and the way in."""

import getpass
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, NamedTuple

import typer

from makegood.entrypoints.cli.tree import Tree

app = typer.Typer(cls=Tree, rich_markup_mode=None, no_args_is_help=True, pretty_exceptions_enable=False)


class Doors(NamedTuple):
    """The doors that a command may open: the worker's, and the one for visitors over HTTP."""

    run_worker: Callable[..., None]
    serve: Callable[..., None]
    serve_agent: Callable[..., None]


class Asked(NamedTuple):
    """What was asked for before the command: business time, or None for now, who asks, and the other doors."""

    as_of: datetime | None
    actor: str
    doors: Doors


def tell_version(asked: bool) -> None:
    """Print the version and leave, when that was asked for."""
    if asked:
        from importlib.metadata import version as installed

        typer.echo(f"makegood {installed('makegood')}")
        raise typer.Exit


@app.callback(
    epilog="\b\nFirst steps:\n  makegood demo          see the main job on sample data\n"
    "  makegood db init       make empty books\n  makegood orders list   see who waits"
)
def makegood(
    ctx: typer.Context,
    as_of: Annotated[
        str | None, typer.Option(help="Business time, such as 2026-03-02 or 2026-03-02T09:00Z.", hidden=True)
    ] = None,
    actor: Annotated[
        str | None,
        typer.Option(help="Who is on record for what is done; else your login name.", envvar="MAKEGOOD_ACTOR"),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and leave.", is_eager=True, callback=tell_version),
    ] = False,
) -> None:
    """Resolve backorders: stock that becomes usable goes at once to the order that should have it.

    Without MAKEGOOD_DATABASE_URL the books are kept by an embedded PostgreSQL in ~/.makegood (MAKEGOOD_HOME).
    """
    ctx.obj = Asked(_moment(as_of), actor or login_name(), ctx.obj)


def login_name() -> str:
    """Give the login name of the one at the keyboard, `operator` where there is none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "operator"


def main(doors: Doors) -> None:
    """Run the command line and leave with its exit code."""
    app(obj=doors)


def _moment(words: str | None) -> datetime | None:
    if words is None:
        return None
    try:
        moment = datetime.fromisoformat(words)
    except ValueError as wrong:
        raise typer.BadParameter(f"{words!r} is not a date or time.", param_hint="--as-of") from wrong
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
