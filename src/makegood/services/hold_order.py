"""Take an order out of the queue until a person releases it."""

from makegood.domain.orders import OrderRow
from makegood.domain.outcome import Outcome
from makegood.domain.states import HoldKind, OrderStatus
from makegood.planner.attempt import Attempt
from makegood.services.change_orders import settle, unchanged
from makegood.services.free_allocations import release_all
from makegood.services.gates import insist_editable, lock_order
from makegood.services.work import Work


def hold_order(work: Work, name: str, *, because: str, free: bool = False) -> Attempt:
    """Hold an order; `free` offers what it has reserved to the queue, else it keeps that.

    Raises `WrongState` from picking on.
    """
    locked = lock_order(work, name)
    insist_editable(locked.order, "be held")
    change = release_all(work, [locked], because="the order was held")[0] if free else unchanged(locked)
    # An order that is held already changes no status, which would leave no word of who held it and why.
    told = _held_anew(locked.order, because) if locked.order.status == OrderStatus.ON_HOLD else None
    to = Outcome(OrderStatus.ON_HOLD, HoldKind.MANUAL, because)
    return settle(work, [change._replace(to=to, told=told)])[0]


def _held_anew(order: OrderRow, because: str) -> tuple[str, dict[str, object]]:
    return "order:held", {"kind": HoldKind.MANUAL, "reason": because, "previousKind": order.hold_kind}
