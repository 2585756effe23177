"""Backorder records as they are read: found by number, held with their order, told to people and programs."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from makegood.domain.backorders import OPEN_STATUSES, FulfilmentSource
from makegood.domain.errors import BackorderClosed, BackorderNotFound, InvalidValue, WrongState
from makegood.domain.orders import LineRow
from makegood.domain.rank import PRIORITY_WORDS, Priority
from makegood.services.gates import LockedOrder, lock_orders
from makegood.services.read_queue import hold_with_queue
from makegood.services.work import Work

# As much of a marked queue is looked at as a retry looks at (allocate_order).
LINES_LOOKED_AT = 200


class BackorderRow(NamedTuple):
    """A backorder as it was found, without a lock: which line it covers, and where that waits."""

    number: str
    line_id: int
    order_id: int
    warehouse_id: int
    variant_id: int
    order: str
    sku: str
    status: str


class BackorderSheet(NamedTuple):
    """A backorder with its figures in whole units; `status` follows from them, the priority is the one that ranks.

    `overdue`: it is open and the promised date, or without one the expected date, has passed. `at_risk`: it lacks
    units that are due later than promised, or whose supply is late.
    """

    number: str
    status: str
    merchant: str
    sku: str
    name: str
    order: str
    line_number: int
    customer_reference: str
    customer_name: str
    customer_email: str
    warehouse: str
    rank_priority: int
    ordered: int
    allocated: int
    fulfilled: int
    cancelled: int
    remaining: int
    uncovered: int
    expected_date: date | None
    expected_by_hand: bool
    promised_date: date | None
    source: str
    notes: str
    opened_at: datetime
    closed_at: datetime | None
    overdue: bool | None
    at_risk: bool
    sourced: int

    @property
    def priority(self) -> str:
        """LOW, NORMAL, HIGH or CRITICAL."""
        return Priority(self.rank_priority).name

    @property
    def customer(self) -> str:
        """The customer's name, else reference, else e-mail."""
        return self.customer_name or self.customer_reference or self.customer_email

    def as_told(self) -> dict[str, object]:
        """Give the record as programs are told it, in the shape of every door."""
        return {
            "status": self.status.lower(),
            "backorder_id": self.number,
            "sku": self.sku,
            "quantity_ordered": self.ordered,
            "quantity_fulfilled": self.fulfilled,
            "quantity_remaining": self.remaining,
            "quantity_allocated": self.allocated,
            "quantity_cancelled": self.cancelled,
            "quantity_sourced": self.sourced,
            "quantity_uncovered": self.uncovered,
            "priority": self.priority.lower(),
            "expected_date": self.expected_date,
            "promised_date": self.promised_date,
            "overdue": bool(self.overdue),
            "at_risk": self.at_risk,
            "source": self.source.lower(),
            "order": self.order,
            "line": self.line_number,
            "customer": self.customer,
            "warehouse": self.warehouse,
            "merchant": self.merchant,
            "notes": self.notes,
            "opened_at": self.opened_at,
            "closed_at": self.closed_at,
        }


def find_backorder(work: Work, number: str) -> BackorderRow:
    """Find a record by its number; raises `BackorderNotFound`."""
    found = work.db.records(BackorderRow, "named_backorder", number=number)
    if not found:
        raise BackorderNotFound(number)
    return found[0]


def find_open(work: Work, number: str) -> BackorderRow:
    """Find a record of which something remains; raises `BackorderNotFound` or `BackorderClosed`."""
    found = find_backorder(work, number)
    if found.status not in OPEN_STATUSES:
        raise BackorderClosed(backorder=found.number, status=found.status)
    return found


def read_backorder(work: Work, number: str) -> BackorderSheet:
    """Give one record as it stands."""
    return read_backorders(work, [number])[0]


def read_backorders(work: Work, numbers: Sequence[str]) -> list[BackorderSheet]:
    """Give records as they stand, in the order of these numbers."""
    found = work.db.records(BackorderSheet, "backorders_by_number", numbers=list(numbers), today=work.today)
    sheets = {sheet.number: sheet for sheet in found}
    return [sheets[number] for number in numbers]


def hold_backorder(work: Work, found: BackorderRow) -> None:
    """Hold the gates of the whole order and of whoever must be served before it, ahead of any other lock."""
    lines = work.db.records(LineRow, "lines_of_orders", orders=[found.order_id])
    variants = {line.variant_id for line in lines if line.variant_id is not None}
    hold_with_queue(work, found.warehouse_id, variants, LINES_LOOKED_AT)


def lock_backorder(work: Work, found: BackorderRow) -> tuple[LockedOrder, LineRow]:
    """Hold the order of a record, and give it with the line as it stands now.

    Raises `BackorderClosed` when nothing of it remains any more.
    """
    locked = lock_orders(work, found.warehouse_id, [found.order_id])[0]
    line = next(line for line in locked.lines if line.line_id == found.line_id)
    if line.quantity <= line.fulfilled + line.cancelled:
        raise BackorderClosed(backorder=found.number, status=find_backorder(work, found.number).status)
    return locked, line


def with_line(locked: LockedOrder, changed: LineRow) -> list[LineRow]:
    """Give the lines of an order with one of them changed."""
    return [changed if line.line_id == changed.line_id else line for line in locked.lines]


def units_asked(found: BackorderRow, asked: int | None, most: int, what: str) -> int:
    """Give the units that are meant: those that were asked for, else all.

    Raises `InvalidValue` for a number that the record does not have.
    """
    if asked is not None and not 1 <= asked <= most:
        raise InvalidValue("quantity", asked, f"from 1 to {most}, which {what} of {found.number}")
    return most if asked is None else asked


def insist_status(locked: LockedOrder, statuses: frozenset[str], action: str, hint: str = "") -> None:
    """Refuse what may not be done while the order has its status; raises `WrongState`."""
    if locked.order.status not in statuses:
        raise WrongState(order=locked.order.number, status=locked.order.status, action=action, hint=hint)


def priority_named(word: str) -> int:
    """Give the number of a priority in either vocabulary; raises `InvalidValue`."""
    if word.strip().upper() not in PRIORITY_WORDS:
        raise InvalidValue("priority", word, "LOW, NORMAL, HIGH or CRITICAL")
    return PRIORITY_WORDS[word.strip().upper()].value


def source_named(word: str) -> str:
    """Give a source of fulfilment as the books spell it; raises `InvalidValue`."""
    source = word.strip().upper().replace("-", "_").replace(" ", "_")
    if source not in list(FulfilmentSource):
        raise InvalidValue("source", word, "one of " + ", ".join(FulfilmentSource))
    return source
