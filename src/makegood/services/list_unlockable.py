"""The backorders of which some lines could ship now: what is ready, what is short."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from makegood.services.named_filters import insist_on_named
from makegood.services.pages import cursor_after, insist_on_most, read_cursor
from makegood.services.show_order import OrderSummary, summaries
from makegood.services.work import Work


class UnlockableLine(NamedTuple):
    """A line that has not wholly gone out: its units, reserved, short, and whether all could go now."""

    line_number: int
    sku: str
    quantity: int
    allocated: int
    short: int
    ready: bool


class Unlockable(NamedTuple):
    """An order that could be divided by lines: units of the lines that are ready, and of those that are not."""

    order: OrderSummary
    lines: Sequence[UnlockableLine]
    ready_units: int
    waiting_units: int


class UnlockablePage(NamedTuple):
    """A page of them, the oldest first, and the cursor of the next one."""

    orders: Sequence[Unlockable]
    next: str | None


def list_unlockable(
    work: Work, *, warehouse: str | None = None, after: str | None = None, most: int = 50
) -> UnlockablePage:
    """Give a page of the orders of which a split by lines could let a part go.

    Of an order that ships complete, lines count as ready that are free once everyone was served. Writes nothing.
    Raises `WarehouseNotFound`, `InvalidValue`.
    """
    insist_on_named(work, warehouse=warehouse)
    found = _orders(work, warehouse, after, insist_on_most(most))
    rows = work.db.all("unlockable_lines", orders=found, today=work.today)
    lines = {
        order_id: [UnlockableLine(*row[1:]) for row in its]
        for order_id, its in groupby(rows, key=lambda row: row[0])
    }
    orders = [_unlockable(order, lines[order.order_id]) for order in summaries(work, found)]
    full = len(orders) == most
    next_ = cursor_after(orders[-1].order.placed_at.isoformat(), orders[-1].order.order_id) if full else None
    return UnlockablePage(orders, next_)


def count_unlockable(work: Work, *, enough: int = 100) -> int:
    """Count the orders that `list_unlockable` would list, up to one more than what is enough to know."""
    return len(_orders(work, None, None, enough + 1, enough=enough + 1))


def _orders(
    work: Work, warehouse: str | None, after: str | None, most: int, enough: int | None = None
) -> list[int]:
    placed, last = read_cursor(after, (datetime, int))
    rows = work.db.all(
        "unlockable_orders",
        warehouse=warehouse,
        after_placed=placed,
        after_order=last,
        today=work.today,
        most=most,
        enough=enough,
    )
    return [row[0] for row in rows]


def _unlockable(order: OrderSummary, lines: Sequence[UnlockableLine]) -> Unlockable:
    ready = sum(line.quantity for line in lines if line.ready)
    return Unlockable(order, lines, ready, sum(line.quantity for line in lines) - ready)
