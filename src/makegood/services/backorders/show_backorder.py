"""Read one backorder with where its units are reserved and everything that happened to it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from makegood.services.backorders.records import BackorderSheet, find_backorder, read_backorder
from makegood.services.work import Work


class LineAllocation(NamedTuple):
    """Units that are, or were, reserved for the backorder in a place; `usable`: they can be given out.

    What came by name on `inbound` can be given out where it stands, a dock included.
    """

    allocation_id: int
    quantity: int
    state: str
    forced: bool
    reason: str
    warehouse: str
    location: str
    lot: str
    lot_expires_on: date | None
    reserved_at: datetime
    expires_at: datetime | None
    closed_at: datetime | None
    unit_id: int
    usable: bool
    inbound_line_id: int | None
    inbound: str | None

    def as_told(self) -> dict[str, object]:
        """Give the allocation as programs are told it."""
        hidden = ("unit_id", "inbound_line_id")
        return {name: value for name, value in self._asdict().items() if name not in hidden}


class Happening(NamedTuple):
    """Something that happened to the backorder; `payload` is what programs are told."""

    event_id: int
    type: str
    payload: dict[str, Any]
    trigger_sources: Sequence[str]
    actor: str
    occurred_at: datetime


class BackorderStory(NamedTuple):
    """A backorder with its allocations and its history, oldest first."""

    backorder: BackorderSheet
    allocations: Sequence[LineAllocation]
    history: Sequence[Happening]

    def as_told(self) -> dict[str, object]:
        """Give the backorder with its allocations and history as programs are told it."""
        return {
            **self.backorder.as_told(),
            "allocations": [one.as_told() for one in self.allocations],
            "history": self.history,
        }


def show_backorder(work: Work, number: str) -> BackorderStory:
    """Give one backorder with all that belongs to it; raises `BackorderNotFound`."""
    found = find_backorder(work, number)
    return BackorderStory(
        read_backorder(work, found.number),
        line_allocations(work, found.line_id),
        work.db.records(Happening, "backorder_history", line=found.line_id, number=found.number),
    )


def line_allocations(work: Work, line_id: int) -> list[LineAllocation]:
    """Give all allocations of a line, oldest first."""
    return work.db.records(LineAllocation, "backorder_allocations", line=line_id, today=work.today)
