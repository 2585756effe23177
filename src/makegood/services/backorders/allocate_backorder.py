"""Allocate stock to a backorder by hand: in its turn, or forced by a person with a reason that is kept."""

from collections.abc import Sequence
from datetime import datetime

from makegood.domain.errors import BooksBusy, InvalidValue, NotEnough, PriorityConflict, WrongState
from makegood.domain.orders import LineRow
from makegood.domain.states import EDITABLE, OPEN_TO_ALLOCATION, ShipPolicy
from makegood.planner.book import Book, Grant, UsableUnit, WaitingLine, WaitingOrder
from makegood.planner.plan import plan
from makegood.services.allocate_order import allocate_order
from makegood.services.backorders.records import (
    BackorderRow,
    BackorderSheet,
    find_open,
    hold_backorder,
    insist_status,
    lock_backorder,
    read_backorder,
    units_asked,
    with_line,
)
from makegood.services.carry_out import reserve
from makegood.services.change_orders import Change, settle
from makegood.services.gates import LockedOrder
from makegood.services.read_book import usable_units
from makegood.services.work import Work


def allocate_backorder(
    work: Work,
    number: str,
    *,
    quantity: int | None = None,
    force_because: str | None = None,
    expires_at: datetime | None = None,
) -> BackorderSheet:
    """Reserve at least `quantity` units, else as many as can be had, and give the record.

    In its turn it gets what nobody better ranked waits for; with `force_because` what is free, against the
    rank. `expires_at` lets what is reserved now lapse. Raises `PriorityConflict`, `NotEnough`, `InvalidValue`,
    `WrongState`, `BackorderNotFound`, `BackorderClosed`; nothing was reserved then.
    """
    if expires_at is not None and expires_at <= work.as_of:
        raise InvalidValue("expires_at", expires_at, "a moment that lies ahead")
    if force_because is not None and not force_because.strip():
        raise InvalidValue("force_because", force_because, "a reason")
    found = find_open(work, number)
    if force_because is None:
        hold_backorder(work, found)
    locked, line = lock_backorder(work, found)
    wanted = units_asked(found, quantity, line.shortfall, "are uncovered")
    if wanted:
        if force_because is None:
            insist_status(locked, OPEN_TO_ALLOCATION, "be allocated")
            allocate_in_turn(work, found, line, wanted if quantity else 1, wanted)
            if expires_at:
                work.db.run("let_grants_lapse", line=line.line_id, order=line.order_id, expires_at=expires_at)
        else:
            insist_status(locked, EDITABLE, "be allocated")
            _force(work, found, locked, line, wanted, quantity is not None, force_because, expires_at)
    return read_backorder(work, found.number)


def allocate_in_turn(work: Work, found: BackorderRow, line: LineRow, least: int, wanted: int) -> None:
    """Give the line what the plan gives it, together with whoever is ahead of it: at least so many units.

    Raises `PriorityConflict` or `NotEnough` with the facts when that is fewer, `WrongState` when it ships whole,
    and `BooksBusy` while a check of several queues has to come first.
    """
    facts = work.db.one("better_ranked", line=line.line_id)
    free = work.db.value(
        "free_of_variant", variant=found.variant_id, warehouse=found.warehouse_id, today=work.today
    )
    attempt = allocate_order(work, found.order)
    granted = sum(result.granted for result in attempt.lines if result.line.line_id == line.line_id)
    if granted >= least:
        return
    if facts and facts[0] and free:
        raise PriorityConflict(
            sku=found.sku,
            wanted=wanted,
            free=free,
            orders_ahead=facts[0],
            units_ahead=facts[1],
            next_order=facts[2],
        )
    if free >= wanted and attempt.order.ship_policy != ShipPolicy.PARTIAL:
        raise WrongState(
            order=attempt.order.number,
            status=attempt.after.status,
            action="hold a part of what it lacks",
            hint=f"It ships {attempt.order.ship_policy.lower().replace('_', ' ')}.",
        )
    if free >= least:
        # Nobody is ahead and it is there: a check of other queues is pending that has to come first.
        raise BooksBusy(1)
    raise NotEnough(sku=found.sku, wanted=wanted, free=free)


def _force(
    work: Work,
    found: BackorderRow,
    locked: LockedOrder,
    line: LineRow,
    wanted: int,
    exactly: bool,
    because: str,
    expires_at: datetime | None,
) -> None:
    units = usable_units(work, found.warehouse_id, [found.variant_id])
    free = sum(unit.free for unit in units)
    take = wanted if exactly else min(wanted, free)
    if not 0 < take <= free:
        raise NotEnough(sku=found.sku, wanted=wanted, free=free)
    grants = _reserve(work, found, line, take, units)
    work.db.run_expecting(
        len(grants),
        "force_allocations",
        line=line.line_id,
        unit_ids=[grant.unit_id for grant in grants],
        units=[grant.units for grant in grants],
        reason=because,
        expires_at=expires_at,
        turn=work.db.value("draw_turn"),
        as_of=work.as_of,
    )
    payload: dict[str, object] = {"backorder": found.number, "quantity": take, "because": because}
    lines = with_line(locked, line._replace(allocated=line.allocated + take))
    settle(work, [Change(locked, locked.order, lines, told=("backorder:forced", payload))])


def _reserve(
    work: Work, found: BackorderRow, line: LineRow, take: int, units: Sequence[UsableUnit]
) -> Sequence[Grant]:
    """Reserve units of the shelf in the order in which they are given out, for this line alone."""
    waiting = WaitingLine(line.line_id, line.order_id, found.variant_id, take, line.rank)
    order = WaitingOrder(order_id=line.order_id, policy=ShipPolicy.PARTIAL, lines=[waiting])
    made = plan(Book(orders=[order], units=units), as_of=work.today)
    reserve(work, made)
    return made.grants
