"""When what a line lacks is due: its units are pegged to the supply that is known, by rank and day.

Sourced units are pegged first, each to its own inbound line. The rest of the supply stands in a row: what lies
free, then what is to come by the day on which it is counted on, at last what has no day. Whoever waits takes what
it lacks at its rank, whatever its ship policy, so that nobody is dated later for a line behind it. Supply that is
late keeps its day: it is still the next to come. The rule for people is in docs/concepts/promise-dates.md.

`pegging_columns.py` gives the same days for 100,000 lines at a time; the doctor computes them by this rule.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from makegood.domain.rank import Rank

# The day of what lies free already: before every other.
ON_HAND = date.min


class LackingLine(NamedTuple):
    """A line of which `lacks` units remain that are not reserved on stock.

    Only one that `waits` takes supply that nobody sourced. `complete`: its order ships whole.
    """

    line_id: int
    order_id: int
    variant_id: int
    lacks: int
    waits: bool
    complete: bool
    rank: Rank


class InboundUnits(NamedTuple):
    """Units that are still to come with one inbound line; `due` is the day on which they are counted on."""

    inbound_line_id: int
    variant_id: int
    units: int
    due: date | None


class SourcedUnits(NamedTuple):
    """Units of an inbound line that a line has by name."""

    inbound_line_id: int
    line_id: int
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """Demand and known supply of some queues of one warehouse; `free` units of each variant lie there already."""

    lines: Sequence[LackingLine]
    inbound: Sequence[InboundUnits] = ()
    sourced: Sequence[SourcedUnits] = ()
    free: Mapping[int, int] = field(default_factory=dict)


class Peg(NamedTuple):
    """Units that a line lacks and the inbound line that they come with; None for what lies free."""

    line_id: int
    inbound_line_id: int | None
    units: int


def peg(prospect: Prospect) -> list[Peg]:
    """Give every unit of the known supply at most once: sourced ones to their line, the others by rank and day."""
    pegs = [Peg(one.line_id, one.inbound_line_id, one.units) for one in sorted(prospect.sourced)]
    supplies = supplies_by_day(prospect)
    for variant, queue in sorted(_queues(prospect).items()):
        pegs += _laid_over(queue, supplies.get(variant, []))
    return pegs


def line_dates(prospect: Prospect, pegs: Sequence[Peg]) -> dict[int, date]:
    """Give the day on which the last unit that a line lacks is due, for the lines of which that is known.

    >>> from datetime import datetime
    >>> rank = Rank(30, datetime(2026, 3, 1), 1, 1, 1, 1)
    >>> line = LackingLine(7, 1, 1, lacks=5, waits=True, complete=False, rank=rank)
    >>> book = Prospect(lines=[line], inbound=[InboundUnits(3, 1, 9, date(2026, 3, 9))], free={1: 2})
    >>> line_dates(book, peg(book))
    {7: datetime.date(2026, 3, 9)}
    """
    due: dict[int | None, date | None] = {one.inbound_line_id: one.due for one in prospect.inbound}
    due[None] = ON_HAND
    lacks = {line.line_id: line.lacks for line in prospect.lines}
    last: dict[int, date] = {}
    for line_id, inbound, units in pegs:
        day = due[inbound]
        if day is not None:
            lacks[line_id] -= units
            last[line_id] = max(day, last.get(line_id, ON_HAND))
    return {line_id: day for line_id, day in last.items() if lacks[line_id] == 0}


def whole_date(days: Sequence[date | None]) -> date | None:
    """Give the day on which the last line of an order that ships whole is due, None unless that of each is known.

    >>> whole_date([date(2026, 3, 9), ON_HAND])
    datetime.date(2026, 3, 9)
    """
    known = [day for day in days if day is not None]
    return max(known, default=None) if len(known) == len(days) else None


def _queues(prospect: Prospect) -> dict[int, list[tuple[int, int]]]:
    """Give who waits for each variant and has not sourced all that it lacks: line and units, by rank."""
    sourced: Counter[int] = Counter()
    for one in prospect.sourced:
        sourced[one.line_id] += one.units
    queues: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for line in sorted(prospect.lines, key=_by_rank):
        wanted = line.lacks - sourced[line.line_id]
        if line.waits and wanted > 0:
            queues[line.variant_id].append((line.line_id, wanted))
    return queues


def _by_rank(line: LackingLine) -> Rank:
    return line.rank


def supplies_by_day(prospect: Prospect) -> dict[int, list[tuple[int | None, int]]]:
    """Give what nobody sourced of each variant: inbound line and units, the next to come first."""
    sourced: Counter[int] = Counter()
    for one in prospect.sourced:
        sourced[one.inbound_line_id] += one.units
    supplies: dict[int, list[tuple[int | None, int]]] = defaultdict(list)
    for variant, units in prospect.free.items():
        supplies[variant].append((None, units))
    for inbound in sorted(prospect.inbound, key=_by_day):
        supplies[inbound.variant_id].append(
            (inbound.inbound_line_id, inbound.units - sourced[inbound.inbound_line_id])
        )
    return supplies


def _by_day(inbound: InboundUnits) -> tuple[bool, date, int]:
    return (inbound.due is None, inbound.due or date.min, inbound.inbound_line_id)


def _laid_over(queue: Sequence[tuple[int, int]], supplies: Sequence[tuple[int | None, int]]) -> Iterator[Peg]:
    """Lay the wants of a queue end to end over its supplies, until either ends."""
    row = iter(supplies)
    inbound, left = None, 0
    for line_id, wanted in queue:
        while wanted:
            while left <= 0:
                following = next(row, None)
                if following is None:
                    return
                inbound, left = following
            units = min(wanted, left)
            yield Peg(line_id, inbound, units)
            wanted -= units
            left -= units
