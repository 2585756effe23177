"""The tools for backorder records and their allocations."""

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field

from makegood.domain.accounts import Role
from makegood.domain.errors import InvalidValue
from makegood.domain.plain import as_plain
from makegood.entrypoints.mcp.arguments import (
    FEW_ROWS,
    AllocationId,
    BackorderNumber,
    BackorderSort,
    Cursor,
    Customer,
    Day,
    DueTo,
    IdempotencyKey,
    InboundName,
    Limit,
    LineNumber,
    Merchant,
    Moment,
    Notes,
    OnlyAtRisk,
    OnlyOverdue,
    OnlySku,
    OnlyStatuses,
    OpenedFrom,
    OpenedTo,
    OrderName,
    PriorityName,
    Reason,
    Sku,
    SourceName,
    Units,
    Warehouse,
    words,
)
from makegood.entrypoints.mcp.brief import brief
from makegood.entrypoints.mcp.call import Call, Told
from makegood.services.accounts.merchants import own_merchant
from makegood.services.backorders.allocate_backorder import allocate_backorder as allocate
from makegood.services.backorders.cancel_backorder import cancel_backorder as cancel
from makegood.services.backorders.change_allocation import AllocationRow
from makegood.services.backorders.change_allocation import extend_allocation as extend
from makegood.services.backorders.change_allocation import release_allocation as release
from makegood.services.backorders.create_backorder import create_backorder as create
from makegood.services.backorders.create_backorder import create_for_line
from makegood.services.backorders.fulfil_backorder import fulfil_backorder
from makegood.services.backorders.list_backorders import BackorderFilter
from makegood.services.backorders.list_backorders import list_backorders as listed
from makegood.services.backorders.records import BackorderSheet
from makegood.services.backorders.show_backorder import show_backorder
from makegood.services.backorders.source_backorder import source_backorder
from makegood.services.backorders.summarize_backorders import summarize_backorders, summarize_by_sku
from makegood.services.backorders.update_backorder import Terms
from makegood.services.backorders.update_backorder import update_backorder as update

MOST_ALLOCATIONS = 50
MOST_HAPPENINGS = 20


# The arguments are named as the fields of the filter, which are read from the call.
def list_backorders(
    call: Call,
    status: OnlyStatuses | None = None,
    sku: OnlySku | None = None,
    customer: Customer | None = None,
    priority: PriorityName | None = None,
    overdue: OnlyOverdue | None = None,
    at_risk: OnlyAtRisk | None = None,
    source: SourceName | None = None,
    order: OrderName | None = None,
    warehouse: Warehouse | None = None,
    merchant: Merchant | None = None,
    opened_from: OpenedFrom | None = None,
    opened_to: OpenedTo | None = None,
    due_to: DueTo | None = None,
    sort: BackorderSort = "newest",
    limit: Limit = FEW_ROWS,
    cursor: Cursor | None = None,
) -> Told:
    """List backorders: order lines that became short, with what is reserved and when the rest is due.

    Those that lack something are pending or partially_fulfilled; allocated ones have all that remains reserved.
    Filters add up. Long notes are cut.
    """
    given = {name: call.arguments[name] for name in BackorderFilter._fields if name in call.arguments}
    only = BackorderFilter(**given)._replace(statuses=status or ())
    page = call.read(listed, only, sort=sort, after=cursor, most=limit)
    return page._replace(backorders=[one._replace(notes=brief(one.notes)) for one in page.backorders]).as_told()


def get_backorder(call: Call, backorder_id: BackorderNumber) -> Told:
    """Show one backorder with its history and its allocations, and the ids by which to release or extend these."""
    story = call.read(show_backorder, backorder_id)
    allocations = sorted(story.allocations, key=lambda one: (one.closed_at is not None, -one.allocation_id))
    latest = story.history[::-1][:MOST_HAPPENINGS]
    shown = story._replace(
        allocations=allocations[:MOST_ALLOCATIONS],
        history=[one._replace(payload=brief(as_plain(one.payload))) for one in latest],
    )
    totals = {"allocations_total": len(allocations), "history_total": len(story.history)}
    return shown.as_told() | totals


# The arguments of the next two are named as the services name theirs, and are handed on as they came.
def create_backorder(
    call: Call,
    sku: Sku | None = None,
    quantity: Units | None = None,
    customer_name: Annotated[str | None, words("The customer's name.", "Ann Example")] = None,
    customer_reference: Annotated[str | None, words("The customer's number in your shop.", "C-1001")] = None,
    customer_email: Annotated[str | None, words("The customer's e-mail address.", "ann@example.org")] = None,
    order: Annotated[
        OrderName | None, Field(description="An order that exists, instead of sku and quantity.")
    ] = None,
    line: Annotated[LineNumber | None, Field(description="The line of that order.")] = None,
    merchant: Merchant | None = None,
    warehouse: Warehouse | None = None,
    priority: PriorityName | None = None,
    expected_date: Day | None = None,
    promised_date: Day | None = None,
    notes: Notes | None = None,
    idempotency_key: IdempotencyKey | None = None,
) -> Told:
    """Create a backorder: either sku and quantity for a customer (an order with that one line is made for it), or
    order and line for an order that exists.

    A line that is short has one already: then its record is given. It joins the queue at its rank and overtakes
    nobody; free stock that nobody waits for is reserved for it at once.
    """
    given = {name: one for name, one in call.arguments.items() if one is not None and name != "idempotency_key"}
    if {"sku", "quantity"} <= set(given) and not {"order", "line"} & set(given):
        return call.write(lambda work: create(work, **{"merchant": own_merchant(work)} | given).as_told())
    if {"order", "line"} <= set(given) <= {"order", "line", *Terms._fields}:
        return _written(call, create_for_line, given.pop("order"), given.pop("line"), **given)
    raise InvalidValue("arguments", sorted(given), TWO_WAYS)


