"""Cancel what has not gone out of an order; its stock goes to the queue in the same transaction."""

from makegood.domain.states import OrderStatus, Step, after
from makegood.planner.attempt import Attempt
from makegood.services.change_orders import settle
from makegood.services.free_allocations import release_all
from makegood.services.gates import lock_order
from makegood.services.work import Work


def cancel_order(work: Work, name: str, *, because: str = "") -> Attempt:
    """Cancel an order and give what it came to: CANCELLED, or SHIPPED when a part has gone out.

    Raises `WrongState` once picking has begun.
    """
    locked = lock_order(work, name)
    after(OrderStatus(locked.order.status), Step.CANCEL, order=locked.order.number)
    (change,) = release_all(work, [locked], because="the order was cancelled")
    lines = [line._replace(cancelled=line.quantity - line.fulfilled) for line in change.lines]
    return settle(work, [change._replace(lines=lines, told=("order:cancel_asked", {"because": because}))])[0]
