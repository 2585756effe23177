"""`makegood backorders`: see backorder records and change them; every change is shown first."""

from datetime import UTC, date, datetime
from typing import Annotated

import typer

from makegood.domain.backorders import FulfilmentSource
from makegood.domain.rank import Priority
from makegood.domain.states import BackorderStatus
from makegood.entrypoints.cli.backorder_view import (
    Apply,
    fulfill_each_batch,
    put_change,
    put_gone,
    put_page,
    put_skus,
    put_story,
)
from makegood.entrypoints.cli.counter import After, Json, Limit, Warehouse, opened
from makegood.entrypoints.cli.output import put_facts, put_json
from makegood.entrypoints.cli.tree import among, example, group
from makegood.services.backorders.allocate_backorder import allocate_backorder
from makegood.services.backorders.cancel_backorder import cancel_backorder
from makegood.services.backorders.create_backorder import create_backorder, create_for_line
from makegood.services.backorders.fulfil_backorder import fulfil_backorder
from makegood.services.backorders.fulfil_reserved import count_reserved
from makegood.services.backorders.list_backorders import SORTS, BackorderFilter, list_backorders
from makegood.services.backorders.show_backorder import show_backorder
from makegood.services.backorders.source_backorder import release_sourced, source_backorder
from makegood.services.backorders.summarize_backorders import summarize_backorders, summarize_by_sku
from makegood.services.backorders.update_backorder import update_backorder

app = group("See, create, rank, allocate, fulfil and cancel backorders; changes are shown and need --apply.")

Number = Annotated[str, typer.Argument(help="The backorder's number, such as BO-2026-0001.", metavar="BACKORDER")]
PRIORITIES = "LOW, NORMAL, HIGH or CRITICAL."
PriorityWord = Annotated[
    str | None, typer.Option("--priority", help=PRIORITIES, autocompletion=among(*(one.name for one in Priority)))
]
Merchant = Annotated[str | None, typer.Option("--merchant", help="Only those of this merchant.")]
Notes = Annotated[str | None, typer.Option("--notes", help="Notes for people.")]
DAY = ["%Y-%m-%d"]
Expected = Annotated[
    datetime | None,
    typer.Option(
        "--expected", help="When it is expected; stays until it is cleared.", formats=DAY, metavar="DATE"
    ),
]
Promised = Annotated[
    datetime | None,
    typer.Option("--promised", help="When it was promised to the customer.", formats=DAY, metavar="DATE"),
]
Statuses = Annotated[
    list[str] | None,
    typer.Option(
        "--status",
        help="Only those of this status; may be given several times. Else all open.",
        autocompletion=among(*BackorderStatus),
    ),
]
Customer = Annotated[
    str | None,
    typer.Option("--customer", help="Only those with this in the customer's reference, name or e-mail."),
]
Overdue = Annotated[
    bool | None, typer.Option("--overdue/--not-overdue", help="Only those whose date has passed, or has not.")
]
AtRisk = Annotated[
    bool | None,
    typer.Option("--at-risk/--not-at-risk", help="Only those that will not keep their promise, or will."),
]
OpenedFrom = Annotated[
    datetime | None, typer.Option(help="Only those opened from this day on.", formats=DAY, metavar="DATE")
]
OpenedTo = Annotated[
    datetime | None, typer.Option(help="Only those opened up to this day.", formats=DAY, metavar="DATE")
]
DueTo = Annotated[
    datetime | None, typer.Option(help="Only those due up to this day.", formats=DAY, metavar="DATE")
]


# The parameters are named as the fields of the filter, which are read from the context.
@app.command(
    "list", epilog=example("backorders list --priority critical", "backorders list --sku MUG --status pending")
)
def list_(
    ctx: typer.Context,
    status: Statuses = None,
    sku: Annotated[str | None, typer.Option(help="Only those of this SKU.")] = None,
    customer: Customer = None,
    priority: PriorityWord = None,
    overdue: Overdue = None,
    at_risk: AtRisk = None,
    source: Annotated[
        str | None,
        typer.Option(help="Only those fulfilled from this source.", autocompletion=among(*FulfilmentSource)),
    ] = None,
    order: Annotated[str | None, typer.Option(help="Only those of this order.")] = None,
    warehouse: Warehouse = None,
    merchant: Merchant = None,
    opened_from: OpenedFrom = None,
    opened_to: OpenedTo = None,
    due_to: DueTo = None,
    sort: Annotated[
        str, typer.Option(help=f"One of {', '.join(SORTS)}.", autocompletion=among(*SORTS))
    ] = "newest",
    limit: Limit = 50,
    after: After = None,
    json: Json = False,
) -> None:
    """List backorders: what is wanted, reserved, fulfilled, and when it is due."""
    given = ctx.params
    only = BackorderFilter(**{name: given[name] for name in BackorderFilter._fields if name in given})._replace(
        statuses=status or (),
        opened_from=_day(opened_from),
        opened_to=_day(opened_to),
        due_to=_day(due_to),
    )
    with opened(ctx) as books:
        page = books.read(list_backorders, only, sort=sort, after=after, most=limit)
    if json:
        put_json(page.as_told())
    else:
        put_page(page)


