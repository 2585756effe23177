"""`makegood orders place`: an order typed by hand."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from makegood.domain.orders import NewOrder
from makegood.entrypoints.cli.counter import Json, Warehouse, opened
from makegood.entrypoints.cli.order_view import put_outcome
from makegood.entrypoints.cli.tree import example, group
from makegood.entrypoints.cli.wanted import WANTED, read_wanted
from makegood.services.place_order import place_order

app = group("")

POLICIES = "PARTIAL, COMPLETE_LINES or COMPLETE: how much must be there before any is reserved."
WHEN_SHORT = "For COMPLETE: skip lets others have the units meanwhile, reserve keeps them back."


# The parameters are named as the fields of a new order; `_asked` reads them from the context.
@app.command(epilog=example("orders place 1001 MUG=5 LID=2", "orders place 1002 MUG=1@4.50 --priority express"))
def place(
    ctx: typer.Context,
    number: Annotated[str, typer.Argument(help="The number of the new order.", metavar="ORDER")],
    lines: Annotated[list[str], typer.Argument(help=WANTED, metavar="SKU=UNITS")],
    customer_name: Annotated[str, typer.Option("--customer", help="The customer's name.")] = "",
    customer_reference: Annotated[str, typer.Option("--reference", help="The customer's reference.")] = "",
    customer_email: Annotated[str, typer.Option("--email", help="The customer's e-mail address.")] = "",
    customer_class: Annotated[str, typer.Option("--class", help="The customer's class.")] = "",
    channel: Annotated[str, typer.Option(help="Where the order came from.")] = "",
    merchant: Annotated[str, typer.Option(help="Whose order it is.")] = "default",
    warehouse: Warehouse = None,
    priority: Annotated[str, typer.Option(help="EXPRESS, RUSH, STANDARD or LOW.")] = "STANDARD",
    ship_policy: Annotated[str, typer.Option("--policy", help=POLICIES)] = "PARTIAL",
    when_short: Annotated[str, typer.Option(help=WHEN_SHORT)] = "skip",
    placed_at: Annotated[
        datetime | None, typer.Option("--placed", help="When it was placed, in UTC; else now.", metavar="TIME")
    ] = None,
    requested_date: Annotated[
        datetime | None, typer.Option("--requested", help="The date it is wanted for.", metavar="DATE")
    ] = None,
    currency: Annotated[str | None, typer.Option(help="The currency of the prices.")] = None,
    json: Json = False,
) -> None:
    """Place an order: it takes what nobody better ranked waits for, and waits for the rest."""
    asked = _asked(ctx, lines, currency)
    with opened(ctx) as books:
        put_outcome(books, books.change(place_order, asked), json)


def _asked(ctx: typer.Context, lines: list[str], currency: str | None) -> NewOrder:
    given = ctx.params
    placed, requested = given["placed_at"], given["requested_date"]
    return NewOrder(**{name: given[name] for name in NewOrder._fields})._replace(
        lines=[read_wanted(words, currency) for words in lines],
        placed_at=placed.replace(tzinfo=UTC) if placed else None,
        requested_date=requested.date() if requested else None,
        ship_policy=given["ship_policy"].upper(),
        when_short=given["when_short"].lower(),
    )
