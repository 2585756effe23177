"""Commands that change what an order wants or whether it waits: edit, cancel, match, hold, release."""

from typing import Annotated

import typer

from makegood.entrypoints.cli.counter import Json, opened
from makegood.entrypoints.cli.order_view import put_outcome
from makegood.entrypoints.cli.tree import example, group
from makegood.entrypoints.cli.wanted import NUMBER, WANTED, read_line_units, read_wanted
from makegood.services.cancel_order import cancel_order
from makegood.services.edit_order import edit_order
from makegood.services.hold_order import hold_order
from makegood.services.match_line import match_line
from makegood.services.release_hold import release_hold

app = group("")
Order = Annotated[str, typer.Argument(help=NUMBER)]


@app.command(epilog=example("orders edit 1001 --line 2=5 --add MUG=3", "orders edit 1001 --priority rush"))
def edit(
    ctx: typer.Context,
    order: Order,
    line: Annotated[
        list[str] | None,
        typer.Option(
            help="New units of a line; 0 takes it out. May be given several times.", metavar="LINE=UNITS"
        ),
    ] = None,
    add: Annotated[
        list[str] | None, typer.Option(help=f"{WANTED} May be given several times.", metavar="SKU=UNITS")
    ] = None,
    priority: Annotated[str | None, typer.Option(help="EXPRESS, RUSH, STANDARD or LOW.")] = None,
    policy: Annotated[str | None, typer.Option(help="PARTIAL, COMPLETE_LINES or COMPLETE.")] = None,
    when_short: Annotated[str | None, typer.Option(help="skip or reserve, for a COMPLETE order.")] = None,
    json: Json = False,
) -> None:
    """Change an order that is not in picking yet; what it no longer needs goes to the queue."""
    quantities = dict(map(read_line_units, line or ()))
    added = [read_wanted(words) for words in add or ()]
    if not (quantities or added or priority or policy or when_short):
        raise typer.BadParameter("Say what to change: --line, --add, --priority, --policy or --when-short.")
    with opened(ctx) as books:
        made = books.change(
            edit_order,
            order,
            quantities=quantities,
            add=added,
            priority=priority,
            ship_policy=policy.upper() if policy else None,
            when_short=when_short.lower() if when_short else None,
        )
        put_outcome(books, made, json)


@app.command(epilog=example('orders cancel 1001 --because "customer changed her mind"'))
def cancel(
    ctx: typer.Context,
    order: Order,
    because: Annotated[str, typer.Option(help="The reason, for the record.")] = "",
    json: Json = False,
) -> None:
    """Cancel what has not gone out of an order; its stock goes to whoever is next."""
    with opened(ctx) as books:
        put_outcome(books, books.change(cancel_order, order, because=because), json)


@app.command(epilog=example("orders match 1001 2 MUG-RED"))
def match(
    ctx: typer.Context,
    order: Order,
    line: Annotated[int, typer.Argument(help="The number of the line.", min=1)],
    sku: Annotated[str, typer.Argument(help="SKU, alias or barcode of the variant that is meant.")],
    json: Json = False,
) -> None:
    """Say which variant a line means whose SKU text nobody knew."""
    with opened(ctx) as books:
        put_outcome(books, books.change(match_line, order, line, sku), json)


@app.command(
    epilog=example('orders hold 1001 --because "address unclear"', "orders hold 1001 --because fraud --free")
)
def hold(
    ctx: typer.Context,
    order: Order,
    because: Annotated[str, typer.Option(help="The reason, which the order shows.")],
    free: Annotated[bool, typer.Option("--free", help="Offer what it has reserved to the queue.")] = False,
    json: Json = False,
) -> None:
    """Take an order out of the queue until somebody releases it."""
    with opened(ctx) as books:
        put_outcome(books, books.change(hold_order, order, because=because, free=free), json)


@app.command(epilog=example("orders release 1001", "orders release 1001 --snooze 14"))
def release(
    ctx: typer.Context,
    order: Order,
    snooze: Annotated[
        int | None, typer.Option(help="Days before it may be held for its age again.", min=0, metavar="DAYS")
    ] = None,
    json: Json = False,
) -> None:
    """Return a held order to the queue, with the age and rank that it had."""
    with opened(ctx) as books:
        put_outcome(books, books.change(release_hold, order, snooze_days=snooze), json)
