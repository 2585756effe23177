"""`makegood orders`: see and place orders; what changes them stands in `order_changes` and `order_steps`."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from makegood.domain.orders import NewOrder
from makegood.entrypoints.cli import order_changes, order_steps
from makegood.entrypoints.cli.counter import After, Json, Limit, Warehouse, opened, tell_next
from makegood.entrypoints.cli.order_view import ORDERS, order_rows, put_order, put_orders_empty, put_outcome
from makegood.entrypoints.cli.output import counted, put_json, put_table, said, talk
from makegood.entrypoints.cli.tree import example, group
from makegood.entrypoints.cli.wanted import NUMBER, WANTED, read_wanted
from makegood.services.place_order import place_order
from makegood.services.show_order import SORTS, OrderPage, list_orders, show_order

app = group("See, place, change, pick and ship orders.")


@app.command("list", epilog=example("orders list --status backordered --sort waiting", "orders list --sku MUG"))
def list_(
    ctx: typer.Context,
    status: Annotated[
        list[str] | None, typer.Option(help="Only orders of this status; may be given several times.")
    ] = None,
    sku: Annotated[str | None, typer.Option(help="Only orders that want this SKU.")] = None,
    customer: Annotated[
        str | None, typer.Option(help="Only orders with this in the customer's reference, name or e-mail.")
    ] = None,
    priority: Annotated[str | None, typer.Option(help="EXPRESS, RUSH, STANDARD or LOW.")] = None,
    warehouse: Warehouse = None,
    sort: Annotated[str, typer.Option(help=f"One of {', '.join(SORTS)}.")] = "newest",
    limit: Limit = 50,
    after: After = None,
    json: Json = False,
) -> None:
    """List orders: who wants what, how much of it is reserved, how much is short."""
    with opened(ctx) as books:
        page = books.read(
            list_orders,
            statuses=status or (),
            sku=sku,
            customer=customer,
            priority=priority,
            warehouse=warehouse,
            sort=sort,
            after=after,
            most=limit,
        )
    put_json(page) if json else _put_page(page)


@app.command(epilog=example("orders show 1001", "orders show 1001 --all"))
def show(
    ctx: typer.Context,
    order: Annotated[str, typer.Argument(help=NUMBER)],
    everything: Annotated[bool, typer.Option("--all", help="Also every attempt and every event.")] = False,
    json: Json = False,
) -> None:
    """Show one order: its lines, where its units are reserved, and what happened to it."""
    with opened(ctx) as books:
        sheet = books.read(show_order, order)
    put_json(sheet) if json else put_order(sheet, everything=everything)


@app.command(epilog=example("orders place 1001 MUG=5 LID=2", "orders place 1002 MUG=1@4.50 --priority express"))
def place(
    ctx: typer.Context,
    order: Annotated[str, typer.Argument(help="The number of the new order.")],
    lines: Annotated[list[str], typer.Argument(help=WANTED, metavar="SKU=UNITS")],
    customer: Annotated[str, typer.Option(help="The customer's name.")] = "",
    reference: Annotated[str, typer.Option(help="The customer's reference.")] = "",
    email: Annotated[str, typer.Option(help="The customer's e-mail address.")] = "",
    customer_class: Annotated[str, typer.Option("--class", help="The customer's class.")] = "",
    channel: Annotated[str, typer.Option(help="Where the order came from.")] = "",
    merchant: Annotated[str, typer.Option(help="Whose order it is.")] = "default",
    warehouse: Warehouse = None,
    priority: Annotated[str, typer.Option(help="EXPRESS, RUSH, STANDARD or LOW.")] = "STANDARD",
    policy: Annotated[
        str,
        typer.Option(help="PARTIAL, COMPLETE_LINES or COMPLETE: how much must be there before any is reserved."),
    ] = "PARTIAL",
    when_short: Annotated[
        str, typer.Option(help="For COMPLETE: skip lets others have the units meanwhile, reserve keeps them back.")
    ] = "skip",
    placed: Annotated[
        datetime | None, typer.Option(help="When it was placed, in UTC; else now.", metavar="TIME")
    ] = None,
    requested: Annotated[datetime | None, typer.Option(help="The date it is wanted for.", metavar="DATE")] = None,
    currency: Annotated[str | None, typer.Option(help="The currency of the prices.")] = None,
    json: Json = False,
) -> None:
    """Place an order: it takes what nobody better ranked waits for, and waits for the rest."""
    asked = NewOrder(
        number=order,
        lines=[read_wanted(words, currency) for words in lines],
        placed_at=placed.replace(tzinfo=UTC) if placed else None,
        merchant=merchant,
        warehouse=warehouse,
        channel=channel,
        customer_reference=reference,
        customer_name=customer,
        customer_email=email,
        customer_class=customer_class,
        priority=priority,
        ship_policy=policy.upper(),
        when_short=when_short.lower(),
        requested_date=requested.date() if requested else None,
    )
    with opened(ctx) as books:
        made = books.change(place_order, asked)
        put_outcome(books, made, json)


app.add_typer(order_changes.app)
app.add_typer(order_steps.app)


def _put_page(page: OrderPage) -> None:
    if not page.orders:
        put_orders_empty(page.counts)
        return
    put_table(ORDERS, order_rows(page.orders))
    tell_next(page.next, "orders list …")
    counts = ", ".join(f"{count:,} {said(status)}" for status, count in sorted(page.counts.items()))
    talk(f"In all {counted(sum(page.counts.values()), 'order')}: {counts}.")
