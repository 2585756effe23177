"""`makegood inbound`: see, announce, change, receive and cancel supply that is due; a change is shown first."""

from datetime import datetime
from typing import Annotated

import typer

from makegood.domain.inbound import InboundKind, InboundStatus, NewInbound
from makegood.entrypoints.cli.backorder_view import Apply
from makegood.entrypoints.cli.counter import After, Json, Limit, Warehouse, opened
from makegood.entrypoints.cli.inbound_view import (
    done_or_shown,
    put_change,
    put_lines,
    put_page,
    put_received,
    put_story,
    put_suppliers,
)
from makegood.entrypoints.cli.output import put_json
from makegood.entrypoints.cli.stock_changes import At, Expires, Lot, day_of
from makegood.entrypoints.cli.tree import among, example, group
from makegood.entrypoints.cli.wanted import read_units
from makegood.services.inbound.cancel_inbound import cancel_inbound
from makegood.services.inbound.create_inbound import create_inbound
from makegood.services.inbound.list_inbound import SORTS, InboundFilter, list_inbound
from makegood.services.inbound.show_inbound import show_inbound
from makegood.services.inbound.suppliers import list_suppliers, set_supplier
from makegood.services.inbound.update_inbound import update_inbound
from makegood.services.receive_inbound import InboundReceived, receive_inbound

app = group("See, announce, change, receive and cancel supply that is due; changes are shown and need --apply.")

Name = Annotated[
    str, typer.Argument(help="Reference, or reference and line such as PO-7/2, or id.", metavar="INBOUND")
]
KINDS = "purchase_order, transfer or production."
DAY = ["%Y-%m-%d"]
Due = Annotated[
    datetime | None, typer.Option("--due", help="When it is due, if that is known.", formats=DAY, metavar="DATE")
]
DueFrom = Annotated[
    datetime | None, typer.Option(help="Only those due from this day on.", formats=DAY, metavar="DATE")
]
DueTo = Annotated[
    datetime | None, typer.Option(help="Only those due up to this day.", formats=DAY, metavar="DATE")
]
Statuses = Annotated[
    list[str] | None,
    typer.Option(
        "--status",
        help="Only those of this status; may be given several times. Else all to come.",
        autocompletion=among(*InboundStatus),
    ),
]
Supplier = Annotated[str | None, typer.Option("--supplier", help="The supplier's code; a new one is added.")]
OfMerchant = Annotated[str, typer.Option("--merchant", help="Whose goods they are.")]
Notes = Annotated[str | None, typer.Option("--notes", help="Notes for people.")]
Because = Annotated[str, typer.Option(help="The reason, for the record.")]


# The parameters are named as the fields of the filter, which are read from the context.
@app.command(
    "list", epilog=example("inbound list", "inbound list --sku MUG --late", "inbound list --status received")
)
def list_(
    ctx: typer.Context,
    status: Statuses = None,
    kind: Annotated[
        str | None, typer.Option(help=f"Only those of this kind: {KINDS}", autocompletion=among(*InboundKind))
    ] = None,
    reference: Annotated[str | None, typer.Option(help="Only those of this reference.")] = None,
    sku: Annotated[str | None, typer.Option(help="Only those of this SKU.")] = None,
    warehouse: Warehouse = None,
    from_warehouse: Annotated[
        str | None, typer.Option("--from", help="Only transfers from this warehouse.", metavar="WAREHOUSE")
    ] = None,
    supplier: Annotated[str | None, typer.Option(help="Only those of this supplier.")] = None,
    merchant: Annotated[str | None, typer.Option(help="Only those of this merchant.")] = None,
    late: Annotated[
        bool | None, typer.Option("--late/--not-late", help="Only those whose day has passed, or has not.")
    ] = None,
    dated: Annotated[
        bool | None, typer.Option("--dated/--undated", help="Only those whose day is known, or is not.")
    ] = None,
    unsourced: Annotated[
        bool | None, typer.Option("--unsourced/--sourced", help="Only those of which units are nobody's, or none.")
    ] = None,
    due_from: DueFrom = None,
    due_to: DueTo = None,
    sort: Annotated[str, typer.Option(help=f"One of {', '.join(SORTS)}.", autocompletion=among(*SORTS))] = "due",
    limit: Limit = 50,
    after: After = None,
    json: Json = False,
) -> None:
    """List supply that is due: what comes, when, and how much of it is reserved already."""
    given = ctx.params
    only = InboundFilter(**{name: given[name] for name in InboundFilter._fields if name in given})._replace(
        statuses=status or (), due_from=day_of(due_from), due_to=day_of(due_to)
    )
    with opened(ctx) as books:
        page = books.read(list_inbound, only, sort=sort, after=after, most=limit)
    put_json(page.as_told()) if json else put_page(page)


@app.command(epilog=example("inbound show PO-7/1"))
def show(ctx: typer.Context, inbound: Name, json: Json = False) -> None:
    """Show one inbound line: who has a part of it, the deliveries in which it came, its history."""
    with opened(ctx) as books:
        story = books.read(show_inbound, inbound)
    put_json(story.as_told()) if json else put_story(story)


