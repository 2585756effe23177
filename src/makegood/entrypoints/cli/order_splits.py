"""Commands that divide an order and undo it, and what could be divided: split, merge, unlockable."""

from collections.abc import Sequence
from typing import Annotated

import typer

from makegood.domain.splits import Consent
from makegood.entrypoints.cli.counter import After, Json, Limit, Warehouse, opened, tell_next
from makegood.entrypoints.cli.output import (
    Column,
    Status,
    counted,
    put,
    put_json,
    put_table,
    said,
    talk,
    text,
    units,
)
from makegood.entrypoints.cli.tree import example, group
from makegood.entrypoints.cli.wanted import NUMBER, read_moment
from makegood.services.list_unlockable import Unlockable, list_unlockable
from makegood.services.merge_order import Merged, merge_order
from makegood.services.split_order import Split, split_order
from makegood.services.work import now

app = group("")
Order = Annotated[str, typer.Argument(help=NUMBER)]
AgreedBy = Annotated[str | None, typer.Option(help="Who agreed for the customer.", metavar="NAME")]
How = Annotated[str | None, typer.Option(help="How: by e-mail, by phone, by letter.")]
AgreedAt = Annotated[
    str | None, typer.Option(help="When, such as 2026-03-02 or 2026-03-02T09:00Z; else now.", metavar="TIME")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what it would come to.")]


@app.command(
    epilog=example(
        'orders split 1001 --agreed-by "Ann Lee" --how e-mail',
        "orders split 1001 --by quantities --dry-run",
    )
)
def split(
    ctx: typer.Context,
    order: Order,
    by: Annotated[
        str, typer.Option(help="lines: full lines stay; quantities: each line leaves what it has.")
    ] = "lines",
    agreed_by: AgreedBy = None,
    how: How = None,
    agreed_at: AgreedAt = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Let what is there go out now; the rest waits on in a child order with the same age and rank.

    The customer has to agree: say who did, and how.
    """
    agreed = consent(ctx, agreed_by, how, agreed_at)
    with opened(ctx) as books:
        do = books.preview if dry_run else books.change
        made = do(split_order, order, mode=by, consent=agreed, dry_run=dry_run)
    put_json(made) if json else _put_split(made, dry_run=dry_run)


@app.command(epilog=example("orders merge 1001-BO1"))
def merge(ctx: typer.Context, order: Order, dry_run: DryRun = False, json: Json = False) -> None:
    """Undo a split while neither part is in picking; the child ends cancelled with nothing on it."""
    with opened(ctx) as books:
        made = (books.preview if dry_run else books.change)(merge_order, order)
    put_json(made) if json else _put_merged(made, dry_run=dry_run)


@app.command(epilog=example("orders unlockable", "orders unlockable --warehouse EAST"))
def unlockable(
    ctx: typer.Context, warehouse: Warehouse = None, limit: Limit = 50, after: After = None, json: Json = False
) -> None:
    """List the backorders of which some lines could go out now, with what is ready and what is short."""
    with opened(ctx) as books:
        page = books.read(list_unlockable, warehouse=warehouse, after=after, most=limit)
    if json:
        put_json(page)
        return
    if not page.orders:
        talk("No backorder has lines that could go out by themselves.")
        return
    put_table(
        [Column("Order"), text("Customer", spare=True), Column("Status"), units("Ready"), units("Waits"),
         text("Ready lines"), text("Short lines")],
        [_unlockable_row(one) for one in page.orders],
    )  # fmt: skip
    tell_next(page.next, "orders unlockable …")
    talk("Divide them with `makegood orders divide ORDER …`.")


def consent(ctx: typer.Context, by: str | None, how: str | None, at: str | None) -> Consent | None:
    """Give the agreement that the options state, None when they state none; half of one is refused."""
    if by is None and how is None:
        return None
    if by is None or how is None:
        raise typer.BadParameter("Say who agreed and how: --agreed-by and --how.")
    return Consent(by=by, how=how, at=read_moment(at, "--agreed-at") or ctx.obj.as_of or now())


def _put_split(made: Split, *, dry_run: bool) -> None:
    would = "Would be split: order" if dry_run else "Order"
    put(
        f"{would} {made.original_order_number} is {said(made.original_status)} with "
        f"{counted(made.shippable_items, 'unit')} that can go out; {made.backorder_order_number} is "
        f"{said(made.backorder_status)} with {counted(made.backordered_items, 'unit')}."
    )


def _put_merged(made: Merged, *, dry_run: bool) -> None:
    would = "Would be merged: order" if dry_run else "Order"
    if made.original_order_id == made.backorder_order_id:
        status = said(made.original_status)
        put(f"{would} {made.original_order_number} is {status}, served by its own warehouse again.")
        return
    put(
        f"{would} {made.original_order_number} is {said(made.original_status)} again, with "
        f"{counted(made.returned_items, 'unit')} from {made.backorder_order_number}, which is "
        f"{said(made.backorder_status)}."
    )


def _unlockable_row(one: Unlockable) -> Sequence[object]:
    return (
        one.order.number,
        one.order.customer_name or one.order.customer_reference or one.order.customer_email,
        Status(one.order.status),
        one.ready_units,
        one.waiting_units,
        ", ".join(f"{line.quantity} {line.sku}" for line in one.lines if line.ready),
        ", ".join(f"{line.short} of {line.quantity} {line.sku}" for line in one.lines if not line.ready),
    )