@app.command(epilog=example("backorders show BO-2026-0001"))
def show(ctx: typer.Context, backorder: Number, json: Json = False) -> None:
    """Show one backorder: its figures and dates, where units are reserved for it, and its history."""
    with opened(ctx) as books:
        story = books.read(show_backorder, backorder)
    put_json(story.as_told()) if json else put_story(story)


@app.command(
    epilog=example("backorders create MUG 5 --customer Ann --apply", "backorders create --order 1001 --line 2")
)
def create(
    ctx: typer.Context,
    sku: Annotated[str | None, typer.Argument(help="SKU, alias or barcode.")] = None,
    units: Annotated[int | None, typer.Argument(help="How many units.", min=1)] = None,
    order: Annotated[str | None, typer.Option(help="The order that it is for, instead of SKU and units.")] = None,
    line: Annotated[int | None, typer.Option(help="The line of that order.", min=1)] = None,
    customer_name: Annotated[str, typer.Option("--customer", help="The customer's name.")] = "",
    customer_reference: Annotated[str, typer.Option("--reference", help="The customer's reference.")] = "",
    customer_email: Annotated[str, typer.Option("--email", help="The customer's e-mail address.")] = "",
    merchant: Annotated[str | None, typer.Option(help="Whose goods they are.")] = None,
    warehouse: Warehouse = None,
    priority: PriorityWord = None,
    expected: Expected = None,
    promised: Promised = None,
    notes: Notes = None,
    apply: Apply = False,
    json: Json = False,
) -> None:
    """Create a backorder for a customer, or for a line of an order; it is allocated at once if stock is free."""
    expected_day, promised_day = _day(expected), _day(promised)
    if order and line:
        if sku or units or customer_name or customer_reference or customer_email or merchant or warehouse:
            raise typer.BadParameter("With --order and --line only priority, dates and notes can be given.")
        put_change(ctx, apply, json, create_for_line, order, line, priority=priority,
                   expected_date=expected_day, promised_date=promised_day, notes=notes)  # fmt: skip
        return
    if not sku or not units or order or line:
        raise typer.BadParameter("Give SKU and units, or --order and --line.")
    put_change(ctx, apply, json, create_backorder, sku, units, customer_name=customer_name,
               customer_reference=customer_reference, customer_email=customer_email,
               merchant=merchant or "default", warehouse=warehouse, priority=priority or "NORMAL",
               expected_date=expected_day, promised_date=promised_day, notes=notes)  # fmt: skip


@app.command(
    epilog=example(
        "backorders update BO-2026-0001 --priority critical --apply",
        "backorders update BO-2026-0001 --clear expected_date --apply",
    )
)
def update(
    ctx: typer.Context,
    backorder: Number,
    priority: PriorityWord = None,
    expected: Expected = None,
    promised: Promised = None,
    notes: Notes = None,
    clear: Annotated[
        list[str] | None,
        typer.Option(help="priority, expected_date, promised_date or notes; may be given several times."),
    ] = None,
    apply: Apply = False,
    json: Json = False,
) -> None:
    """Change priority, dates or notes; another priority gives it another place in the queue."""
    put_change(ctx, apply, json, update_backorder, backorder, priority=priority, expected_date=_day(expected),
               promised_date=_day(promised), notes=notes, clear=clear or ())  # fmt: skip


@app.command(
    epilog=example(
        "backorders allocate BO-2026-0001 --apply",
        'backorders allocate BO-2026-0001 --units 2 --force "key customer" --apply',
    )
)
def allocate(
    ctx: typer.Context,
    backorder: Number,
    units: Annotated[int | None, typer.Option(help="At least so many; else as many as can be had.", min=1)] = None,
    force: Annotated[
        str | None, typer.Option(help="Reserve against the rank; the reason is kept.", metavar="REASON")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(help="Let what is reserved now lapse then, in UTC.", metavar="TIME")
    ] = None,
    apply: Apply = False,
    json: Json = False,
) -> None:
    """Reserve stock for a backorder; it overtakes nobody unless it is forced."""
    put_change(ctx, apply, json, allocate_backorder, backorder, quantity=units, force_because=force,
               expires_at=until.replace(tzinfo=UTC) if until else None)  # fmt: skip