@app.command(
    epilog=example(
        "inbound create PO-7 MUG=40 LID=40 --supplier ACME --due 2026-04-01 --apply",
        "inbound create T-1 MUG=5 --kind transfer --from WEST --apply",
    )
)
def create(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(help="The number of the purchase order, transfer or production.")],
    lines: Annotated[list[str], typer.Argument(help="What comes: SKU=UNITS, a line each.", metavar="SKU=UNITS")],
    kind: Annotated[
        str, typer.Option(help=f"What it is: {KINDS}", autocompletion=among(*InboundKind))
    ] = "purchase_order",
    due: Due = None,
    supplier: Supplier = None,
    from_warehouse: Annotated[
        str | None, typer.Option("--from", help="The warehouse that a transfer leaves.", metavar="WAREHOUSE")
    ] = None,
    from_location: Annotated[
        str | None, typer.Option("--from-location", help="The bin there; else as orders are picked.")
    ] = None,
    warehouse: Warehouse = None,
    merchant: OfMerchant = "default",
    first_line: Annotated[int, typer.Option("--line", help="The number of the first line.", min=1)] = 1,
    notes: Notes = None,
    apply: Apply = False,
    json: Json = False,
) -> None:
    """Announce supply; a transfer takes its units out of its warehouse at once, and they are under way."""
    wanted = [
        NewInbound(kind, reference, sku, count, number, day_of(due), merchant, warehouse, supplier, from_warehouse,
                   from_location, notes or "")
        for number, (sku, count) in enumerate(map(read_units, lines), start=first_line)
    ]  # fmt: skip
    made = done_or_shown(
        ctx, apply, json, lambda made: {"inbound": [one.as_told() for one in made]}, create_inbound, wanted
    )
    if made:
        put_lines(made)


@app.command(
    epilog=example("inbound update PO-7/1 --due 2026-04-08 --apply", "inbound update PO-7/1 --units 30 --apply")
)
def update(
    ctx: typer.Context,
    inbound: Name,
    due: Due = None,
    units: Annotated[int | None, typer.Option(help="How many are announced in all.", min=1)] = None,
    supplier: Supplier = None,
    notes: Notes = None,
    clear: Annotated[
        list[str] | None, typer.Option(help="due, supplier or notes; may be given several times.")
    ] = None,
    apply: Apply = False,
    json: Json = False,
) -> None:
    """Change when it is due, how much comes, from whom; what was reserved beyond that is given back."""
    put_change(ctx, apply, json, update_inbound, inbound, due=day_of(due), quantity=units, supplier=supplier,
               notes=notes, clear=clear or ())  # fmt: skip


@app.command(
    epilog=example(
        "inbound receive PO-7/1 12 --at A-01 --delivery DN-31 --apply",
        "inbound receive PO-7/1 12 --damaged 2 --at DOCK --delivery DN-31 --apply",
    )
)
def receive(
    ctx: typer.Context,
    inbound: Name,
    at: At,
    delivery: Annotated[
        str, typer.Option("--delivery", help="The delivery's own number: the same again has no effect.")
    ],
    units: Annotated[int | None, typer.Argument(help="How many came; else all that are to come.", min=1)] = None,
    damaged: Annotated[int, typer.Option(help="So many of them came damaged.", min=0)] = 0,
    lot: Lot = "",
    expires: Expires = None,
    apply: Apply = False,
    json: Json = False,
) -> None:
    """Receive units into stock: whoever reserved some of it gets them first, then the queue."""
    made = done_or_shown(ctx, apply, json, InboundReceived.as_told, receive_inbound, inbound, units, location=at,
                         reference=delivery, damaged=damaged, lot=lot, expires_on=day_of(expires))  # fmt: skip
    if made:
        put_received(made, apply)


@app.command(
    epilog=example(
        'inbound cancel PO-7/1 --because "sold out" --apply', "inbound cancel T-1 --units 2 --lost --apply"
    )
)
def cancel(
    ctx: typer.Context,
    inbound: Name,
    units: Annotated[int | None, typer.Option(help="How many; else all that are to come.", min=1)] = None,
    because: Because = "",
    lost: Annotated[
        bool, typer.Option("--lost", help="Units of a transfer were lost: they do not go back.")
    ] = False,
    apply: Apply = False,
    json: Json = False,
) -> None:
    """Cancel what is still to come; units of a transfer go back to where they left."""
    put_change(ctx, apply, json, cancel_inbound, inbound, quantity=units, because=because, lost=lost)


@app.command(epilog=example("inbound suppliers"))
def suppliers(
    ctx: typer.Context,
    merchant: Annotated[str | None, typer.Option(help="Only those of this merchant.")] = None,
    json: Json = False,
) -> None:
    """List suppliers: the margin by which their days are counted later, and what is to come from each."""
    with opened(ctx) as books:
        found = books.read(list_suppliers, merchant=merchant)
    put_json({"suppliers": found}) if json else put_suppliers(found)


@app.command(epilog=example("inbound supplier ACME --margin 3 --apply"))
def supplier(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(help="The supplier's code.")],
    name: Annotated[str | None, typer.Option(help="The supplier's name.")] = None,
    margin: Annotated[
        int | None, typer.Option(help="So many days later than announced it is counted on.", min=0, metavar="DAYS")
    ] = None,
    clear_margin: Annotated[
        bool, typer.Option("--clear-margin", help="Let the business setting supplier_margin_days count.")
    ] = False,
    merchant: OfMerchant = "default",
    apply: Apply = False,
    json: Json = False,
) -> None:
    """Add a supplier, or change its name and margin."""
    made = done_or_shown(ctx, apply, json, lambda made: made, set_supplier, code, merchant=merchant, name=name,
                         margin_days=margin, clear_margin=clear_margin)  # fmt: skip
    if made:
        put_suppliers([made])
