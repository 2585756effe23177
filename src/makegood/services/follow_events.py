"""Follow the events as they become final: nothing that a reader missed is lost, nothing is told twice."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from makegood.domain.errors import InvalidValue
from makegood.domain.events import EVENT_TYPES
from makegood.services.gates import find_order
from makegood.services.pages import insist_on_most
from makegood.services.work import Work
from makegood.store.database import Db

POSITION = re.compile(r"(\d{1,18})-(\d{1,18})")


class Position(NamedTuple):
    """Where a reader stands: the last event that it was given. It compares as the stream is ordered."""

    transaction_id: int
    event_id: int

    def __str__(self) -> str:
        return f"{self.transaction_id}-{self.event_id}"


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
    merchant_id: int

    @property
    def position(self) -> Position:
        """Where a reader stands that has been given this event."""
        return Position(self.transaction_id, self.event_id)


class EventFilter(NamedTuple):
    """Which events are meant: those of one of these types, if any are given, and of this order, if one is."""

    types: Sequence[str] = ()
    order_id: int | None = None

    def lets_pass(self, event: FollowedEvent) -> bool:
        """Tell whether an event is meant."""
        return (not self.types or event.type in self.types) and self.order_id in (None, event.order_id)


ALL = EventFilter()


def follow_events(
    db: Db, after: Position = START, *, only: EventFilter = ALL, most: int = 500
) -> list[FollowedEvent]:
    """Give the next events after a position, in the order of (transaction, event).

    Ids can commit out of order. An event is given only once every transaction that could still commit one
    before it is over, so that a reader who goes on from its last position misses none.
    """
    return db.records(FollowedEvent, "follow_events", **_place(after), **_meant(only), most=most)


def latest_events(
    db: Db, before: Position | None = None, *, only: EventFilter = ALL, most: int = 500
) -> list[FollowedEvent]:
    """Give the events before a position, or the last ones, the latest first; of those that are final."""
    place = _place(before) if before else {"transaction": None, "event": None}
    return db.records(FollowedEvent, "latest_events", **place, **_meant(only), most=most)


def end_of_events(db: Db) -> Position:
    """Give the position of a reader who has been given everything that is final now."""
    row = db.one("end_of_events")
    return Position(*row) if row else START


def latest_moment(work: Work) -> datetime:
    """Give the business time of the last event, that of the use-case where there is none."""
    return work.db.value("latest_moment") or work.as_of


def read_position(text: str) -> Position:
    """Read a position as it was written, or raise `InvalidValue`.

    >>> read_position(str(Position(7, 12)))
    Position(transaction_id=7, event_id=12)
    """
    found = POSITION.fullmatch(text)
    if not found:
        raise InvalidValue("after", text, "the id of an event")
    return Position(int(found[1]), int(found[2]))


def events_meant(work: Work, types: Sequence[str], order: str | None) -> EventFilter:
    """Give the filter for types as people write them (ORDER_BACKORDERED too) and for an order by name.

    Raises `OrderNotFound`, `Ambiguous`, and `InvalidValue` for a type that no event has.
    """
    words = [one.strip().lower() for one in types]
    named = tuple(one if ":" in one else one.replace("_", ":", 1) for one in words)
    for one in named:
        if one not in EVENT_TYPES:
            raise InvalidValue("type", one, "one of " + ", ".join(sorted(EVENT_TYPES)))
    return EventFilter(named, find_order(work, order)[0] if order else None)


def list_events(
    work: Work, only: EventFilter, *, after: Position | None, newest: bool, most: int
) -> tuple[list[FollowedEvent], str | None]:
    """Give a page of the events, oldest or newest first, and where the next one begins, if there is one."""
    insist_on_most(most)
    if newest:
        found = latest_events(work.db, after, only=only, most=most + 1)
    else:
        found = follow_events(work.db, after or START, only=only, most=most + 1)
    return found[:most], str(found[most - 1].position) if len(found) > most else None


def _place(position: Position) -> dict[str, object]:
    return {"transaction": str(position.transaction_id), "event": position.event_id}


def _meant(only: EventFilter) -> dict[str, object]:
    return {"types": list(only.types) or None, "order": only.order_id}
