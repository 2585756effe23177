"""Let a reader do what follows from the next events; what it does and that it did it are one transaction.

Events are written in the transaction of what they tell, so nothing else has to be written there for those who
are told later. A reader is a row that says how far it has come; whoever reads for it holds the row, so that no
stretch is read twice, and a reader that is killed is where it was.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from makegood.services.follow_events import EventFilter, FollowedEvent, Position, end_of_events, follow_events
from makegood.services.work import Work

EVENTS_AT_ONCE = 500


class Reader(NamedTuple):
    """Somebody who is told of every event once, by a name that stays; only of these types, if any are given.

    `take` writes what follows from some events, in the order of the stream. It is called within the transaction
    in which the reader moves on, so it writes to the books and does nothing else.
    """

    name: str
    take: Callable[[Work, Sequence[FollowedEvent]], None]
    types: Sequence[str] = ()


def read_on(work: Work, reader: Reader, *, most: int = EVENTS_AT_ONCE) -> int:
    """Hand a reader its next events, at most so many, and give how many it took; none while another is at it.

    A reader that is new begins at the end: nobody wants to be told what happened before.
    """
    end = end_of_events(work.db)
    stands = work.db.one("claim_reader", reader=reader.name)
    if stands is None:
        work.db.run("begin_reading", reader=reader.name, **_place(end))
        return 0
    at = Position(*stands)
    found = follow_events(work.db, at, only=EventFilter(reader.types), most=most)
    if found:
        reader.take(work, found)
    # All that is meant up to the end, which was read before, has been seen: what is not meant is not read again.
    reached = found[-1].position if len(found) == most else max(end, *(one.position for one in found[-1:]), at)
    if reached != at:
        work.db.run_expecting(1, "move_reader", reader=reader.name, **_place(reached))
    return len(found)


def skip_event(work: Work, reader: Reader) -> FollowedEvent | None:
    """Move a reader past its next event unread, and give that event; None while another is at it."""
    stands = work.db.one("claim_reader", reader=reader.name)
    if stands is None:
        return None
    found = follow_events(work.db, Position(*stands), only=EventFilter(reader.types), most=1)
    if not found:
        return None
    work.db.run_expecting(1, "move_reader", reader=reader.name, **_place(found[0].position))
    return found[0]


def has_more(work: Work, reader: Reader) -> bool:
    """Tell whether a reader has something to read now, or has yet to begin."""
    return bool(work.db.value("reader_has_more", reader=reader.name))


def stop_reading(work: Work, reader: Reader) -> None:
    """Forget how far a reader has come: when it reads again it begins at the end."""
    work.db.run("stop_reading", reader=reader.name)


def begin_at_the_end(work: Work, reader: Reader) -> None:
    """Let a reader go on from the end of what is final now, wherever it stood: nothing in between is for it."""
    end = end_of_events(work.db)
    work.db.run("stop_reading", reader=reader.name)
    work.db.run("begin_reading", reader=reader.name, **_place(end))


def _place(position: Position) -> dict[str, object]:
    return {"transaction": str(position.transaction_id), "event": position.event_id}
