"""Units of order lines that are reserved on supply which is due: read, and given back when they are not wanted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from makegood.domain.inbound import SourcingState
from makegood.domain.rank import Rank
from makegood.services.gates import LockedOrder
from makegood.services.record import Event, record_events
from makegood.services.work import Work

COVERED = "the line does not lack them any more"


class Sourcing(NamedTuple):
    """Units of a line that are reserved on an inbound line; read under the lock of the line's order."""

    sourcing_id: int
    line_id: int
    order_id: int
    inbound_line_id: int
    inbound: str
    due: date | None
    quantity: int
    backorder: str | None
    rank_priority: int
    placed_at: datetime
    root_order_id: int
    root_line_number: int
    line_number: int
    warehouse_id: int

    @property
    def rank(self) -> Rank:
        """The place of the line in the total order of service."""
        return Rank(*self[8:12], self.order_id, self.line_number)

    @property
    def as_due(self) -> tuple[object, ...]:
        """The order in which sourced units are due; what nobody knows the day of comes last."""
        return (self.due is None, self.due or date.min, self.sourcing_id)


def open_sourcings(work: Work, *, lines: Sequence[int] = (), inbound: Sequence[int] = ()) -> list[Sourcing]:
    """Read the open sourcings of some lines or on some inbound lines, by id."""
    return work.db.records(Sourcing, "open_sourcings", lines=list(lines), inbound=list(inbound))


def give_back(work: Work, surplus: Mapping[int, int]) -> None:
    """Free what lines have sourced beyond what they lack, by line id: what is due last first.

    What the lines themselves say of it is the caller's to write.
    """
    left = {line: units for line, units in surplus.items() if units > 0}
    if not left:
        return
    chosen: dict[Sourcing, int] = {}
    for one in sorted(open_sourcings(work, lines=list(left)), key=lambda part: part.as_due, reverse=True):
        count = min(one.quantity, left.get(one.line_id, 0))
        if count:
            chosen[one] = count
            left[one.line_id] -= count
    close(work, chosen, because=COVERED)
    _tell(work, chosen, COVERED)


def give_back_all(work: Work, held: LockedOrder, *, because: str) -> LockedOrder:
    """Free all that an order has sourced, and give it as it stands then."""
    has = open_sourcings(work, lines=[line.line_id for line in held.lines])
    release(work, {one: one.quantity for one in has}, because=because)
    return held._replace(lines=[line._replace(sourced=0) for line in held.lines])


def release(work: Work, chosen: Mapping[Sourcing, int], *, because: str) -> None:
    """Free so many units of sourcings; their lines are uncovered again by as many, and their orders are told."""
    if chosen:
        close(work, chosen, because=because)
        lower(work, chosen)
        _tell(work, chosen, because)


def close(
    work: Work,
    chosen: Mapping[Sourcing, int],
    *,
    because: str,
    state: SourcingState = SourcingState.RELEASED,
) -> dict[int, int]:
    """Close or lessen sourcings by so many units each, and give by sourcing the id of the part that is closed."""
    if not chosen:
        return {}
    ids = [one.sourcing_id for one in chosen]
    rows = work.db.all(
        "close_sourcings", ids=ids, units=list(chosen.values()), state=state, because=because, as_of=work.as_of
    )
    assert len(rows) == len(ids), "sourcings are closed under the lock of their orders"
    return dict(rows)


def lower(work: Work, chosen: Mapping[Sourcing, int]) -> None:
    """Take units off what the lines of sourcings say they have sourced."""
    lines: dict[int, int] = defaultdict(int)
    for one, count in chosen.items():
        lines[one.line_id] += count
    work.db.run_expecting(len(lines), "lower_sourced", lines=list(lines), units=list(lines.values()))


def note_sources(work: Work, lines: Iterable[int]) -> None:
    """Let the records of lines say what their units come from: what was sourced last and not given back."""
    work.db.run("note_sources", lines=sorted(set(lines)))


def _tell(work: Work, chosen: Mapping[Sourcing, int], because: str) -> None:
    """Put on record that lines have lost what they had sourced."""
    note_sources(work, [one.line_id for one in chosen])
    record_events(
        work,
        [
            Event(
                one.order_id,
                "backorder:sourcing_released",
                {"backorder": one.backorder, "inbound": one.inbound, "quantity": count, "because": because},
            )
            for one, count in chosen.items()
        ],
    )
