"""Supply that is due over HTTP: announced, put off, received, cancelled, and reserved by name."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, NamedTuple

from fastapi import Path, Query
from pydantic import Field

from makegood.domain.inbound import InboundKind, InboundStatus, NewInbound
from makegood.domain.sessions import Approval, ReceivedLine
from makegood.entrypoints.api.backorders import Backorder, Number, told
from makegood.entrypoints.api.bodies import Body, Day, LineNumber, Text, Units, UnitsOrNone, Word
from makegood.entrypoints.api.paging import After, Limit
from makegood.services.backorders.source_backorder import release_sourced, source_backorder
from makegood.services.inbound.cancel_inbound import cancel_inbound
from makegood.services.inbound.create_inbound import create_inbound
from makegood.services.inbound.list_inbound import SORTS, InboundFilter, list_inbound
from makegood.services.inbound.records import InboundSheet, find_inbound
from makegood.services.inbound.show_inbound import Happened, ReceivedPart, SourcedPart, show_inbound
from makegood.services.inbound.update_inbound import update_inbound
from makegood.services.receive_stock import receive
from makegood.services.work import Work

InboundName = Annotated[
    Word, Path(description="The inbound line's id, its reference, or reference/line.", examples=["PO-7/1"])
]
Statuses = Annotated[list[InboundStatus], Query(description="Only these; else what is still to come.")]
Warehouse = Annotated[Word | None, Query(description="Code of the warehouse to which it comes.")]
FromWarehouse = Annotated[Word | None, Query(alias="fromWarehouse", description="Transfers out of this one.")]
DueFrom = Annotated[Day | None, Query(alias="dueFrom", description="Due from this day on.")]
DueTo = Annotated[Day | None, Query(alias="dueTo", description="Due up to this day.")]


class Inbound(NamedTuple):
    """Supply that is due, in whole units; it is counted on at `counted_on`."""

    inbound_id: int
    status: InboundStatus
    kind: InboundKind
    reference: str
    line: int
    sku: str
    warehouse: str
    from_warehouse: str | None
    supplier: str | None
    due: date | None
    counted_on: date | None
    late: bool
    quantity_announced: int
    quantity_received: int
    quantity_cancelled: int
    quantity_outstanding: int
    quantity_sourced: int
    quantity_unsourced: int
    merchant: str
    notes: str
    created_by: str
    created_at: datetime
    closed_at: datetime | None


class InboundList(NamedTuple):
    """A page of supply that is due, the cursor of the next one, and how much there is in all."""

    inbound: Sequence[Inbound]
    next: str | None
    total: int


class InboundPage(NamedTuple):
    """Supply that is due, who has a part of it, in which deliveries it came, and its history, oldest first."""

    inbound: Inbound
    sourcings: Sequence[SourcedPart]
    receipts: Sequence[ReceivedPart]
    history: Sequence[Happened]


class Announced(Body):
    """Supply that is announced."""

    kind: InboundKind
    reference: Word = Field(examples=["PO-7"])
    sku: Word = Field(examples=["MUG"])
    quantity: Units
    line_number: LineNumber = 1
    due: Day | None = Field(default=None, description="Null while it is not known.")
    merchant: Word = "default"
    warehouse: Word | None = Field(default=None, description="Else the first by network rank.")
    supplier: Word | None = Field(default=None, description="Of a purchase order; one that is new is added.")
    from_warehouse: Word | None = Field(default=None, description="Of a transfer: the warehouse that it leaves.")
    from_location: Word | None = Field(default=None, description="Of a transfer: the place, unless any will do.")
    notes: Text = ""


class Announcement(Body):
    """Lines that are announced together, all of them or none."""

    lines: list[Announced] = Field(min_length=1, max_length=1000)


class InboundEdit(Body):
    """What is to change: what is left out stays, what is null is cleared."""

    due: Day | None = None
    quantity: Units | None = None
    supplier: Word | None = None
    notes: Text | None = None


class InboundCancelled(Body):
    """How much will not come."""

    quantity: Units | None = Field(default=None, description="Else all that is still to come.")
    because: Text = Field(default="", examples=["the supplier is out of it"])
    lost: bool = Field(default=False, description="Of a transfer: lost on its way, and not back where it left.")


class Arrived(Body):
    """What came, as a delivery of its own that is approved at once."""

    delivery: Word = Field(description="A number of your own: the same again has no effect.", examples=["D-9"])
    location: Word = Field(examples=["A-01"])
    quantity: Units
    damaged: UnitsOrNone = 0
    lot: Text = ""
    expires_on: Day | None = None


class SourceAsked(Body):
    """On which supply a backorder is reserved, and how much."""

    inbound: Word = Field(description="Id, reference or reference/line.", examples=["PO-7/1"])
    quantity: Units | None = Field(default=None, description="Else as much as is uncovered and nobody's.")


class SourceReleased(Body):
    """What a backorder gives back of supply that it has by name."""

    inbound: Word | None = Field(default=None, description="Else of any; what is due last goes first.")
    quantity: Units | None = Field(default=None, description="Else all.")
    because: Text = ""


def many(
    work: Work,
    status: Statuses = [],  # noqa: B006 - FastAPI copies it
    kind: Annotated[InboundKind | None, Query(description="Only supply of this kind.")] = None,
    reference: Annotated[
        Word | None, Query(description="Only this purchase order, transfer or production.")
    ] = None,
    sku: Annotated[Word | None, Query(description="Only supply of this SKU.")] = None,
    warehouse: Warehouse = None,
    from_warehouse: FromWarehouse = None,
    supplier: Annotated[Word | None, Query(description="Only supply from this supplier.")] = None,
    merchant: Annotated[Word | None, Query(description="Code of the merchant.")] = None,
    late: Annotated[bool | None, Query(description="Whether its day has passed.")] = None,
    dated: Annotated[bool | None, Query(description="Whether its day is known.")] = None,
    unsourced: Annotated[bool | None, Query(description="Whether some of it is nobody's yet.")] = None,
    due_from: DueFrom = None,
    due_to: DueTo = None,
    sort: Annotated[Word, Query(description=f"One of {', '.join(SORTS)}.")] = "due",
    limit: Limit = 50,
    after: After = None,
) -> InboundList:
    """List supply that is due.

    What comes when, from where, and how much of it has gone to backorders by name already.
    """
    where = (sku, warehouse, from_warehouse, supplier, merchant)
    only = InboundFilter(status, kind, reference, *where, late, dated, unsourced, due_from, due_to)
    page = list_inbound(work, only, sort=sort, after=after, most=limit)
    return InboundList([_told(one) for one in page.inbound], page.next, page.total)


def announce(work: Work, what: Announcement) -> InboundList:
    """Announce supply.

    Purchase orders, productions, and transfers, which leave their warehouse at once.
    """
    made = create_inbound(work, [NewInbound(**line.model_dump()) for line in what.lines])
    return InboundList([_told(one) for one in made], None, len(made))


def one(work: Work, inbound: InboundName) -> InboundPage:
    """Show supply that is due.

    Who has a part of it, in which deliveries it came, and everything that happened to it.
    """
    story = show_inbound(work, inbound)
    return InboundPage(_told(story.inbound), story.sourcings, story.receipts, story.history)


def edit(work: Work, inbound: InboundName, changes: InboundEdit) -> Inbound:
    """Change supply that is due.

    Another day moves what is promised from it; a smaller quantity gives back what was sourced beyond it.
    """
    said = {name: getattr(changes, name) for name in changes.model_fields_set}
    cleared = [name for name, value in said.items() if value is None]
    given = {name: value for name, value in said.items() if value is not None}
    return _told(update_inbound(work, inbound, **given, clear=cleared))


def cancel(work: Work, inbound: InboundName, what: InboundCancelled = InboundCancelled()) -> Inbound:
    """Cancel what is still to come.

    All of it or a part; who had some of it by name waits for other supply.
    """
    return _told(cancel_inbound(work, inbound, **what.model_dump()))


def take_in(work: Work, inbound: InboundName, what: Arrived) -> Approval:
    """Receive supply that was announced.

    As a delivery of its own, entered and approved in one. Who has some of it by name gets that first.
    """
    found = find_inbound(work, inbound)
    line = ReceivedLine(
        sku=found.sku,
        merchant=found.merchant,
        inbound=str(found.inbound_line_id),
        **what.model_dump(exclude={"delivery"}),
    )
    return receive(work, what.delivery, [line], warehouse=found.warehouse)


def source(work: Work, number: Number, what: SourceAsked) -> Backorder:
    """Reserve supply that is due for a backorder.

    It comes to the backorder by name when it is received; until then the line waits in the queue as well.
    """
    return told(source_backorder(work, number, what.inbound, quantity=what.quantity))


def unsource(work: Work, number: Number, what: SourceReleased = SourceReleased()) -> Backorder:
    """Give back supply that a backorder has by name."""
    return told(release_sourced(work, number, **what.model_dump()))


def _told(sheet: InboundSheet) -> Inbound:
    found = sheet.as_told() | {"status": sheet.status, "kind": sheet.kind}
    return Inbound(**{name: found[name] for name in Inbound._fields})  # type: ignore[arg-type]
