"""`makegood orders`: see them; what places, changes and ships them stands in the modules `order_*`."""

from typing import Annotated

import typer

from makegood.domain.states import OrderStatus
from makegood.entrypoints.cli import (
    order_changes,
    order_packages,
    order_place,
    order_runs,
    order_splits,
    order_steps,
    order_substitutes,
)
from makegood.entrypoints.cli.counter import After, Json, Limit, Warehouse, opened, tell_next
from makegood.entrypoints.cli.order_view import ORDERS, order_rows, put_order, put_orders_empty
from makegood.entrypoints.cli.output import counted, put_json, put_table, said, talk
from makegood.entrypoints.cli.tree import among, example, group
from makegood.entrypoints.cli.wanted import NUMBER
from makegood.services.show_order import ORDER_PRIORITIES, SORTS, OrderPage, list_orders, show_order

app = group("See, place, change, pick and ship orders.")


@app.command("list", epilog=example("orders list --status backordered --sort waiting", "orders list --sku MUG"))
def list_(
    ctx: typer.Context,
    status: Annotated[
        list[str] | None,
        typer.Option(
            help="Only orders of this status; may be given several times.", autocompletion=among(*OrderStatus)
        ),
    ] = None,
    sku: Annotated[str | None, typer.Option(help="Only orders that want this SKU.")] = None,
    customer: Annotated[
        str | None, typer.Option(help="Only orders with this in the customer's reference, name or e-mail.")
    ] = None,
    priority: Annotated[
        str | None,
        typer.Option(help="EXPRESS, RUSH, STANDARD or LOW.", autocompletion=among(*ORDER_PRIORITIES.values())),
    ] = None,
    warehouse: Warehouse = None,
    sort: Annotated[
        str, typer.Option(help=f"One of {', '.join(SORTS)}.", autocompletion=among(*SORTS))
    ] = "newest",
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


app.add_typer(order_place.app)
app.add_typer(order_changes.app)
app.add_typer(order_splits.app)
app.add_typer(order_runs.app)
app.add_typer(order_substitutes.app)
app.add_typer(order_packages.app)
app.add_typer(order_steps.app)


def _put_page(page: OrderPage) -> None:
    if not page.orders:
        put_orders_empty(page.counts)
        return
    put_table(ORDERS, order_rows(page.orders))
    tell_next(page.next, "orders list …")
    counts = ", ".join(f"{count:,} {said(status)}" for status, count in sorted(page.counts.items()) if count)
    talk(f"In all {counted(sum(page.counts.values()), 'order')}: {counts}.")
