"""Turn what is sourced into allocations on the units that have come, the best rank first."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from makegood.domain.catalogue import Place, UnitStatus
from makegood.domain.inbound import SourcingState
from makegood.domain.orders import LineRow
from makegood.services.change_orders import Change, settle
from makegood.services.free_allocations import keep_whole_or_nothing
from makegood.services.gates import LockedOrder
from makegood.services.post_stock import Posted
from makegood.services.record import Event, record_events
from makegood.services.shrink_stock import Unit, lock_units
from makegood.services.sourcings import Sourcing, close
from makegood.services.work import Work

ARRIVED = "its units have come"


class Part(NamedTuple):
    """Units of one inventory unit that go to a sourcing."""

    sourcing: Sourcing
    unit_id: int
    units: int


def feed(
    work: Work,
    orders: Sequence[LockedOrder],
    sourcings: Sequence[Sourcing],
    sound: Mapping[tuple[int, Place], int],
    posted: Sequence[Posted],
) -> dict[Sourcing, int]:
    """Reserve the sound units of each inbound line for whoever sourced them, and give how many each got.

    They are reserved where they stand, a dock included: a move takes the reservation along. Exempt from the
    law of no overtaking, as what is forced. The orders and units are held.
    """
    parts = _share(sourcings, _givable(work, sound, posted) if sourcings else {})
    if not parts:
        return {}
    fed: dict[Sourcing, int] = defaultdict(int)
    for part in parts:
        fed[part.sourcing] += part.units
    closed = close(work, fed, because=ARRIVED, state=SourcingState.RECEIVED)
    _reserve(work, parts, closed)
    record_events(work, [_told(part) for part in parts])
    lines: dict[int, int] = defaultdict(int)
    for one, count in fed.items():
        lines[one.line_id] += count
    changes = [
        Change(locked, locked.order, [_fed(line, lines[line.line_id]) for line in locked.lines])
        for locked in orders
        if any(line.line_id in lines for line in locked.lines)
    ]
    settle(work, keep_whole_or_nothing(work, changes))
    return dict(fed)


def _givable(
    work: Work, sound: Mapping[tuple[int, Place], int], posted: Sequence[Posted]
) -> dict[int, list[list[int]]]:
    """Give, by inbound line, the units that have come and can be given out once they are put away."""
    places = {row.place: row.unit_id for row in posted}
    units = {unit.unit_id: unit for unit in lock_units(work, places.values())}
    found: dict[int, list[list[int]]] = defaultdict(list)
    for (inbound, place), count in sound.items():
        if _keeps(work, units[places[place]]):
            found[inbound].append([places[place], count])
    return found


def _keeps(work: Work, unit: Unit) -> bool:
    fresh = unit.usable_until is None or unit.usable_until >= work.today
    return unit.status == UnitStatus.AVAILABLE and fresh


def _share(sourcings: Sequence[Sourcing], givable: Mapping[int, list[list[int]]]) -> list[Part]:
    parts = []
    for one in sorted(sourcings, key=lambda part: (part.rank, part.sourcing_id)):
        wanted = one.quantity
        for pile in givable.get(one.inbound_line_id, ()):
            count = min(wanted, pile[1])
            if count:
                parts.append(Part(one, pile[0], count))
                pile[1] -= count
                wanted -= count
    return parts


def _reserve(work: Work, parts: Sequence[Part], closed: Mapping[int, int]) -> None:
    units: dict[int, int] = defaultdict(int)
    for part in parts:
        units[part.unit_id] += part.units
    work.db.run_expecting(len(units), "reserve_units", ids=list(units), units=list(units.values()))
    work.db.run_expecting(
        len(parts),
        "allocate_sourced",
        lines=[part.sourcing.line_id for part in parts],
        unit_ids=[part.unit_id for part in parts],
        units=[part.units for part in parts],
        sourcings=[closed[part.sourcing.sourcing_id] for part in parts],
        turn=work.db.value("draw_turn"),
        as_of=work.as_of,
    )


def _fed(line: LineRow, units: int) -> LineRow:
    return line._replace(allocated=line.allocated + units, sourced=line.sourced - units)


def _told(part: Part) -> Event:
    one = part.sourcing
    payload: dict[str, object] = {
        "backorder": one.backorder,
        "inbound": one.inbound,
        "allocations": [{"line": one.line_number, "unitId": part.unit_id, "quantity": part.units}],
    }
    return Event(one.order_id, "allocation:created", payload)
