"""Follow the events as they become final: nothing that a reader missed is lost, nothing is told twice."""

from datetime import datetime
from typing import NamedTuple

from makegood.store.database import Db


class Position(NamedTuple):
    """Where a reader stands: the last event that it was given. It compares as the stream is ordered."""

    transaction_id: int
    event_id: int


START = Position(0, 0)


class FollowedEvent(NamedTuple):
    """An event as the stream gives it."""

    transaction_id: int
    event_id: int
    order_id: int
    order_number: str
    type: str
    payload: dict[str, object]
    trigger_sources: list[str]
    attempt_id: int | None
    actor: str
    occurred_at: datetime

    @property
    def position(self) -> Position:
        """Where a reader stands that has been given this event."""
        return Position(self.transaction_id, self.event_id)


def follow_events(db: Db, after: Position = START, *, most: int = 500) -> list[FollowedEvent]:
    """Give the next events after a position, in the order of (transaction, event).

    Ids can commit out of order. An event is given only once every transaction that could still commit one
    before it is over, so that a reader who goes on from its last position misses none.
    """
    return db.records(
        FollowedEvent, "follow_events", transaction=str(after.transaction_id), event=after.event_id, most=most
    )
