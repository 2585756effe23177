"""What is short by SKU, with the totals over all of it: one pass over the lines of the orders that wait."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from makegood.domain.errors import InvalidValue
from makegood.services.dashboard.scope import EVERYTHING, Scope
from makegood.services.named_filters import insist_on_named
from makegood.services.pages import cursor_after, insist_on_most, read_cursor
from makegood.services.work import Work

SORTS = ("shortfall", "orders", "needed", "sku")


class BoardStats(NamedTuple):
    """How many orders and SKUs are waiting, how many days the oldest has been, and how many units are lacking.

    Days are whole ones since the order was placed; a split does not start them anew.
    """

    total_backordered_orders: int
    total_skus: int
    oldest_days_pending: int
    total_shortfall: int


class Supply(NamedTuple):
    """The supply that is due next for a SKU: its reference, units still to come, and when."""

    reference: str
    quantity: int
    due: date | None


class SkuWaiting(NamedTuple):
    """A SKU that orders wait for; whole units, summed over the warehouses whose orders wait for it.

    `quantity_needed` is ordered and not yet gone in the waiting orders, `quantity_available` what is free by the
    one definition, `can_fill` what of that could be reserved, each warehouse for itself.
    """

    merchant: str
    sku: str
    name: str
    orders_waiting: int
    quantity_needed: int
    quantity_allocated: int
    quantity_available: int
    quantity_not_pickable: int
    shortfall: int
    can_fill: int
    fill_percent: int
    next_inbound: Supply | None
    expected_date: date | None


class TextWaiting(NamedTuple):
    """A SKU text that no variant matches: how many orders and units wait until somebody says what it means."""

    sku_text: str
    orders_waiting: int
    quantity_needed: int


class SkusWaiting(NamedTuple):
    """The totals, a page of SKUs, the texts that no variant matches, and the cursor of the next page."""

    stats: BoardStats
    skus: Sequence[SkuWaiting]
    unmatched: Sequence[TextWaiting]
    next: str | None


def list_skus_waiting(
    work: Work,
    scope: Scope = EVERYTHING,
    *,
    search: str | None = None,
    sort: str = "shortfall",
    after: str | None = None,
    most: int = 50,
) -> SkusWaiting:
    """Give a page of what is short by SKU; `search` is found in SKU or name. Raises `InvalidValue`."""
    if sort not in SORTS:
        raise InvalidValue("sort", sort, "one of " + ", ".join(SORTS))
    insist_on_named(work, warehouse=scope.warehouse, merchant=scope.merchant)
    place = read_cursor(after, (int, str, int), sort=sort)
    rows = _read(work, scope, search=search, sort=sort, after=place, most=insist_on_most(most) + 1)
    found = [row[4:] for row in rows if row[6] is not None]
    page = found[:most]
    return SkusWaiting(
        stats=_stats(work, rows[0]),
        skus=_skus(work, scope, page),
        unmatched=work.db.records(TextWaiting, "board_unmatched", **scope.values(), most=50) if not after else [],
        next=cursor_after(*page[-1][:3], sort=sort) if len(found) > most else None,
    )


def board_stats(work: Work, scope: Scope = EVERYTHING) -> BoardStats:
    """Give the totals alone."""
    return _stats(work, _read(work, scope, most=0)[0])


def _read(
    work: Work,
    scope: Scope,
    *,
    search: str | None = None,
    sort: str = "sku",
    after: Sequence[object] = (None, None, None),
    most: int,
) -> list[tuple[Any, ...]]:
    key, sku_key, variant = after
    return work.db.all(
        "board_skus",
        **scope.values(),
        search=search,
        sort=sort,
        after_key=key,
        after_sku=sku_key,
        after_variant=variant,
        most=most,
    )


def _stats(work: Work, totals: Sequence[Any]) -> BoardStats:
    orders, oldest, skus, short = totals[:4]
    return BoardStats(orders, skus, days_pending(work, oldest) if oldest else 0, short)


def days_pending(work: Work, placed_at: datetime) -> int:
    """Give the whole days since an order was placed."""
    return max((work.as_of - placed_at).days, 0)


def _skus(work: Work, scope: Scope, page: Sequence[Sequence[Any]]) -> list[SkuWaiting]:
    """Add to the sums of some SKUs who waits, what lies there, what is due, and how they are called."""
    short = {
        (row[2], warehouse): units
        for row in page
        for warehouse, units in zip(row[5], row[6], strict=True)
        if units
    }
    variants, warehouses = [gate[0] for gate in short], [gate[1] for gate in short]
    queues = defaultdict(list)
    for row in work.db.all("board_queues", variants=variants, warehouses=warehouses, today=work.today):
        queues[row[0]].append((*row[2:], short[row[0], row[1]]))
    named = {row[0]: row[1:] for row in work.db.all("board_variants", variants=sorted(set(variants)))}
    orders = dict(
        work.db.all("board_orders_of_skus", **scope.values(), held=scope.shows_holds, variants=sorted(named))
    )
    return [_sku(row, orders[row[2]], queues[row[2]], named[row[2]]) for row in page]


def _sku(sums: Sequence[Any], orders: int, queues: Sequence[Sequence[Any]], named: Sequence[Any]) -> SkuWaiting:
    _, _, _, needed, allocated, _, _ = sums
    merchant, sku, name, expected = named
    can_fill = sum(min(queue[0], queue[5]) for queue in queues)
    due = [Supply(*queue[2:5]) for queue in queues if queue[2] is not None]
    return SkuWaiting(
        merchant=merchant,
        sku=sku,
        name=name,
        orders_waiting=orders,
        quantity_needed=needed,
        quantity_allocated=allocated,
        quantity_available=sum(queue[0] for queue in queues),
        quantity_not_pickable=sum(queue[1] for queue in queues),
        shortfall=needed - allocated,
        can_fill=can_fill,
        fill_percent=100 * (allocated + can_fill) // needed,
        next_inbound=min(due, key=_soonest, default=None),
        expected_date=expected,
    )


def _soonest(supply: Supply) -> tuple[bool, date, str]:
    return supply.due is None, supply.due or date.max, supply.reference
