"""Read one inbound line with who has a part of it, in which deliveries it came, and everything that happened."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from makegood.services.inbound.records import InboundSheet, find_inbound, read_sheets
from makegood.services.work import Work


class SourcedPart(NamedTuple):
    """Units of the inbound line that are, or were, reserved for a line."""

    sourcing_id: int
    backorder: str | None
    merchant: str
    order: str
    line_number: int
    quantity: int
    state: str
    sourced_by: str
    sourced_at: datetime
    closed_at: datetime | None
    because: str


class ReceivedPart(NamedTuple):
    """Units of the inbound line that came in one delivery, so many of them damaged."""

    delivery: str
    location: str
    lot: str
    expires_on: date | None
    quantity: int
    damaged: int
    approved_by: str
    received_at: datetime


class Happened(NamedTuple):
    """Something that happened to the inbound line; `payload` is what programs are told."""

    entry_id: int
    type: str
    payload: dict[str, Any]
    trigger_source: str
    actor: str
    occurred_at: datetime


class InboundStory(NamedTuple):
    """An inbound line with its parts and its history, oldest first."""

    inbound: InboundSheet
    sourcings: Sequence[SourcedPart]
    receipts: Sequence[ReceivedPart]
    history: Sequence[Happened]

    def as_told(self) -> dict[str, object]:
        """Give the inbound line with all that belongs to it as programs are told it."""
        return {
            **self.inbound.as_told(),
            "sourcings": self.sourcings,
            "receipts": self.receipts,
            "history": self.history,
        }


def show_inbound(work: Work, name: str) -> InboundStory:
    """Give one inbound line with all that belongs to it; raises `InboundNotFound` or `Ambiguous`."""
    found = find_inbound(work, name)
    inbound = found.inbound_line_id
    return InboundStory(
        read_sheets(work, [inbound])[0],
        work.db.records(SourcedPart, "sourcings_of_inbound", inbound=inbound),
        work.db.records(ReceivedPart, "receipts_of_inbound", inbound=inbound),
        work.db.records(Happened, "history_of_inbound", inbound=inbound),
    )
