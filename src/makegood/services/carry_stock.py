"""Carry units from one place to another, or to another status in the same place, with their age.

Free units go first. Where the others can be given out in their new place as well, their reservations go along
with their lines; where they cannot, they are freed. What came for a line by name is reserved on the dock already,
and goes along from there to any place.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from makegood.domain.catalogue import Place, UnitStatus
from makegood.domain.errors import NotEnough
from makegood.services.change_stock import StockChanged, find_units
from makegood.services.free_allocations import OpenAllocation, open_allocations
from makegood.services.post_stock import Posted, hold_places, post, summed
from makegood.services.record import Event, record_events
from makegood.services.shrink_stock import Unit, free_over, hold_orders, lock_units, units_at_stake, write_off
from makegood.services.work import Work


class Carry(NamedTuple):
    """So many units that leave a place for another; `sku` as the caller named it."""

    sku: str
    place: Place
    to: Place
    units: int


class Load(NamedTuple):
    """A carry as it is carried out: from this unit, so many of them reserved, to a place of this kind.

    `along`: reservations follow it there.
    """

    unit: Unit
    to: Place
    units: int
    reserved: int
    usable: bool
    along: bool


class Piece(NamedTuple):
    """A part of an allocation that goes along to another unit."""

    allocation: OpenAllocation
    to_unit: int
    units: int


def carry_stock(work: Work, warehouse: int, carries: Sequence[Carry], *, reason: str) -> StockChanged:
    """Carry units between places of one warehouse, all or nothing; what becomes usable is marked.

    Raises `NotEnough` when fewer units stand where they are taken from.
    """
    standing = {found.place: found.unit_id for found in find_units(work, [one.place for one in carries])}
    for one in carries:
        if one.place not in standing:
            raise NotEnough(sku=one.sku, wanted=one.units, free=0)
    leaving = summed((standing[one.place], one.units) for one in carries)
    orders = hold_orders(work, warehouse, sorted(leaving), leaving)
    spots = hold_places(work, [one.to for one in carries])
    also = [spot.unit_id for spot in spots] + units_at_stake(work, orders)
    held = lock_units(work, [*standing.values(), *also])
    units = {unit.unit_id: unit for unit in held}
    loads = _loads(work, carries, [units[standing[one.place]] for one in carries], [spot.usable for spot in spots])
    over = summed((load.unit.unit_id, load.reserved) for load in loads if not load.along)
    lost = free_over(work, orders, over, reason)
    arrived = {row.place: row.unit_id for row in _arrive(work, loads, reason)}
    along = _go_along(work, loads, arrived)
    write_off(work, summed((load.unit.unit_id, load.units) for load in loads), reason=reason)
    work.mark(
        (load.unit.variant_id, warehouse) for load in loads if load.usable and not load.unit.usable(work.today)
    )
    return StockChanged(work.source, sum(load.units for load in loads), along, lost)


def _loads(work: Work, carries: Sequence[Carry], units: Sequence[Unit], usable: Sequence[bool]) -> list[Load]:
    """Share out the free units first, in the order of the carries."""
    left = {unit.unit_id: unit.quantity for unit in units}
    free = {unit.unit_id: unit.quantity - unit.reserved for unit in units}
    loads = []
    for one, unit, open_there in zip(carries, units, usable, strict=True):
        if one.units > left[unit.unit_id]:
            raise NotEnough(sku=one.sku, wanted=one.units, free=left[unit.unit_id])
        unreserved = min(one.units, free[unit.unit_id])
        left[unit.unit_id] -= one.units
        free[unit.unit_id] -= unreserved
        along = open_there or _waits_on_dock(work, unit, one.to)
        loads.append(Load(unit, one.to, one.units, one.units - unreserved, open_there, along))
    return loads


def _waits_on_dock(work: Work, unit: Unit, to: Place) -> bool:
    """Tell whether what is reserved on the unit came by name and has not been put away yet."""
    fresh = unit.usable_until is None or unit.usable_until >= work.today
    return not unit.in_reach and fresh and unit.status == to.status == UnitStatus.AVAILABLE


def _arrive(work: Work, loads: Sequence[Load], reason: str) -> list[Posted]:
    ages: dict[Place, datetime] = {}
    for load in loads:
        ages[load.to] = min(load.unit.received_at, ages.get(load.to, load.unit.received_at))
    return post(work, summed((load.to, load.units) for load in loads), reason=reason, ages=ages)


def _go_along(work: Work, loads: Sequence[Load], arrived: Mapping[Place, int]) -> int:
    """Let reservations stand on the units that were carried, and tell how many units did."""
    following = [load for load in loads if load.along and load.reserved]
    if not following:
        return 0
    pieces = list(_pieces(work, following, arrived))
    _rewrite(work, pieces)
    left = summed((piece.allocation.unit_id, piece.units) for piece in pieces)
    came = summed((piece.to_unit, piece.units) for piece in pieces)
    work.db.run_expecting(len(left), "free_units", ids=list(left), units=list(left.values()), orders=[])
    work.db.run_expecting(len(came), "reserve_units", ids=list(came), units=list(came.values()))
    record_events(work, [_told(piece) for piece in pieces])
    return sum(piece.units for piece in pieces)


def _pieces(work: Work, loads: Sequence[Load], arrived: Mapping[Place, int]) -> Iterator[Piece]:
    """Choose the allocations that go along, the oldest of each unit first."""
    held: dict[int, list[OpenAllocation]] = defaultdict(list)
    for allocation in open_allocations(work, units=[load.unit.unit_id for load in loads]):
        held[allocation.unit_id].append(allocation)
    left = {one: one.quantity for allocations in held.values() for one in allocations}
    for load in loads:
        wanted = load.reserved
        for allocation in held[load.unit.unit_id]:
            units = min(wanted, left[allocation])
            if units:
                yield Piece(allocation, arrived[load.to], units)
                left[allocation] -= units
                wanted -= units


def _rewrite(work: Work, pieces: Sequence[Piece]) -> None:
    """Let an allocation that goes as a whole change its unit; of one that goes in part, split the parts off."""
    parts: dict[OpenAllocation, list[Piece]] = defaultdict(list)
    for piece in pieces:
        parts[piece.allocation].append(piece)
    kept: list[tuple[int, int, int]] = []
    for one, going in parts.items():
        rest = one.quantity - sum(piece.units for piece in going)
        last = None if rest else going.pop()
        kept.append((one.allocation_id, last.to_unit if last else one.unit_id, last.units if last else rest))
    split = [(one.allocation_id, piece.to_unit, piece.units) for one, going in parts.items() for piece in going]
    _write(work, "split_allocations", split)
    _write(work, "repoint_allocations", kept)


def _write(work: Work, statement: str, rows: Sequence[tuple[int, int, int]]) -> None:
    if rows:
        ids, unit_ids, units = (list(column) for column in zip(*rows, strict=True))
        work.db.run_expecting(len(rows), statement, ids=ids, unit_ids=unit_ids, units=units)


def _told(piece: Piece) -> Event:
    one = piece.allocation
    facts = {"allocationId": one.allocation_id, "fromUnitId": one.unit_id, "unitId": piece.to_unit}
    return Event(one.order_id, "allocation:moved", {**facts, "quantity": piece.units})
