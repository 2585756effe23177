"""Who waits for a SKU, in the order in which they are served."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from makegood.domain.errors import VariantNotFound
from makegood.services.pages import cursor_after, insist_on_most, read_cursor
from makegood.services.show_order import ORDER_PRIORITIES
from makegood.services.work import Work


class Waiter(NamedTuple):
    """A line that waits for the SKU; `needs` and `has` are whole units, `short` what it lacks."""

    merchant: str
    number: str
    customer: str
    status: str
    warehouse: str
    line_number: int
    priority: str
    ship_policy: str
    keeps_back: bool
    placed_at: datetime
    needs: int
    has: int
    short: int
    expected_date: date | None


class Waiters(NamedTuple):
    """A page of those who wait, and the cursor of the next one."""

    waiters: Sequence[Waiter]
    next: str | None


def who_waits(
    work: Work, sku: str, *, warehouse: str | None = None, after: str | None = None, most: int = 50
) -> Waiters:
    """Give a page of the lines that wait for a SKU, alias or barcode, best ranked first.

    Raises `VariantNotFound`, `InvalidValue`.
    """
    variants = [row[0] for row in work.db.all("variants_called", text=sku)]
    if not variants:
        raise VariantNotFound(sku)
    priority, placed, root, root_line, order, line = read_cursor(after, (int, datetime, int, int, int, int))
    rows = work.db.all(
        "who_waits",
        variants=variants,
        warehouse=warehouse,
        after_priority=priority,
        after_placed=placed,
        after_root=root,
        after_root_line=root_line,
        after_order=order,
        after_line=line,
        most=insist_on_most(most) + 1,
    )
    page = rows[:most]
    return Waiters([_waiter(row) for row in page], _place(page[-1]) if len(rows) > most else None)


def _waiter(row: Sequence[Any]) -> Waiter:
    _, merchant, number, name, reference, status, warehouse, line, rank, policy, keeps, placed, *counts = row[:16]
    word = ORDER_PRIORITIES[str(rank)]
    customer = name or reference
    return Waiter(merchant, number, customer, status, warehouse, line, word, policy, keeps, placed, *counts)


def _place(row: Sequence[Any]) -> str:
    return cursor_after(row[8], row[11].isoformat(), row[16], row[17], row[0], row[7])
