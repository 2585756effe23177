"""Cancel a backorder, whole or in part; what it held beyond the rest goes to the queue."""

from makegood.services.backorders.records import (
    BackorderSheet,
    find_open,
    lock_backorder,
    read_backorder,
    units_asked,
    with_line,
)
from makegood.services.change_orders import Change, settle
from makegood.services.edit_order import free_surplus
from makegood.services.free_allocations import keep_whole_or_nothing, less
from makegood.services.gates import insist_editable
from makegood.services.work import Work


def cancel_backorder(work: Work, number: str, *, quantity: int | None = None, because: str = "") -> BackorderSheet:
    """Cancel so many units, else all that remain, and give the record; what has gone out stays fulfilled.

    Raises `InvalidValue`, `BackorderNotFound`, `BackorderClosed`, and `WrongState` from picking on.
    """
    found = find_open(work, number)
    locked, line = lock_backorder(work, found)
    insist_editable(locked.order, "have a backorder cancelled")
    remaining = line.quantity - line.fulfilled - line.cancelled
    units = units_asked(found, quantity, remaining, "remain")
    lines = with_line(locked, line._replace(cancelled=line.cancelled + units))
    freed = free_surplus(work, lines)
    payload: dict[str, object] = {"backorder": found.number, "quantity": units, "because": because}
    change = Change(locked, locked.order, less(lines, freed), told=("backorder:units_cancelled", payload))
    settle(work, keep_whole_or_nothing(work, [change]))
    return read_backorder(work, found.number)