def update_backorder(
    call: Call,
    backorder_id: BackorderNumber,
    priority: PriorityName | None = None,
    expected_date: Annotated[Day | None, Field(description="Stays until it is cleared.")] = None,
    promised_date: Annotated[Day | None, Field(description="What the customer was told.")] = None,
    notes: Notes | None = None,
    clear: Annotated[
        list[Literal["priority", "expected_date", "promised_date", "notes"]] | None,
        Field(description="Values to take away; a backorder without a priority has its order's.", max_length=4),
    ] = None,
    idempotency_key: IdempotencyKey | None = None,
) -> Told:
    """Set or clear a backorder's priority, dates and notes.

    Another priority gives it another place in the queue from now on; nothing is taken from anyone.
    """
    terms = {name: call.arguments[name] for name in Terms._fields}
    return _written(call, update, backorder_id, clear=clear or (), **terms)


def allocate_backorder(
    call: Call,
    backorder_id: BackorderNumber,
    quantity: Annotated[
        Units | None, Field(description="Reserve at least so many, or nothing; left out, as many as can be had.")
    ] = None,
    inbound_id: Annotated[
        InboundName | None, Field(description="Reserve on this supply that is due instead of on stock.")
    ] = None,
    expires_at: Annotated[Moment | None, Field(description="Let what is reserved now lapse then.")] = None,
    force_because: Annotated[
        Reason | None,
        Field(description="Reserve against the rank, with this reason, which is kept. Managers only."),
    ] = None,
    idempotency_key: IdempotencyKey | None = None,
) -> Told:
    """Reserve stock for a backorder, in its turn, or with inbound_id units of supply that is still to come.

    Nobody is overtaken. Refused with priority_conflict when better ranked orders wait for what is free, and with
    not_enough when there is too little. Seldom needed: stock that arrives is given to whoever is next by itself.
    """
    if force_because is not None:
        call.insist_on(Role.MANAGER)
    if inbound_id is not None:
        if expires_at or force_because:
            raise InvalidValue("inbound_id", inbound_id, "given without expires_at and force_because")
        return _written(call, source_backorder, backorder_id, inbound_id, quantity=quantity)
    return _written(call, allocate, backorder_id, quantity=quantity, expires_at=expires_at,
                    force_because=force_because)  # fmt: skip


def fulfill_backorder(
    call: Call,
    backorder_id: BackorderNumber,
    quantity: Annotated[Units | None, Field(description="How many units; left out, all that remain.")] = None,
    source: SourceName = "inventory",
    source_id: Annotated[
        InboundName | None, Field(description="The inbound line, for every source but inventory.")
    ] = None,
    idempotency_key: IdempotencyKey | None = None,
) -> Told:
    """Let units of a backorder go out to the customer: stock is lowered, and that cannot be undone here.

    From inventory it takes what is reserved for it, then free units that nobody better ranked waits for; from
    another source what that inbound line has received and given to nobody. All of it or nothing.
    """
    return _written(call, fulfil_backorder, backorder_id, quantity=quantity, source=source, source_id=source_id)


def cancel_backorder(
    call: Call,
    backorder_id: BackorderNumber,
    quantity: Annotated[Units | None, Field(description="How many units; left out, all that remain.")] = None,
    because: Reason | None = None,
    idempotency_key: IdempotencyKey | None = None,
) -> Told:
    """Cancel a backorder or a part of it, for good; what it held goes to whoever is next in the queue."""
    return _written(call, cancel, backorder_id, quantity=quantity, because=because or "")


def get_backorder_summary(
    call: Call, warehouse: Warehouse | None = None, merchant: Merchant | None = None
) -> Told:
    """Sum up the open backorders: how many, how urgent, how many units are covered. Start here.

    Open is what has not wholly gone out: it counts those too that have all that remains reserved (allocated).
    """
    return call.read(summarize_backorders, warehouse=warehouse, merchant=merchant)._asdict()


def get_sku_backorder_summary(
    call: Call,
    sku: Annotated[
        Sku | None, Field(description="SKU, alias or barcode; left out, every SKU that has some.")
    ] = None,
    warehouse: Warehouse | None = None,
    limit: Limit = FEW_ROWS,
    cursor: Cursor | None = None,
) -> Told:
    """Sum up the open backorders of each SKU over all orders, those that lack most first."""
    return call.read(summarize_by_sku, sku=sku, warehouse=warehouse, after=cursor, most=limit).as_told()


def release_allocation(
    call: Call,
    allocation_id: AllocationId,
    because: Reason | None = None,
    idempotency_key: IdempotencyKey | None = None,
) -> Told:
    """Give up a reservation: its units are offered to the queue at once, its line waits again at its own rank.

    The best ranked waiting line gets the units, which may be the same one.
    """
    return _written(call, release, allocation_id, because=because or "")


def extend_allocation(
    call: Call,
    allocation_id: AllocationId,
    until: Annotated[Moment | None, Field(description="When it lapses from now on; left out, never.")] = None,
    idempotency_key: IdempotencyKey | None = None,
) -> Told:
    """Let a reservation lapse later, or never; also one whose time is up and that was not swept yet."""
    return _written(call, extend, allocation_id, until=until)


TWO_WAYS = "sku and quantity, or order and line (then without a customer, merchant or warehouse)"


def _written(
    call: Call, use_case: Callable[..., BackorderSheet | AllocationRow], *args: object, **named: object
) -> Told:
    return call.write(lambda work: use_case(work, *args, **named).as_told())
