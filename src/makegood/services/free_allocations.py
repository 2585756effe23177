"""Free reservations: allocations are closed or lessened, their units offered to the queue again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from makegood.domain.orders import LineRow
from makegood.domain.states import AllocationState, ShipPolicy
from makegood.services.change_orders import Change
from makegood.services.gates import LockedOrder
from makegood.services.record import Event, record_events
from makegood.services.work import Work


class OpenAllocation(NamedTuple):
    """Units of a line that are reserved on an inventory unit; read under the gates.

    `sourced` ones came of supply that the line had by name.
    """

    allocation_id: int
    order_id: int
    order_number: str
    line_id: int
    unit_id: int
    variant_id: int
    warehouse_id: int
    quantity: int
    state: str
    forced: bool
    expires_at: datetime | None
    sourced: bool


def open_allocations(work: Work, *, orders: Sequence[int] = (), units: Sequence[int] = ()) -> list[OpenAllocation]:
    """Read the open allocations of some orders or on some units, by id."""
    return work.db.records(OpenAllocation, "open_allocations", orders=list(orders), units=list(units))


def free(
    work: Work,
    freed: Mapping[OpenAllocation, int],
    *,
    state: AllocationState = AllocationState.RELEASED,
    because: str,
) -> dict[int, int]:
    """Close or lessen allocations by so many units each, offer the units to the queue, and tell by line how many.

    The lines and orders are the caller's to settle: hand what this returns to `less`.
    """
    if not freed:
        return {}
    ids = [allocation.allocation_id for allocation in freed]
    work.db.run_expecting(
        len(ids), "free_allocations", ids=ids, units=list(freed.values()), state=state, as_of=work.as_of
    )
    units: dict[int, int] = defaultdict(int)
    lines: dict[int, int] = defaultdict(int)
    for allocation, count in freed.items():
        units[allocation.unit_id] += count
        lines[allocation.line_id] += count
    orders = sorted({allocation.order_id for allocation in freed})
    work.db.run_expecting(len(units), "free_units", ids=list(units), units=list(units.values()), orders=orders)
    work.mark_each((one.variant_id, one.warehouse_id, f"release:{one.order_number}") for one in freed)
    kind = "allocation:expired" if state is AllocationState.EXPIRED else "allocation:released"
    record_events(
        work,
        [
            Event(
                allocation.order_id,
                kind,
                {"allocationId": allocation.allocation_id, "quantity": count, "because": because},
            )
            for allocation, count in freed.items()
        ],
    )
    return dict(lines)


def less(lines: Iterable[LineRow], freed: Mapping[int, int]) -> list[LineRow]:
    """Give the lines as they are once so many of their units were freed."""
    return [line._replace(allocated=line.allocated - freed.get(line.line_id, 0)) for line in lines]


def release_all(work: Work, orders: Sequence[LockedOrder], *, because: str) -> list[Change]:
    """Free every reservation of some orders, and give the changes to settle."""
    held = open_allocations(work, orders=[locked.order.order_id for locked in orders])
    freed = free(work, {allocation: allocation.quantity for allocation in held}, because=because)
    return [Change(locked, locked.order, less(locked.lines, freed)) for locked in orders]


def keep_whole_or_nothing(work: Work, changes: Sequence[Change]) -> list[Change]:
    """Free what COMPLETE orders that lack something still hold, but for what was forced or sourced for them."""
    broken = {
        change.order.order_id: change
        for change in changes
        if change.order.ship_policy == ShipPolicy.COMPLETE and any(line.shortfall for line in change.lines)
    }
    held = (
        [one for one in open_allocations(work, orders=list(broken)) if not (one.forced or one.sourced)]
        if broken
        else []
    )
    freed = free(work, {one: one.quantity for one in held}, because="the order ships complete or not at all")
    return [
        change._replace(lines=less(change.lines, freed)) if change.order.order_id in broken else change
        for change in changes
    ]
