"""The one place through which stock shrinks: free units go first, then reservations, worst rank first."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from makegood.domain.catalogue import Place
from makegood.domain.errors import NotEnough
from makegood.domain.rank import Rank
from makegood.domain.states import AllocationState
from makegood.planner.attempt import Attempt
from makegood.services.change_orders import Change, settle
from makegood.services.free_allocations import (
    OpenAllocation,
    free,
    keep_whole_or_nothing,
    less,
    open_allocations,
)
from makegood.services.gates import LockedOrder, lock_orders
from makegood.services.record import Event, record_events
from makegood.services.work import Work
from makegood.store.database import StartOver


class Unit(NamedTuple):
    """An inventory unit as it was read under its lock.

    `in_reach`: AVAILABLE in an active and pickable location. `usable_until`: the last day before it is
    short-dated, None when it keeps.
    """

    unit_id: int
    variant_id: int
    warehouse_id: int
    location_id: int
    status: str
    lot: str
    expires_on: date | None
    quantity: int
    reserved: int
    received_at: datetime
    sku: str
    in_reach: bool
    usable_until: date | None

    @property
    def place(self) -> Place:
        """Where the unit lies, with its lot and status."""
        return Place(self.variant_id, self.warehouse_id, self.location_id, self.status, self.lot, self.expires_on)

    def usable(self, today: date) -> bool:
        """Tell whether it can be given out on this day."""
        return self.in_reach and (self.usable_until is None or self.usable_until >= today)


def take_stock(work: Work, warehouse: int, losses: Mapping[int, int], *, reason: str) -> list[Attempt]:
    """Take whole units off some inventory units of one warehouse, by unit id, and write the ledger.

    Reservations that no longer fit are freed; their lines go back to the queue with age and rank. Gives what
    became of the orders. Raises `NotEnough` when a unit has fewer units than are taken.
    """
    losses = {unit: count for unit, count in losses.items() if count}
    orders = hold_orders(work, warehouse, sorted(losses), losses)
    held = lock_units(work, [*losses, *units_at_stake(work, orders)])
    units = [unit for unit in held if unit.unit_id in losses]
    for unit in units:
        if losses[unit.unit_id] > unit.quantity:
            raise NotEnough(sku=unit.sku, wanted=losses[unit.unit_id], free=unit.quantity)
    return take_held(work, units, orders, losses, reason=reason)


def take_held(
    work: Work, units: Iterable[Unit], orders: Sequence[LockedOrder], losses: Mapping[int, int], *, reason: str
) -> list[Attempt]:
    """Take whole units off inventory units that are held, and free the reservations that no longer fit."""
    over = {
        unit.unit_id: losses[unit.unit_id] - (unit.quantity - unit.reserved)
        for unit in units
        if unit.unit_id in losses
    }
    settled = free_over(work, orders, {unit: count for unit, count in over.items() if count > 0}, reason)
    write_off(work, losses, reason=reason)
    return settled


def write_off(work: Work, losses: Mapping[int, int], *, reason: str) -> None:
    """Take whole units that nothing is reserved on any more off inventory units, by unit id, with the ledger."""
    work.db.run_expecting(
        len(losses),
        "take_stock",
        ids=list(losses),
        units=list(losses.values()),
        reason=reason,
        source=work.source,
        actor=work.actor,
        as_of=work.as_of,
    )


def free_units(work: Work, warehouse: int, unit_ids: Sequence[int], *, reason: str) -> list[Attempt]:
    """Free every reservation on units that stay where they are but cannot be given out any more."""
    units, orders = hold_units(work, warehouse, unit_ids)
    return free_over(work, orders, {u.unit_id: u.reserved for u in units if u.reserved}, reason)


def hold_units(work: Work, warehouse: int, unit_ids: Iterable[int]) -> tuple[list[Unit], list[LockedOrder]]:
    """Hold inventory units after the gates and orders that have reservations on them."""
    ids = sorted(unit_ids)
    orders = hold_orders(work, warehouse, ids)
    held = lock_units(work, [*ids, *units_at_stake(work, orders)])
    return [unit for unit in held if unit.unit_id in set(ids)], orders


def units_at_stake(work: Work, orders: Sequence[LockedOrder]) -> list[int]:
    """Name the units on which these orders have reservations: one that ships complete may lose all of them.

    They are locked together with the units that shrink, because receipts lock theirs in id order too.
    """
    if not orders:
        return []
    return [one.unit_id for one in open_allocations(work, orders=[locked.order.order_id for locked in orders])]


def hold_orders(
    work: Work, warehouse: int, unit_ids: Sequence[int], losses: Mapping[int, int] | None = None
) -> list[LockedOrder]:
    """Hold the gates of some inventory units, and the orders whose reservations on them are at stake.

    With `losses`, whole units by unit id, these are the orders on units that have fewer units free than they
    lose; without, all of them.
    """
    seen, variants = _at_stake(work, unit_ids, losses)
    orders = lock_orders(work, warehouse, sorted(seen), variants)
    if _at_stake(work, unit_ids, losses)[0] - seen:
        raise StartOver("a unit was reserved while its gate was not yet held")
    return orders


def _at_stake(work: Work, unit_ids: Sequence[int], losses: Mapping[int, int] | None) -> tuple[set[int], set[int]]:
    """Give the orders that could lose a reservation, and the variants of the units."""
    rows = work.db.all("units_gates", ids=list(unit_ids))
    short = [unit for unit, _, _, free in rows if losses is None or losses.get(unit, 0) > free]
    orders = {one.order_id for one in open_allocations(work, units=short)} if short else set()
    return orders, {variant for _, variant, _, _ in rows}


def lock_units(work: Work, unit_ids: Iterable[int]) -> list[Unit]:
    """Hold inventory units, by id; gates, orders and places were locked before."""
    return work.db.records(Unit, "lock_units", ids=sorted(set(unit_ids)))


def free_over(work: Work, orders: Sequence[LockedOrder], over: Mapping[int, int], reason: str) -> list[Attempt]:
    """Free so many reserved units of each inventory unit, choosing who loses least by rank."""
    if not over:
        return []
    ranks = {line.line_id: line.rank for locked in orders for line in locked.lines}
    victims: dict[OpenAllocation, int] = {}
    left = dict(over)
    for allocation in sorted(open_allocations(work, units=list(over)), key=lambda one: _losing_order(one, ranks)):
        count = min(allocation.quantity, left.get(allocation.unit_id, 0))
        if count:
            victims[allocation] = count
            left[allocation.unit_id] -= count
    freed = free(work, victims, because=reason)
    hit = {allocation.order_id for allocation in victims}
    changes = [
        Change(locked, locked.order, less(locked.lines, freed))
        for locked in orders
        if locked.order.order_id in hit
    ]
    record_events(
        work,
        [
            Event(one.order_id, "stock:shrunk", {"unitId": one.unit_id, "quantity": count, "because": reason})
            for one, count in victims.items()
        ],
    )
    return settle(work, keep_whole_or_nothing(work, changes))


def _losing_order(allocation: OpenAllocation, ranks: Mapping[int, Rank]) -> tuple[object, ...]:
    """RESERVED loses before CONFIRMED before forced; within these the worst rank first."""
    rank = ranks[allocation.line_id]
    return (
        allocation.forced,
        allocation.state == AllocationState.CONFIRMED,
        -rank.priority,
        -rank.placed_at.timestamp(),
        *(-number for number in rank[2:]),
        allocation.allocation_id,
    )
