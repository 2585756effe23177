"""The orders that wait, one by one: what each is short of, since when, until when, and who else could serve it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from makegood.domain.errors import InvalidValue
from makegood.domain.rank import PRIORITY_WORDS
from makegood.services.dashboard.list_skus_waiting import days_pending
from makegood.services.dashboard.scope import EVERYTHING, Scope
from makegood.services.named_filters import insist_on_named
from makegood.services.pages import cursor_after, insist_on_most, read_cursor
from makegood.services.show_order import LineSheet, OrderSummary, lines_of, summaries
from makegood.services.work import Work

SORTS = ("oldest", "rank", "newest", "shortfall")
# A try is shown beside its order for so long.
RECENT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """Which of the waiting orders: found by number or customer, by a SKU they contain, and by what could be done.

    `coverable` are those that other warehouses could cover, `at_risk` those whose promise will not be kept.
    """

    search: str | None = None
    sku: str | None = None
    priority: str | None = None
    coverable: bool = False
    at_risk: bool = False

    def __post_init__(self) -> None:
        if self.priority is not None and self.priority.upper() not in PRIORITY_WORDS:
            raise InvalidValue("priority", self.priority, "one of " + ", ".join(PRIORITY_WORDS))


ALL = OrderFilter()


class ShortItem(NamedTuple):
    """A line that is short: its units, those reserved, and those lacking; no `sku` while no variant matches it."""

    line_number: int
    sku_text: str
    sku: str | None
    name: str
    quantity: int
    allocated: int
    shortfall: int
    expected_date: date | None


class Try(NamedTuple):
    """The latest try to allocate an order: by whom, when, and what it came to, in units."""

    actor: str
    at: datetime
    granted: int
    short: int


class OrderWaiting(NamedTuple):
    """An order that waits. `expected_date` is when its last unit is due, none while one has no date;
    `coverable_by` are the warehouses that could cover all that it lacks."""

    order: OrderSummary
    days_pending: int
    shortfall: int
    items: Sequence[ShortItem]
    expected_date: date | None
    promised_date: date | None
    coverable_by: Sequence[str]
    tried: Try | None


class OrdersWaiting(NamedTuple):
    """How many orders match, a page of them, and the cursor of the next one."""

    total: int
    orders: Sequence[OrderWaiting]
    next: str | None


def list_orders_waiting(
    work: Work,
    scope: Scope = EVERYTHING,
    which: OrderFilter = ALL,
    *,
    sort: str = "oldest",
    after: str | None = None,
    most: int = 50,
) -> OrdersWaiting:
    """Give a page of the orders that wait: by age, in the order of service, or by units. Raises `InvalidValue`."""
    if sort not in SORTS:
        raise InvalidValue("sort", sort, "one of " + ", ".join(SORTS))
    insist_on_named(work, warehouse=scope.warehouse, merchant=scope.merchant)
    key, last = read_cursor(after, 2, sort=sort)
    rows = work.db.all(
        "board_orders",
        **scope.values(),
        **_values(work, which),
        sort=sort,
        after_key=key,
        after_id=last,
        most=insist_on_most(most) + 1,
    )
    found = [row[1:] for row in rows if row[2] is not None]
    page = found[:most]
    following = cursor_after(*page[-1], sort=sort) if len(found) > most else None
    return OrdersWaiting(rows[0][0], orders_waiting(work, [row[1] for row in page]), following)


def names_of_orders_waiting(work: Work, scope: Scope = EVERYTHING, which: OrderFilter = ALL) -> list[str]:
    """Give all orders that match as `merchant/number`, in the order of service."""
    nothing = {"sort": "rank", "after_key": None, "after_id": None, "most": None}
    rows = work.db.all("board_orders", **scope.values(), **_values(work, which), **nothing)
    names = dict(work.db.all("names_of_orders", orders=[row[2] for row in rows if row[2] is not None]))
    return [names[row[2]] for row in rows if row[2] is not None]


def orders_waiting(work: Work, order_ids: Sequence[int]) -> list[OrderWaiting]:
    """Give some orders as the dashboard shows them, in the order of these ids."""
    ids = list(order_ids)
    lines = lines_of(work, ids)
    cover = dict(work.db.all("board_cover", orders=ids, today=work.today))
    tries = work.db.all("board_tries", orders=ids, since=work.as_of - RECENT)
    tried = {row[0]: Try(*row[1:]) for row in tries}
    return [
        _order(work, order, lines[order.order_id], cover.get(order.order_id, ()), tried.get(order.order_id))
        for order in summaries(work, ids)
    ]


def _order(
    work: Work, order: OrderSummary, lines: Sequence[LineSheet], cover: Sequence[str], tried: Try | None
) -> OrderWaiting:
    short = [line for line in lines if line.short]
    expected = [line.expected_date for line in short]
    promised = [line.promised_date for line in short if line.promised_date]
    return OrderWaiting(
        order=order,
        days_pending=days_pending(work, order.placed_at),
        shortfall=order.short,
        items=[_item(line) for line in short],
        expected_date=max((day for day in expected if day), default=None) if all(expected) else None,
        promised_date=min(promised, default=None),
        coverable_by=cover,
        tried=tried,
    )


def _item(line: LineSheet) -> ShortItem:
    return ShortItem(
        line.line_number,
        line.sku_text.strip(),
        line.sku,
        line.name,
        line.quantity - line.cancelled - line.fulfilled,
        line.allocated,
        line.short,
        line.expected_date,
    )


def _values(work: Work, which: OrderFilter) -> dict[str, Any]:
    """Give the filter as the statement takes it."""
    given = asdict(which)
    priority = PRIORITY_WORDS[which.priority.upper()].value if which.priority else None
    called = [row[0] for row in work.db.all("variants_called", text=which.sku)] if which.sku else []
    return given | {"priority": priority, "variants": called, "today": work.today}
