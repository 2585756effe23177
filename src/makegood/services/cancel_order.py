"""Cancel what has not gone out of an order, all of it or a part; its stock goes to the queue at once."""

from collections.abc import Mapping

from makegood.domain.errors import InvalidValue, LineNotFound
from makegood.domain.orders import LineRow
from makegood.domain.states import OrderStatus, Step, after
from makegood.planner.attempt import Attempt
from makegood.services.change_orders import Change, settle
from makegood.services.edit_order import free_surplus
from makegood.services.free_allocations import keep_whole_or_nothing, less, release_all
from makegood.services.gates import LockedOrder, insist_editable, lock_order
from makegood.services.work import Work


def cancel_order(
    work: Work, name: str, *, quantities: Mapping[int, int] | None = None, because: str = ""
) -> Attempt:
    """Cancel an order and give what it came to: CANCELLED, or SHIPPED when a part has gone out.

    With `quantities`, whole units by line number, only these: units that are lacking go first. Raises `WrongState`
    once picking has begun, in part once it is released to pick; `LineNotFound`, `InvalidValue`.
    """
    locked = lock_order(work, name)
    if quantities is not None:
        return _cancel_part(work, locked, quantities, because)
    after(OrderStatus(locked.order.status), Step.CANCEL, order=locked.order.number)
    (change,) = release_all(work, [locked], because="the order was cancelled")
    lines = [line._replace(cancelled=line.quantity - line.fulfilled) for line in change.lines]
    return settle(work, [change._replace(lines=lines, told=("order:cancel_asked", {"because": because}))])[0]


def _cancel_part(work: Work, locked: LockedOrder, quantities: Mapping[int, int], because: str) -> Attempt:
    insist_editable(locked.order, "be cancelled in part")
    for number in quantities.keys() - {line.line_number for line in locked.lines}:
        raise LineNotFound(order=locked.order.number, line=number)
    lines = [_without(line, quantities.get(line.line_number, 0)) for line in locked.lines]
    freed = free_surplus(work, lines)
    units = {str(number): count for number, count in quantities.items()}
    told: tuple[str, dict[str, object]] = ("order:cancel_asked", {"because": because, "quantities": units})
    change = Change(locked, locked.order, less(lines, freed), told=told)
    return settle(work, keep_whole_or_nothing(work, [change]))[0]


def _without(line: LineRow, units: int) -> LineRow:
    remaining = line.quantity - line.fulfilled - line.cancelled
    if not 0 <= units <= remaining:
        raise InvalidValue("quantity", units, f"from 0 to {remaining}, which remain of line {line.line_number}")
    return line._replace(cancelled=line.cancelled + units)
