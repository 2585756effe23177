"""Backorder records over HTTP: what is short, what it is promised for, and how it is covered."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal, NamedTuple

from fastapi import Path, Query
from pydantic import Field, model_validator

from makegood.domain.accounts import Caller, Role, insist_on_role
from makegood.domain.backorders import FulfilmentSource
from makegood.domain.states import AllocationState, BackorderStatus
from makegood.entrypoints.api.bodies import Body, Day, Id, Instant, LineNumber, PriorityWord, Text, Units, Word
from makegood.entrypoints.api.paging import After, Limit
from makegood.services.backorders.allocate_backorder import allocate_backorder
from makegood.services.backorders.cancel_backorder import cancel_backorder
from makegood.services.backorders.change_allocation import (
    AllocationRow,
    confirm_allocation,
    extend_allocation,
    release_allocation,
)
from makegood.services.backorders.create_backorder import create_backorder, create_for_line
from makegood.services.backorders.fulfil_backorder import fulfil_backorder
from makegood.services.backorders.list_backorders import SORTS, BackorderFilter, list_backorders
from makegood.services.backorders.records import BackorderSheet
from makegood.services.backorders.show_backorder import Happening, LineAllocation, show_backorder
from makegood.services.backorders.summarize_backorders import (
    BackorderSummary,
    SkuPage,
    summarize_backorders,
    summarize_by_sku,
)
from makegood.services.backorders.update_backorder import update_backorder
from makegood.services.work import Work

Number = Annotated[Word, Path(description="The backorder's number.", examples=["BO-2026-0001"])]
OwnPriority = Literal["CRITICAL", "HIGH", "NORMAL", "LOW"]
AllocationId = Annotated[Id, Path(description="The allocation's id; an order's page lists them.")]


class Backorder(NamedTuple):
    """A backorder: its units, of which `uncovered` are neither reserved nor gone."""

    backorder_id: str
    status: BackorderStatus
    sku: str
    quantity_ordered: int
    quantity_fulfilled: int
    quantity_remaining: int
    quantity_allocated: int
    quantity_cancelled: int
    quantity_sourced: int
    quantity_uncovered: int
    priority: OwnPriority
    expected_date: date | None
    promised_date: date | None
    overdue: bool
    at_risk: bool
    source: FulfilmentSource
    order: str
    line: int
    customer: str
    warehouse: str
    merchant: str
    notes: str
    opened_at: datetime
    closed_at: datetime | None


class BackorderList(NamedTuple):
    """A page of backorders, the cursor of the next one, and how many pass the filters in all."""

    backorders: Sequence[Backorder]
    next: str | None
    total: int


class BackorderPage(NamedTuple):
    """A backorder with where its units are, or were, reserved, and its history, oldest first."""

    backorder: Backorder
    allocations: Sequence[LineAllocation]
    history: Sequence[Happening]


class Allocation(NamedTuple):
    """An allocation as it stands; it lapses at `expires_at`, without it never."""

    allocation_id: int
    status: AllocationState
    expires_at: datetime | None


class NewBackorder(Body):
    """A backorder for a line of an order, or for a customer without one; then an order with one line is made."""

    order: Word | None = Field(default=None, description="Its order, with `line`; else `sku` and `quantity`.")
    line: LineNumber | None = None
    sku: Word | None = Field(default=None, examples=["MUG"])
    quantity: Units | None = None
    customer_name: Text = Field(default="", examples=["Ada Okafor"])
    customer_reference: Text = ""
    customer_email: Text = ""
    merchant: Word = "default"
    warehouse: Word | None = None
    priority: PriorityWord | None = Field(default=None, description="CRITICAL, HIGH, NORMAL or LOW.")
    expected_date: Day | None = None
    promised_date: Day | None = None
    notes: Text | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "NewBackorder":
        said = {name for name in self.model_fields_set if getattr(self, name)}
        said -= {"priority", "expected_date", "promised_date", "notes"}
        by_line, by_sku = {"order", "line"}, {"sku", "quantity"}
        if said != by_line and not (by_sku <= said and not said & by_line):
            raise ValueError("give order and line, or sku and quantity (then a customer, merchant, warehouse too)")
        return self


class BackorderEdit(Body):
    """What is to change of a backorder: what is left out stays, what is null is cleared."""

    priority: PriorityWord | None = Field(
        default=None, description="CRITICAL, HIGH, NORMAL or LOW; null: its order's."
    )
    expected_date: Day | None = Field(default=None, description="Set by hand it stays until it is cleared.")
    promised_date: Day | None = None
    notes: Text | None = None


class AllocationAsked(Body):
    """How much is reserved, and whether against the rank."""

    quantity: Units | None = Field(default=None, description="At least so many; else what can be had.")
    force_because: Word | None = Field(
        default=None, description="Take what is free, against the rank; for managers."
    )
    expires_at: Instant | None = Field(default=None, description="When what is reserved now lapses.")


class FulfilmentAsked(Body):
    """How much goes out."""

    quantity: Units | None = Field(default=None, description="Else all that remains.")
    source: FulfilmentSource = Field(default=FulfilmentSource.INVENTORY, description="Where the units come from.")
    source_id: Word | None = Field(
        default=None, description="The inbound line that it is, unless it is INVENTORY."
    )


class PartAsked(Body):
    """How much is cancelled, and why."""

    quantity: Units | None = Field(default=None, description="Else all that remains.")
    because: Text = Field(default="", examples=["the customer no longer wants it"])


class LetGo(Body):
    """Why."""

    because: Text = ""


class Extension(Body):
    """Until when it is kept."""

    until: Instant | None = Field(description="Null: for ever.")


Statuses = Annotated[
    list[Word], Query(description="Only those of this status; may be given several times. Else all open ones.")
]
Customer = Annotated[Word | None, Query(description="Found in the customer's reference, name or e-mail.")]
AtRisk = Annotated[bool | None, Query(alias="atRisk", description="Whether their promise will not be kept.")]
Warehouse = Annotated[Word | None, Query(description="Code of the warehouse.")]
Merchant = Annotated[Word | None, Query(description="Code of the merchant.")]
OpenedFrom = Annotated[Day | None, Query(alias="openedFrom", description="Opened from this day on.")]
OpenedTo = Annotated[Day | None, Query(alias="openedTo", description="Opened up to this day.")]
DueTo = Annotated[Day | None, Query(alias="dueTo", description="Due up to this day.")]


def many(
    work: Work,
    status: Statuses = [],  # noqa: B006 - FastAPI copies it
    sku: Annotated[Word | None, Query(description="Only those of this SKU.")] = None,
    customer: Customer = None,
    priority: Annotated[Word | None, Query(description="CRITICAL, HIGH, NORMAL or LOW.")] = None,
    overdue: Annotated[bool | None, Query(description="Whether their date has passed.")] = None,
    at_risk: AtRisk = None,
    source: Annotated[Word | None, Query(description="Only those fulfilled from this source.")] = None,
    order: Annotated[Word | None, Query(description="Only those of this order.")] = None,
    warehouse: Warehouse = None,
    merchant: Merchant = None,
    opened_from: OpenedFrom = None,
    opened_to: OpenedTo = None,
    due_to: DueTo = None,
    sort: Annotated[Word, Query(description=f"One of {', '.join(SORTS)}.")] = "newest",
    limit: Limit = 50,
    after: After = None,
) -> BackorderList:
    """List backorders.

    The open ones, unless statuses are named: what is wanted, reserved, gone, and when it is due.
    """
    terms = (status, sku, customer, priority, overdue, at_risk, source, order, warehouse, merchant)
    only = BackorderFilter(*terms, opened_from, opened_to, due_to)
    page = list_backorders(work, only, sort=sort, after=after, most=limit)
    return BackorderList([told(one) for one in page.backorders], page.next, page.total)


def create(work: Work, new: NewBackorder) -> Backorder:
    """Create a backorder.

    For a line of an order it is the line's open record, made now if there is none. Without an order one is made
    with this line; it joins the queue, and is allocated at once if stock is free that nobody waits for.
    """
    terms = new.model_dump(include={"priority", "expected_date", "promised_date", "notes"})
    if new.order is not None and new.line is not None:
        return told(create_for_line(work, new.order, new.line, **terms))
    return told(
        create_backorder(
            work,
            new.sku or "",
            new.quantity or 0,
            **new.model_dump(
                include={"customer_name", "customer_reference", "customer_email", "merchant", "warehouse"}
            ),
            **terms | {"priority": new.priority or "NORMAL"},
        )
    )


def one(work: Work, number: Number) -> BackorderPage:
    """Show one backorder.

    Its units and dates, where units are reserved for it, and everything that happened to it.
    """
    story = show_backorder(work, number)
    return BackorderPage(told(story.backorder), story.allocations, story.history)


def edit(work: Work, number: Number, changes: BackorderEdit) -> Backorder:
    """Change a backorder.

    Another priority changes its place in the queue; it takes nothing from anyone.
    """
    said = {name: getattr(changes, name) for name in changes.model_fields_set}
    cleared = [name for name, value in said.items() if value is None]
    given = {name: value for name, value in said.items() if value is not None}
    return told(update_backorder(work, number, **given, clear=cleared))


def allocate(work: Work, number: Number, caller: Caller, how: AllocationAsked = AllocationAsked()) -> Backorder:
    """Reserve stock for a backorder.

    In its turn: what nobody better ranked waits for. A manager may force it against the rank, with a reason that
    is kept.
    """
    if how.force_because is not None:
        insist_on_role(caller, Role.MANAGER)
    return told(
        allocate_backorder(
            work, number, quantity=how.quantity, force_because=how.force_because, expires_at=how.expires_at
        )
    )


def fulfil(work: Work, number: Number, how: FulfilmentAsked = FulfilmentAsked()) -> Backorder:
    """Let units of a backorder go out.

    Its own reservations first, then free stock that nobody better ranked waits for; stock and ledger are lowered.
    Of supply that was announced it takes what has come and was given to nobody else.
    """
    return told(fulfil_backorder(work, number, **how.model_dump()))


def cancel(work: Work, number: Number, what: PartAsked = PartAsked()) -> Backorder:
    """Cancel a backorder, or a part of it.

    What it held beyond the rest goes to the queue; what has gone out stays gone.
    """
    return told(cancel_backorder(work, number, quantity=what.quantity, because=what.because))


def summary(
    work: Work,
    warehouse: Warehouse = None,
    merchant: Merchant = None,
) -> BackorderSummary:
    """Sum up the open backorders.

    How many there are of which kind, and their units.
    """
    return summarize_backorders(work, warehouse=warehouse, merchant=merchant)


def of_sku(
    work: Work,
    sku: Annotated[Word, Path(description="SKU, alias or barcode.", examples=["MUG"])],
    warehouse: Warehouse = None,
    limit: Limit = 50,
    after: After = None,
) -> SkuPage:
    """Sum up the open backorders of a SKU.

    Over all orders; one row for each merchant that has such a variant.
    """
    return summarize_by_sku(work, sku=sku, warehouse=warehouse, after=after, most=limit)


def confirm(work: Work, allocation: AllocationId) -> Allocation:
    """Confirm an allocation.

    When stock shrinks it goes after those that are not confirmed.
    """
    return _allocation(confirm_allocation(work, allocation))


def extend(work: Work, allocation: AllocationId, how: Extension) -> Allocation:
    """Let an allocation lapse later, or never."""
    return _allocation(extend_allocation(work, allocation, until=how.until))


def let_go(work: Work, allocation: AllocationId, why: LetGo = LetGo()) -> Allocation:
    """Release an allocation.

    Its units are offered to the queue; its line waits again at its rank.
    """
    return _allocation(release_allocation(work, allocation, because=why.because))


def told(sheet: BackorderSheet) -> Backorder:
    """Give a record as every door tells it, with its words as this one takes them."""
    found = sheet.as_told() | {"status": sheet.status, "priority": sheet.priority, "source": sheet.source}
    return Backorder(**{name: found[name] for name in Backorder._fields})  # type: ignore[arg-type]


def _allocation(row: AllocationRow) -> Allocation:
    return Allocation(row.allocation_id, AllocationState(row.state), row.expires_at)
