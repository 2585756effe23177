"""Commands that divide orders and undo it: split, merge, unlockable, divide, send-available."""

from collections.abc import Callable, Sequence
from typing import Annotated, NamedTuple

import typer

from makegood.domain.errors import Conflict, MakegoodError, NotFound
from makegood.domain.splits import Consent
from makegood.entrypoints.cli.counter import After, Counter, Json, Limit, Warehouse, opened, tell_next
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
from makegood.entrypoints.cli.wanted import NUMBER, read_amount, read_moment
from makegood.services.list_unlockable import Unlockable, list_unlockable
from makegood.services.merge_order import Merged, merge_order
from makegood.services.send_available import in_rank_order, send_available
from makegood.services.split_order import Split, split_order
from makegood.services.work import Work, now

app = group("")
Order = Annotated[str, typer.Argument(help=NUMBER)]
Orders = Annotated[list[str], typer.Argument(help="Numbers or ids of the orders; each goes by itself.")]
AgreedBy = Annotated[str | None, typer.Option(help="Who agreed for the customer.", metavar="NAME")]
How = Annotated[str | None, typer.Option(help="How: by e-mail, by phone, by letter.")]
AgreedAt = Annotated[
    str | None, typer.Option(help="When, such as 2026-03-02 or 2026-03-02T09:00Z; else now.", metavar="TIME")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what it would come to.")]


class Skipped(NamedTuple):
    """An order that was left as it was, and why."""

    order: str
    code: str
    message: str


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


@app.command(epilog=example('orders divide 1001 1002 --agreed-by "Ann Lee" --how phone'))
def divide(
    ctx: typer.Context,
    orders: Orders,
    agreed_by: AgreedBy = None,
    how: How = None,
    agreed_at: AgreedAt = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Split several orders by lines; what cannot be split is left as it is, with the reason."""
    agreed = consent(ctx, agreed_by, how, agreed_at)

    def one(work: Work, name: str) -> Split:
        return split_order(work, name, mode="lines", consent=agreed, dry_run=dry_run)

    with opened(ctx) as books:
        made, skipped = _each(books, one, orders, dry_run=dry_run)
    _put_each(made, skipped, dry_run=dry_run, json=json)


@app.command(
    "send-available",
    epilog=example(
        'orders send-available 1001 1002 --min-share 0.5 --agreed-by "Ann Lee" --how e-mail',
        "orders send-available 1001 1002 --min-value 20 --dry-run",
    ),
)
def send(
    ctx: typer.Context,
    orders: Orders,
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
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Split several orders by quantity, so that all that is there can go out; the reason is told where not."""
    agreed, least = consent(ctx, agreed_by, how, agreed_at), read_amount(min_value, "--min-value")

    def one(work: Work, name: str) -> Split:
        return send_available(work, name, min_share=min_share, min_value=least, consent=agreed, dry_run=dry_run)

    with opened(ctx) as books:
        made, skipped = _each(books, one, orders, dry_run=dry_run)
    _put_each(made, skipped, dry_run=dry_run, json=json)


def consent(ctx: typer.Context, by: str | None, how: str | None, at: str | None) -> Consent | None:
    """Give the agreement that the options state, None when they state none; half of one is refused."""
    if by is None and how is None:
        return None
    if by is None or how is None:
        raise typer.BadParameter("Say who agreed and how: --agreed-by and --how.")
    return Consent(by=by, how=how, at=read_moment(at, "--agreed-at") or ctx.obj.as_of or now())


def _each(
    books: Counter, one: Callable[[Work, str], Split], orders: Sequence[str], *, dry_run: bool
) -> tuple[list[Split], list[Skipped]]:
    """Do it to each order in a transaction of its own, the best ranked first; a refusal of one stops no other."""
    made: list[Split] = []
    skipped: list[Skipped] = []
    for name in books.read(in_rank_order, orders):
        try:
            made.append((books.preview if dry_run else books.change)(one, name))
        except (Conflict, NotFound) as refused:
            skipped.append(_skipped(name, refused))
    return made, skipped


def _skipped(name: str, refused: MakegoodError) -> Skipped:
    return Skipped(name, refused.code, str(refused))


def _put_each(made: Sequence[Split], skipped: Sequence[Skipped], *, dry_run: bool, json: bool) -> None:
    if json:
        put_json({"split": made, "skipped": skipped, "dry_run": dry_run})
        return
    for one in made:
        _put_split(one, dry_run=dry_run)
    for left in skipped:
        put(f"Skipped: {left.message.rstrip('.')}.")
    talk(f"{counted(len(made), 'order')} split, {len(skipped):,} skipped.{' Nothing was written.' * dry_run}")


def _put_split(made: Split, *, dry_run: bool) -> None:
    would = "Would be split: order" if dry_run else "Order"
    put(
        f"{would} {made.original_order_number} is {said(made.original_status)} with "
        f"{counted(made.shippable_items, 'unit')} that can go out; {made.backorder_order_number} is "
        f"{said(made.backorder_status)} with {counted(made.backordered_items, 'unit')}."
    )


def _put_merged(made: Merged, *, dry_run: bool) -> None:
    would = "Would be merged: order" if dry_run else "Order"
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
