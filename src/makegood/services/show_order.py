"""Read orders for people: one with all that belongs to it, or a page of a list."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from makegood.domain.errors import InvalidValue
from makegood.domain.rank import PRIORITY_WORDS
from makegood.domain.states import HoldKind, OrderStatus
from makegood.services.gates import find_order
from makegood.services.named_filters import insist_on_named
from makegood.services.pages import cursor_after, insist_on_most, read_cursor
from makegood.services.work import Work

SORTS = ("newest", "oldest", "waiting", "held", "rank")
# Orders and backorder records name the same four steps differently (docs/concepts/who-is-served-first.md).
ORDER_PRIORITIES: Mapping[str, str] = {"10": "EXPRESS", "20": "RUSH", "30": "STANDARD", "40": "LOW"}


class OrderSummary(NamedTuple):
    """An order in a list: who wants it, where it stands, and its units summed over the lines."""

    order_id: int
    number: str
    merchant: str
    channel: str
    customer_reference: str
    customer_name: str
    customer_email: str
    customer_class: str
    warehouse: str
    priority: str
    ship_policy: str
    when_short: str
    placed_at: datetime
    requested_date: date | None
    status: str
    hold_kind: str | None
    hold_reason: str | None
    held_at: datetime | None
    backordered_since: datetime | None
    review_after: datetime | None
    parent: str | None
    lines: int
    units: int
    allocated: int
    fulfilled: int
    cancelled: int
    unmatched_lines: int
    short: int


class LineSheet(NamedTuple):
    """An order line with its open backorder, if it has one; whole units.

    `instead_of` is the SKU that was ordered where another one is sent.
    """

    line_number: int
    sku_text: str
    sku: str | None
    name: str
    quantity: int
    allocated: int
    fulfilled: int
    cancelled: int
    short: int
    waiting: bool
    priority: str | None
    unit_price: Decimal | None
    currency: str | None
    backorder: str | None
    expected_date: date | None
    promised_date: date | None
    instead_of: str | None = None


class AllocationSheet(NamedTuple):
    """Units of a line that are, or were, reserved in a place."""

    allocation_id: int
    line_number: int
    sku: str
    warehouse: str
    location: str
    lot: str
    expires_on: date | None
    quantity: int
    state: str
    forced: bool
    reason: str
    reserved_at: datetime
    expires_at: datetime | None
    closed_at: datetime | None


class AttemptSheet(NamedTuple):
    """One try to allocate the order; `reasons` say per line why something was still short."""

    attempt_id: int
    as_of: datetime
    trigger_sources: Sequence[str]
    actor: str
    before_status: str
    after_status: str
    granted: int
    short: int
    reasons: Sequence[dict[str, Any]]


class EventSheet(NamedTuple):
    """Something that happened to the order; `payload` is what programs are told."""

    event_id: int
    type: str
    payload: dict[str, Any]
    trigger_sources: Sequence[str]
    actor: str
    occurred_at: datetime
    attempt_id: int | None


class OrderSheet(NamedTuple):
    """An order with its lines, where its units are reserved, every attempt and every event, oldest first."""

    order: OrderSummary
    lines: Sequence[LineSheet]
    allocations: Sequence[AllocationSheet]
    attempts: Sequence[AttemptSheet]
    events: Sequence[EventSheet]


class Served(NamedTuple):
    """An order that was granted units, and where it stands now."""

    number: str
    units: int
    status: str


class OrderPage(NamedTuple):
    """A page of orders, the cursor of the next, how many pass the filters, and how many have each status."""

    orders: Sequence[OrderSummary]
    next: str | None
    total: int
    counts: Mapping[str, int]


def show_order(work: Work, name: str) -> OrderSheet:
    """Give one order, by number or id, with all that belongs to it; raises `OrderNotFound`."""
    order_id = find_order(work, name)[0]
    return OrderSheet(
        order=summaries(work, [order_id])[0],
        lines=lines_of(work, [order_id])[order_id],
        allocations=work.db.records(AllocationSheet, "allocations_to_show", order=order_id),
        attempts=work.db.records(AttemptSheet, "attempts_to_show", order=order_id),
        events=work.db.records(EventSheet, "events_to_show", order=order_id),
    )


def list_orders(
    work: Work,
    *,
    statuses: Sequence[str] = (),
    hold_kind: str | None = None,
    sku: str | None = None,
    customer: str | None = None,
    search: str | None = None,
    priority: str | None = None,
    warehouse: str | None = None,
    sort: str = "newest",
    after: str | None = None,
    most: int = 50,
) -> OrderPage:
    """Give a page of the orders that pass every filter; `after` is the cursor that the page before gave.

    `customer` is found anywhere in reference, name or e-mail, `search` in the number as well. Sorts: newest,
    oldest, waiting and held (longest first), rank. Raises `InvalidValue`, `WarehouseNotFound`.
    """
    insist_on_named(work, warehouse=warehouse)
    key, last = read_cursor(after, 2, sort=sort)
    found = work.db.all(
        "page_of_orders",
        statuses=_statuses(statuses),
        hold_kind=_one_of("hold_kind", hold_kind, tuple(HoldKind)) if hold_kind else None,
        sku=sku,
        customer=customer,
        search=search,
        priority=_priority(priority),
        warehouse=warehouse,
        sort=_one_of("sort", sort, SORTS),
        after_key=key,
        after_id=last,
        most=insist_on_most(most) + 1,
    )
    total, page = found[0][0], [row for row in found[:most] if row[1]]
    following = cursor_after(page[-1][2], page[-1][1], sort=sort) if len(found) > most else None
    orders = summaries(work, [row[1] for row in page])
    return OrderPage(orders, following, total, _counts(work))


def last_attempt(work: Work) -> int:
    """Give the number of the latest attempt, for `served_since`."""
    return int(work.db.value("last_attempt"))


def served_since(work: Work, attempt: int) -> list[Served]:
    """Say who was granted units after an attempt, the best ranked first."""
    return work.db.records(Served, "served_since", attempt=attempt)


def summaries(work: Work, order_ids: Sequence[int]) -> list[OrderSummary]:
    """Give orders as a list shows them, in the order of these ids."""
    found = work.db.records(OrderSummary, "order_summaries", orders=list(order_ids), words=ORDER_PRIORITIES)
    rows = {order.order_id: order for order in found}
    return [rows[order_id] for order_id in order_ids]


def lines_of(work: Work, order_ids: Sequence[int]) -> dict[int, list[LineSheet]]:
    """Give the lines of some orders, by line number."""
    found: dict[int, list[LineSheet]] = {order_id: [] for order_id in order_ids}
    for order_id, *line in work.db.all("lines_to_show", orders=list(order_ids), words=ORDER_PRIORITIES):
        found[order_id].append(LineSheet(*line))
    return found


def _counts(work: Work) -> dict[str, int]:
    """Count the orders of each of the thirteen statuses."""
    return {status.value: 0 for status in OrderStatus} | dict(work.db.all("order_counts"))


def _statuses(words: Sequence[str]) -> list[str] | None:
    known = [word.strip().upper().replace("-", "_").replace(" ", "_") for word in words]
    return [_one_of("status", word, list(OrderStatus)) for word in known] or None


def _priority(word: str | None) -> int | None:
    if word is None:
        return None
    return PRIORITY_WORDS[_one_of("priority", word.strip().upper(), list(PRIORITY_WORDS))].value


def _one_of(field: str, value: str, known: Sequence[str]) -> str:
    if value not in known:
        raise InvalidValue(field, value, "one of " + ", ".join(known))
    return value
