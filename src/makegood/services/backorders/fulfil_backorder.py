"""Fulfil a backorder: its own allocations first, then what nobody better ranked waits for, of the source named."""

from collections.abc import Iterable, Mapping

from makegood.domain.backorders import FulfilmentSource
from makegood.domain.errors import InboundUnfit, InvalidValue
from makegood.domain.orders import LineRow
from makegood.domain.states import OPEN_TO_ALLOCATION, AllocationState
from makegood.services.backorders.allocate_backorder import allocate_in_turn
from makegood.services.backorders.records import (
    BackorderRow,
    BackorderSheet,
    find_open,
    hold_backorder,
    insist_status,
    lock_backorder,
    read_backorder,
    source_named,
    units_asked,
    with_line,
)
from makegood.services.backorders.show_backorder import LineAllocation, line_allocations
from makegood.services.backorders.source_backorder import inbound_for
from makegood.services.change_orders import Change, settle
from makegood.services.free_allocations import free, keep_whole_or_nothing, less, open_allocations
from makegood.services.gates import LockedOrder
from makegood.services.inbound.give_received import give, insist_received
from makegood.services.inbound.records import InboundRow
from makegood.services.read_book import usable_units
from makegood.services.shrink_stock import lock_units, units_at_stake
from makegood.services.work import Work
from makegood.store.database import StartOver

HINT = "An order that is being picked goes out by its pick; one on hold has to be released first."


def fulfil_backorder(
    work: Work,
    number: str,
    *,
    quantity: int | None = None,
    source: str = FulfilmentSource.INVENTORY,
    source_id: str | None = None,
) -> BackorderSheet:
    """Let so many units go out, else all that remain, and give the record; stock and ledger are lowered.

    From another source than INVENTORY it takes what that inbound line has received and given to nobody else. What
    has lapsed or cannot be given out any more is never taken. Raises `PriorityConflict`, `NotEnough`,
    `NotReceived`, `InboundNotFound`, `InboundUnfit`, `InvalidValue`, `WrongState`, `BackorderNotFound`,
    `BackorderClosed`; nothing has gone out then.
    """
    kind = FulfilmentSource(source_named(source))
    found = find_open(work, number)
    inbound = _inbound(work, found, kind, source_id)
    hold_backorder(work, found)
    locked, line = lock_backorder(work, found)
    insist_status(locked, OPEN_TO_ALLOCATION, "be fulfilled", HINT)
    wanted = units_asked(found, quantity, line.quantity - line.fulfilled - line.cancelled, "remain")
    _hold_units(work, found, locked)
    line = _give_up_what_cannot_go(work, locked, line)
    if inbound:
        insist_received(inbound, wanted - _came_with(_open(work, line), inbound))
    if line.allocated < wanted:
        lacking = wanted - line.allocated
        allocate_in_turn(work, found, line, lacking, lacking)
    _let_go(work, found, wanted, kind, inbound)
    return read_backorder(work, found.number)


def _inbound(work: Work, found: BackorderRow, kind: FulfilmentSource, name: str | None) -> InboundRow | None:
    """Find the inbound line that is the source; INVENTORY has none."""
    if kind is FulfilmentSource.INVENTORY:
        if name is not None:
            raise InvalidValue("source_id", name, "for INVENTORY, which is what lies in the house")
        return None
    if name is None:
        raise InvalidValue("source_id", name, f"the inbound line that is the {kind.value}")
    row = inbound_for(work, found, name)
    if row.kind != kind:
        raise InboundUnfit(inbound=row.name, field="kind", wanted=kind.value, found=row.kind)
    return row


def _hold_units(work: Work, found: BackorderRow, locked: LockedOrder) -> None:
    """Hold, before any of them changes, what the order has and what the line may be given."""
    on_shelf = usable_units(work, found.warehouse_id, [found.variant_id])
    lock_units(work, [*units_at_stake(work, [locked]), *(unit.unit_id for unit in on_shelf)])


def _give_up_what_cannot_go(work: Work, locked: LockedOrder, line: LineRow) -> LineRow:
    """End the line's reservations whose time is up or that stand on units which cannot be given out."""
    dead = {one.allocation_id: one for one in _open(work, line) if not _good(work, one)}
    if not dead:
        return line
    held = [one for one in open_allocations(work, orders=[line.order_id]) if one.allocation_id in dead]
    lapsed = {one: one.quantity for one in held if dead[one.allocation_id].usable}
    gone = {one: one.quantity for one in held if not dead[one.allocation_id].usable}
    free(work, lapsed, state=AllocationState.EXPIRED, because="its time was up")
    free(work, gone, because="its units cannot be given out any more")
    freed = {line.line_id: sum(one.quantity for one in held)}
    change = Change(locked, locked.order, less(locked.lines, freed))
    settle(work, keep_whole_or_nothing(work, [change]))
    return less([line], freed)[0]


def _let_go(
    work: Work, found: BackorderRow, wanted: int, kind: FulfilmentSource, inbound: InboundRow | None
) -> None:
    """Take so many units of the line's reservations off the shelf, and settle the order."""
    locked, line = lock_backorder(work, found)
    held = _open(work, line)
    lock_units(work, {one.unit_id for one in held})
    good = [one for one in _open(work, line) if _good(work, one)]
    taken = _first(sorted(good, key=lambda one: not _is_of(one, inbound)), wanted)
    if sum(taken.values()) < wanted:
        raise StartOver("a reservation ended while the backorder was being fulfilled")
    if inbound:
        give(work, inbound, wanted - _came_with(taken, inbound), backorder=found.number)
    units = {one.unit_id for one in taken}
    work.db.run_expecting(
        len(units),
        "fulfil_allocations",
        ids=[one.allocation_id for one in taken],
        units=list(taken.values()),
        source=f"fulfilment:{found.number}",
        actor=work.actor,
        as_of=work.as_of,
    )
    work.db.run("fulfilled_from", line=line.line_id, source=kind)
    after = line._replace(fulfilled=line.fulfilled + wanted, allocated=line.allocated - wanted)
    payload: dict[str, object] = {
        "backorder": found.number,
        "quantity": wanted,
        "source": kind.value,
        "sourceId": inbound.name if inbound else None,
        "remaining": after.quantity - after.fulfilled - after.cancelled,
    }
    told = ("backorder:units_fulfilled", payload)
    settle(work, [Change(locked, locked.order, with_line(locked, after), told=told)])


def _open(work: Work, line: LineRow) -> list[LineAllocation]:
    return [one for one in line_allocations(work, line.line_id) if one.closed_at is None]


def _is_of(one: LineAllocation, inbound: InboundRow | None) -> bool:
    return inbound is not None and one.inbound_line_id == inbound.inbound_line_id


def _came_with(allocations: Iterable[LineAllocation] | Mapping[LineAllocation, int], inbound: InboundRow) -> int:
    """Count the units that the line has by name of an inbound line."""
    units = allocations if isinstance(allocations, Mapping) else {one: one.quantity for one in allocations}
    return sum(count for one, count in units.items() if _is_of(one, inbound))


def _good(work: Work, one: LineAllocation) -> bool:
    return one.usable and (one.expires_at is None or one.expires_at > work.as_of)


def _first(allocations: list[LineAllocation], units: int) -> dict[LineAllocation, int]:
    """Choose so many units, the oldest allocation first."""
    chosen: dict[LineAllocation, int] = {}
    for one in allocations:
        count = min(one.quantity, units)
        if count:
            chosen[one] = count
            units -= count
    return chosen
