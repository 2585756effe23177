"""The loop's other half: release to pick, picked, short pick, shipped. Many orders of one warehouse at a time."""

from collections.abc import Sequence

from makegood.domain.catalogue import UnitStatus
from makegood.domain.errors import LineNotFound, NotEnough, WrongState
from makegood.domain.outcome import Outcome
from makegood.domain.states import REFUSED, OrderStatus, Step, after
from makegood.planner.attempt import Attempt
from makegood.services.change_orders import Change, settle, unchanged
from makegood.services.free_allocations import OpenAllocation, free, keep_whole_or_nothing, less, open_allocations
from makegood.services.gates import LockedOrder, lock_named, lock_order
from makegood.services.post_stock import add_stock
from makegood.services.shrink_stock import Unit
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
    freed = free(work, lost, because="the picker did not find it")
    _book_out(work, lost, quarantine)
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


def _book_out(work: Work, lost: dict[OpenAllocation, int], quarantine: bool) -> None:
    units: dict[int, int] = {}
    for one, count in lost.items():
        units[one.unit_id] = units.get(one.unit_id, 0) + count
    work.db.run_expecting(
        len(units),
        "take_stock",
        ids=list(units),
        units=list(units.values()),
        reason="short pick",
        source=work.source,
        actor=work.actor,
        as_of=work.as_of,
    )
    if quarantine:
        rows = work.db.records(Unit, "lock_units", ids=sorted(units))
        add_stock(
            work,
            [(row.place._replace(status=UnitStatus.QUARANTINE), units[row.unit_id]) for row in rows],
            reason="short pick",
        )


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
