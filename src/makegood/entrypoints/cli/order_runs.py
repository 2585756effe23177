"""Commands over many orders, each served as a run: allocate, divide, send-available, divide-network."""

from typing import Annotated

import typer

from makegood.entrypoints.cli.counter import Json, Warehouse, opened
from makegood.entrypoints.cli.order_splits import AgreedAt, AgreedBy, How, consent
from makegood.entrypoints.cli.order_view import put_outcome
from makegood.entrypoints.cli.run_view import (
    All,
    Bulk,
    Customer,
    DryRun,
    Key,
    Orders,
    Sku,
    Statuses,
    Urgency,
    chosen,
    do_bulk,
)
from makegood.entrypoints.cli.tree import example, group
from makegood.entrypoints.cli.wanted import read_amount
from makegood.services.allocate_order import allocate_order

app = group("")


@app.command(
    epilog=example("orders allocate 1001", "orders allocate 1001 --complete", "orders allocate --all --sku MUG")
)
def allocate(
    ctx: typer.Context,
    orders: Orders = None,
    everything: All = False,
    status: Statuses = None,
    sku: Sku = None,
    customer: Customer = None,
    priority: Urgency = None,
    warehouse: Warehouse = None,
    complete: Annotated[bool, typer.Option("--complete", help="All of it or nothing, this once.")] = False,
    key: Key = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Try orders again now and say what came of it, the best ranked first; none overtakes another.

    Several orders, or --all that are short, make a run: it can be watched, stopped and resumed.
    """
    choice = chosen(everything, status, sku, customer, priority, warehouse)
    if orders and len(orders) == 1 and choice is None and key is None and not dry_run:
        with opened(ctx) as books:
            put_outcome(books, books.change(allocate_order, orders[0], allow_partial=not complete), json)
        return
    bulk = Bulk("ALLOCATE", orders or (), choice, {"allow_partial": not complete}, key)
    do_bulk(ctx, bulk, dry_run=dry_run, json=json)


@app.command(
    epilog=example(
        'orders divide 1001 1002 --agreed-by "Ann Lee" --how phone',
        'orders divide --all --customer "Ann Lee" --dry-run',
    )
)
def divide(
    ctx: typer.Context,
    orders: Orders = None,
    everything: All = False,
    sku: Sku = None,
    customer: Customer = None,
    warehouse: Warehouse = None,
    agreed_by: AgreedBy = None,
    how: How = None,
    agreed_at: AgreedAt = None,
    key: Key = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Split several orders by lines; what cannot be split is left as it is, with the reason."""
    choice = chosen(everything, None, sku, customer, None, warehouse)
    terms = {"mode": "lines", "consent": consent(ctx, agreed_by, how, agreed_at)}
    do_bulk(ctx, Bulk("SPLIT", orders or (), choice, terms, key), dry_run=dry_run, json=json)


@app.command(
    "send-available",
    epilog=example(
        'orders send-available 1001 1002 --min-share 0.5 --agreed-by "Ann Lee" --how e-mail',
        "orders send-available --all --min-value 20 --dry-run",
    ),
)
def send(
    ctx: typer.Context,
    orders: Orders = None,
    everything: All = False,
    sku: Sku = None,
    customer: Customer = None,
    warehouse: Warehouse = None,
    min_share: Annotated[
        float,
        typer.Option(help="Leave an order whole of which a smaller share is there: 0 to 1.", metavar="SHARE"),
    ] = 0,
    min_value: Annotated[
        str | None, typer.Option(help="Leave an order whole of which goods of less value are there.")
    ] = None,
    agreed_by: AgreedBy = None,
    how: How = None,
    agreed_at: AgreedAt = None,
    key: Key = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Split several orders by quantity, so that all that is there can go out; the reason is told where not."""
    choice = chosen(everything, None, sku, customer, None, warehouse)
    terms = {
        "min_share": min_share,
        "min_value": read_amount(min_value, "--min-value"),
        "consent": consent(ctx, agreed_by, how, agreed_at),
    }
    do_bulk(ctx, Bulk("SEND_AVAILABLE", orders or (), choice, terms, key), dry_run=dry_run, json=json)


@app.command(
    "divide-network",
    epilog=example("orders divide-network 1001 --dry-run", "orders divide-network --all --warehouse EAST"),
)
def divide_network(
    ctx: typer.Context,
    orders: Orders = None,
    everything: All = False,
    sku: Sku = None,
    customer: Customer = None,
    warehouse: Warehouse = None,
    agreed_by: AgreedBy = None,
    how: How = None,
    agreed_at: AgreedAt = None,
    key: Key = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Let other warehouses send what orders lack: fewest shipments first, then the network's rank.

    At most 200 orders at a time. `orders merge` undoes it, part by part.
    """
    choice = chosen(everything, None, sku, customer, None, warehouse)
    terms = {"consent": consent(ctx, agreed_by, how, agreed_at)}
    do_bulk(ctx, Bulk("DIVIDE_NETWORK", orders or (), choice, terms, key), dry_run=dry_run, json=json)
