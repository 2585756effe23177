"""Commands that send something else than was ordered, and undo it."""

from typing import Annotated

import typer

from makegood.entrypoints.cli.counter import Json, Warehouse, opened
from makegood.entrypoints.cli.order_splits import AgreedAt, AgreedBy, How, consent
from makegood.entrypoints.cli.output import put, put_json, said
from makegood.entrypoints.cli.run_view import All, Bulk, Customer, DryRun, Key, Orders, Sku, chosen, do_bulk
from makegood.entrypoints.cli.tree import example, group
from makegood.entrypoints.cli.wanted import NUMBER
from makegood.services.alternatives.undo_alternatives import undo_alternatives

app = group("")


@app.command(
    "apply-alternatives",
    epilog=example(
        "orders apply-alternatives 1001 --dry-run",
        'orders apply-alternatives 1001 1002 --agreed-by "Ann Lee" --how phone',
        "orders apply-alternatives --all --sku MUG",
    ),
)
def apply(
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
    """Send alternatives instead of what orders lack, as far as they are there for each at its turn.

    Without the customer's agreement only those that need none.
    """
    choice = chosen(everything, None, sku, customer, None, warehouse)
    terms = {"consent": consent(ctx, agreed_by, how, agreed_at)}
    do_bulk(ctx, Bulk("APPLY_ALTERNATIVES", orders or (), choice, terms, key), dry_run=dry_run, json=json)


@app.command(
    "undo-alternatives", epilog=example("orders undo-alternatives 1001", "orders undo-alternatives 1001 --line 2")
)
def undo(
    ctx: typer.Context,
    order: Annotated[str, typer.Argument(help=NUMBER)],
    line: Annotated[int | None, typer.Option(help="Only this line.", min=1)] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would come to.")] = False,
    json: Json = False,
) -> None:
    """Let an order want again what was ordered; what it is sent instead goes to whoever waits for that."""
    with opened(ctx) as books:
        made = (books.preview if dry_run else books.change)(undo_alternatives, order, line_number=line)
    if json:
        put_json(made)
        return
    is_ = "would be" if dry_run else "is"
    put(f"Order {made.order_number} {is_} {said(made.status)}: {made.allocated:,} reserved, {made.short:,} short.")
