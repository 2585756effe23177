"""Commands of the pickers: release to pick, start, picked, short, shipped."""

from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from makegood.entrypoints.cli.counter import Json, opened
from makegood.entrypoints.cli.order_view import put_outcome, put_outcomes
from makegood.entrypoints.cli.tree import example, group
from makegood.entrypoints.cli.wanted import NUMBER
from makegood.planner.attempt import Attempt
from makegood.services.pick_order import confirm_pick, release_to_pick, ship_order, short_pick, start_pick
from makegood.services.work import Work

app = group("")
Orders = Annotated[list[str], typer.Argument(help="Numbers of the orders: all of them go on, or none.")]


@app.command("release-to-pick", epilog=example("orders release-to-pick 1001 1002"))
def to_pick(ctx: typer.Context, orders: Orders, json: Json = False) -> None:
    """Hand allocated orders to the pickers."""
    _step(ctx, release_to_pick, orders, json)


@app.command("start-pick", epilog=example("orders start-pick 1001"))
def start(ctx: typer.Context, orders: Orders, json: Json = False) -> None:
    """Note that picking has begun."""
    _step(ctx, start_pick, orders, json)


@app.command(epilog=example("orders picked 1001 1002"))
def picked(ctx: typer.Context, orders: Orders, json: Json = False) -> None:
    """Take what is reserved for the orders out of its bins."""
    _step(ctx, confirm_pick, orders, json)


@app.command(epilog=example("orders shipped 1001 1002"))
def shipped(ctx: typer.Context, orders: Orders, json: Json = False) -> None:
    """Let picked orders leave."""
    _step(ctx, ship_order, orders, json)


@app.command("short-pick", epilog=example("orders short-pick 1001 2 3", "orders short-pick 1001 2 3 --quarantine"))
def short(
    ctx: typer.Context,
    order: Annotated[str, typer.Argument(help=NUMBER)],
    line: Annotated[int, typer.Argument(help="The number of the line.", min=1)],
    missing: Annotated[int, typer.Argument(help="How many units were not found.", min=1)],
    quarantine: Annotated[
        bool, typer.Option("--quarantine", help="Keep them on the books there, out of reach, for a count.")
    ] = False,
    json: Json = False,
) -> None:
    """Book out units that the picker did not find; the order goes back to the queue for them."""
    with opened(ctx) as books:
        made = books.change(short_pick, order, line_number=line, missing=missing, quarantine=quarantine)
        put_outcome(books, made, json)


def _step(
    ctx: typer.Context, step: Callable[[Work, Sequence[str]], list[Attempt]], orders: Sequence[str], json: bool
) -> None:
    with opened(ctx) as books:
        put_outcomes(books, books.change(step, orders), json)
