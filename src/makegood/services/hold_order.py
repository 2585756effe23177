"""Take an order out of the queue until a person releases it."""

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
    return settle(work, [change._replace(to=Outcome(OrderStatus.ON_HOLD, HoldKind.MANUAL, because))])[0]
