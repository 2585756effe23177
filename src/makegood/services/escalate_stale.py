"""Hold orders that have been short for too long, so that a person looks at them.

The rule is in docs/concepts/who-is-served-first.md.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from makegood.domain.outcome import Outcome
from makegood.domain.states import HoldKind, OrderStatus
from makegood.services.business_settings import BusinessSettings, business_settings
from makegood.services.change_orders import Change, settle, unchanged
from makegood.services.free_allocations import release_all
from makegood.services.gates import lock_orders
from makegood.services.work import Work

# So many orders are held in one transaction: their gates stay locked for a fraction of a second.
ORDERS_A_BATCH = 300


class Escalated(NamedTuple):
    """What a batch did: the orders held, whether there may be more, and how many await a check first."""

    orders: Sequence[str]
    more: bool
    awaiting: int


class _Stale(NamedTuple):
    order_id: int
    warehouse_id: int
    pending: bool


def stale_orders(work: Work, *, most: int = ORDERS_A_BATCH) -> list[int]:
    """List the orders that the next batch would hold; all are of one warehouse."""
    return [one.order_id for one in _batch(_find(work, business_settings(work.db), None, most))]


def escalate_stale(work: Work, orders: Sequence[int] | None = None, *, most: int = ORDERS_A_BATCH) -> Escalated:
    """Hold the next batch of orders (or those named, by id) that have been short for more than the set days.

    Left alone are orders with a mark pending for one of their short variants, before a promised date that
    lies ahead, before their next review, and those that have sourced all that they lack on supply of which the
    day, with the supplier's margin, has not passed; and those whose customer's silence about a delay may mean yes.
    """
    settings = business_settings(work.db)
    seen = _find(work, settings, orders, most)
    batch = _batch(seen)
    held: list[str] = []
    if batch:
        locked = lock_orders(work, batch[0].warehouse_id, [one.order_id for one in batch])
        # Decided anew under the locks: what was short a moment ago may have been served, or marked.
        ids = [one.order_id for one in batch]
        still = {one.order_id for one in _find(work, settings, ids, most) if not one.pending}
        stale = [one for one in locked if one.order.order_id in still]
        because = reason(settings.max_backorder_days)
        changes = (
            release_all(work, stale, because=because)
            if settings.escalation_frees
            else [unchanged(one) for one in stale]
        )
        settle(work, [_held(change, because) for change in changes])
        held = [one.order.number for one in stale]
    return Escalated(held, bool(held), sum(one.pending for one in seen))


def reason(days: int) -> str:
    """Give the reason that stands in the order.

    >>> reason(30)
    'Backordered for more than 30 days — manual review required'
    """
    return f"Backordered for more than {days} days — manual review required"


def _held(change: Change, because: str) -> Change:
    since = change.order.backordered_since
    facts: dict[str, object] = {"backorderedSince": since, "reason": because}
    return change._replace(
        to=Outcome(OrderStatus.ON_HOLD, HoldKind.STALE, because), told=("order:escalated", facts)
    )


def _find(work: Work, settings: BusinessSettings, orders: Sequence[int] | None, most: int) -> list[_Stale]:
    partial = [OrderStatus.PARTIALLY_ALLOCATED] if settings.escalate_partial else []
    return work.db.records(
        _Stale,
        "stale_orders",
        statuses=[OrderStatus.BACKORDERED, *partial],
        before=work.as_of - timedelta(days=settings.max_backorder_days),
        as_of=work.as_of,
        today=work.today,
        margin=settings.supplier_margin_days,
        orders=None if orders is None else list(orders),
        most=most,
    )


def _batch(seen: Sequence[_Stale]) -> list[_Stale]:
    """Keep what one transaction may hold: gates are locked warehouse by warehouse."""
    ready = [one for one in seen if not one.pending]
    return [one for one in ready if one.warehouse_id == ready[0].warehouse_id]