@app.command(
    epilog=example(
        "backorders fulfill BO-2026-0001 --units 3 --apply",
        "backorders fulfill BO-2026-0001 --source purchase_order --from PO-7/1 --apply",
    )
)
def fulfill(
    ctx: typer.Context,
    backorder: Number,
    units: Annotated[int | None, typer.Option(help="How many; else all that remain.", min=1)] = None,
    source: Annotated[
        str,
        typer.Option(
            help="Where they come from: INVENTORY, PURCHASE_ORDER, TRANSFER or PRODUCTION.",
            autocompletion=among(*FulfilmentSource),
        ),
    ] = "INVENTORY",
    source_id: Annotated[
        str | None, typer.Option("--from", help="The inbound line that brought them.", metavar="INBOUND")
    ] = None,
    apply: Apply = False,
    json: Json = False,
) -> None:
    """Let units go out: those reserved for it, then free ones that nobody better ranked waits for."""
    put_change(ctx, apply, json, fulfil_backorder, backorder, quantity=units, source=source, source_id=source_id)


@app.command(
    epilog=example(
        "backorders source BO-2026-0001 PO-7/1 --apply",
        'backorders source BO-2026-0001 PO-7 --release --because "it is late" --apply',
    )
)
def source(
    ctx: typer.Context,
    backorder: Number,
    inbound: Annotated[
        str | None, typer.Argument(help="The inbound line; to give back, none means all.", metavar="INBOUND")
    ] = None,
    units: Annotated[int | None, typer.Option(help="How many; else as many as can be had.", min=1)] = None,
    release: Annotated[bool, typer.Option("--release", help="Give back what is sourced instead.")] = False,
    because: Annotated[str, typer.Option(help="The reason for giving back, for the record.")] = "",
    apply: Apply = False,
    json: Json = False,
) -> None:
    """Reserve units of a backorder on supply that is due, or give them back."""
    if release:
        put_change(ctx, apply, json, release_sourced, backorder, inbound=inbound, quantity=units, because=because)
        return
    if inbound is None or because:
        raise typer.BadParameter("Name the inbound line; a reason is for --release.")
    put_change(ctx, apply, json, source_backorder, backorder, inbound, quantity=units)


@app.command(epilog=example('backorders cancel BO-2026-0001 --units 2 --because "changed her mind" --apply'))
def cancel(
    ctx: typer.Context,
    backorder: Number,
    units: Annotated[int | None, typer.Option(help="How many; else all that remain.", min=1)] = None,
    because: Annotated[str, typer.Option(help="The reason, for the record.")] = "",
    apply: Apply = False,
    json: Json = False,
) -> None:
    """Cancel a backorder or a part of it; what it held goes to whoever is next."""
    put_change(ctx, apply, json, cancel_backorder, backorder, quantity=units, because=because)


@app.command("fulfill-all", epilog=example("backorders fulfill-all MUG CUP --apply"))
def fulfill_all(
    ctx: typer.Context,
    skus: Annotated[list[str], typer.Argument(help="SKUs, aliases or barcodes.", metavar="SKU...")],
    warehouse: Warehouse = None,
    merchant: Annotated[str, typer.Option(help="Whose goods they are.")] = "default",
    apply: Apply = False,
    json: Json = False,
) -> None:
    """Let all go out that is reserved for the backorders of some SKUs; what is still missing stays open."""
    with opened(ctx) as books:
        if apply:
            gone = fulfill_each_batch(books, skus, merchant=merchant, warehouse=warehouse)
        else:
            gone = books.read(count_reserved, skus, merchant=merchant, warehouse=warehouse)
    put_gone(skus, gone, apply=apply, json=json)


@app.command(epilog=example("backorders summary"))
def summary(
    ctx: typer.Context, warehouse: Warehouse = None, merchant: Merchant = None, json: Json = False
) -> None:
    """Sum up the open backorders: how many, how urgent, how many units are covered."""
    with opened(ctx) as books:
        found = books.read(summarize_backorders, warehouse=warehouse, merchant=merchant)
    if json:
        put_json(found)
    else:
        put_facts((name.replace("_", " ").capitalize(), value) for name, value in found._asdict().items())


@app.command("sku-summary", epilog=example("backorders sku-summary", "backorders sku-summary MUG"))
def sku_summary(
    ctx: typer.Context,
    sku: Annotated[str | None, typer.Argument(help="SKU, alias or barcode; else every SKU.")] = None,
    warehouse: Warehouse = None,
    limit: Limit = 50,
    after: After = None,
    json: Json = False,
) -> None:
    """Sum up the open backorders of each SKU over all orders, those that lack most first."""
    with opened(ctx) as books:
        page = books.read(summarize_by_sku, sku=sku, warehouse=warehouse, after=after, most=limit)
    put_json(page.as_told()) if json else put_skus(page)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
