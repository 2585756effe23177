"""The loop's other half: release to pick, picked, short pick, shipped. Many orders of one warehouse at a time."""

from collections.abc import Mapping, Sequence

from makegood.domain.catalogue import Place, UnitStatus
from makegood.domain.errors import LineNotFound, NotEnough, WrongState
from makegood.domain.outcome import Outcome
from makegood.domain.states import REFUSED, OrderStatus, Step, after
from makegood.planner.attempt import Attempt
from makegood.services.change_orders import Change, settle, unchanged
from makegood.services.free_allocations import OpenAllocation, free, keep_whole_or_nothing, less, open_allocations
from makegood.services.gates import LockedOrder, lock_named, lock_order
from makegood.services.post_stock import hold_places, post, summed
from makegood.services.shrink_stock import lock_units, units_at_stake, write_off
from makegood.services.work import Work


def release_to_pick(work: Work, names: Sequence[str]) -> list[Attempt]:
    """Hand ALLOCATED orders to the pickers; raises `WrongState` for any other."""
    return _step(work, lock_named(work, names), Step.RELEASE_TO_PICK)


def start_pick(work: Work, names: Sequence[str]) -> list[Attempt]:
    """Note that picking has begun."""
    return _step(work, lock_named(work, names), Step.START_PICK)


def confirm_pick(work: Work, names: Sequence[str]) -> list[Attempt]:
    """Take what is reserved for the orders out of its bins: the units are PICKED, still reserved for them."""
    locked = lock_named(work, names)
    _insist(locked, Step.PICK)
    _move(work, "pick_units", locked, "pick")
    return _step(work, locked, Step.PICK)


def ship_order(work: Work, names: Sequence[str]) -> list[Attempt]:
    """Let picked orders leave: their units are gone, their lines fulfilled."""
    locked = lock_named(work, names)
    _insist(locked, Step.SHIP, only=(OrderStatus.PICKED, OrderStatus.PACKED))
    _move(work, "ship_units", locked, "shipment")
    return settle(
        work,
        [
            Change(
                one,
                one.order,
                [line._replace(fulfilled=line.fulfilled + line.allocated, allocated=0) for line in one.lines],
            )
            for one in locked
        ],
    )


def short_pick(work: Work, name: str, *, line_number: int, missing: int, quarantine: bool = False) -> Attempt:
    """Book units that the picker did not find out of their bin; the line's demand goes back to the queue.

    With `quarantine` they stay on the books there, out of reach, until somebody has counted. Raises
    `NotEnough` when fewer units are reserved for the line.
    """
    locked = lock_order(work, name)
    if locked.order.status not in (OrderStatus.READY_TO_PICK, OrderStatus.PICKING):
        raise WrongState(order=locked.order.number, status=locked.order.status, action="be picked short")
    line = next((line for line in locked.lines if line.line_number == line_number), None)
    if line is None:
        raise LineNotFound(order=name, line=line_number)
    found = [one for one in open_allocations(work, orders=[line.order_id]) if one.line_id == line.line_id]
    lost = _latest(found, missing)
    if missing <= 0 or sum(lost.values()) < missing:
        raise NotEnough(sku=line.sku_text, wanted=missing, free=line.allocated)
    aside = _hold_bins(work, locked, lost, quarantine)
    freed = free(work, lost, because="the picker did not find it")
    _book_out(work, lost, aside)
    change = Change(
        locked,
        locked.order,
        less(locked.lines, freed),
        told=("order:short_picked", {"line": line_number, "missing": missing}),
    )
    return settle(work, keep_whole_or_nothing(work, [change]))[0]


def _latest(allocations: Sequence[OpenAllocation], units: int) -> dict[OpenAllocation, int]:
    """Choose so many units from the latest allocations."""
    chosen: dict[OpenAllocation, int] = {}
    for one in reversed(allocations):
        count = min(one.quantity, units)
        if count > 0:
            chosen[one] = count
            units -= count
    return chosen


def _hold_bins(
    work: Work, locked: LockedOrder, lost: Mapping[OpenAllocation, int], quarantine: bool
) -> dict[int, Place]:
    """Hold all units that the order has; with `quarantine`, also where missing ones go, and give that by unit."""
    rows = work.db.all("places_of_units", ids=sorted({one.unit_id for one in lost})) if quarantine else []
    aside = {unit: Place(*place)._replace(status=UnitStatus.QUARANTINE) for unit, *place in rows}
    spots = hold_places(work, list(aside.values()))
    lock_units(work, [*units_at_stake(work, [locked]), *(spot.unit_id for spot in spots)])
    return aside


def _book_out(work: Work, lost: Mapping[OpenAllocation, int], aside: Mapping[int, Place]) -> None:
    units = summed((one.unit_id, count) for one, count in lost.items())
    write_off(work, units, reason="short pick")
    post(work, {place: units[unit] for unit, place in aside.items()}, reason="short pick")


def _step(work: Work, locked: Sequence[LockedOrder], step: Step) -> list[Attempt]:
    to = [after(OrderStatus(one.order.status), step, order=one.order.number) for one in locked]
    return settle(
        work,
        [
            unchanged(one)._replace(to=Outcome(status, None, one.order.hold_reason))
            for one, status in zip(locked, to, strict=True)
        ],
    )


def _insist(locked: Sequence[LockedOrder], step: Step, *, only: Sequence[OrderStatus] = ()) -> None:
    for one in locked:
        status = OrderStatus(one.order.status)
        after(status, step, order=one.order.number)
        if only and status not in only:
            raise WrongState(order=one.order.number, status=status, action=REFUSED[step])


def _move(work: Work, statement: str, locked: Sequence[LockedOrder], reason: str) -> None:
    work.db.run(
        statement,
        orders=[one.order.order_id for one in locked],
        reason=reason,
        source=work.source,
        actor=work.actor,
        as_of=work.as_of,
    )
