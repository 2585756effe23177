"""Return a held order to the queue, with the age and rank that it had."""

from datetime import timedelta

from makegood.domain.errors import WrongState
from makegood.domain.outcome import outcome
from makegood.domain.states import OrderStatus
from makegood.planner.attempt import Attempt
from makegood.services.business_settings import business_settings
from makegood.services.change_orders import Change, settle
from makegood.services.gates import lock_order
from makegood.services.work import Work


def release_hold(work: Work, name: str, *, snooze_days: int | None = None) -> Attempt:
    """Release a hold; the order is not held again for its age before so many days have passed.

    Without `snooze_days` that is the business setting `max_backorder_days`. Raises `WrongState` unless the
    order is ON_HOLD and, where it is held for unmatched lines, until these are matched.
    """
    locked = lock_order(work, name)
    if locked.order.status != OrderStatus.ON_HOLD:
        raise WrongState(order=locked.order.number, status=locked.order.status, action="be released")
    to = outcome([line.state() for line in locked.lines])
    if to.status is OrderStatus.ON_HOLD:
        raise WrongState(
            order=locked.order.number,
            status=locked.order.status,
            action="be released",
            hint=f"{to.reason}: match these lines first.",
        )
    days = business_settings(work.db).max_backorder_days if snooze_days is None else snooze_days
    order = locked.order._replace(review_after=work.as_of + timedelta(days=days))
    facts: dict[str, object] = {"reviewAfter": order.review_after, "kind": locked.order.hold_kind}
    change = Change(locked, order, locked.lines, to=to, told=("order:released", facts))
    return settle(work, [change])[0]
