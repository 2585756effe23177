"""Let reservations end whose time is up: their units go to the queue, their orders wait again."""

from collections.abc import Sequence
from typing import NamedTuple

from makegood.domain.states import EDITABLE, AllocationState, OrderStatus
from makegood.services.change_orders import Change, settle
from makegood.services.free_allocations import (
    OpenAllocation,
    free,
    keep_whole_or_nothing,
    less,
    open_allocations,
)
from makegood.services.gates import lock_orders
from makegood.services.work import Work

# So many orders lose reservations in one transaction.
ORDERS_A_BATCH = 300


class Expired(NamedTuple):
    """What a batch did: the reservations ended, and whether there may be more."""

    allocations: int
    more: bool


def orders_to_expire(work: Work, *, most: int = ORDERS_A_BATCH) -> list[int]:
    """List the orders of which the next batch would end a reservation; all are of one warehouse."""
    return _find(work, None, most)[1]


def expire_allocations(work: Work, orders: Sequence[int] | None = None, *, most: int = ORDERS_A_BATCH) -> Expired:
    """End the reservations whose time is up, in the next batch of orders or in those named by id.

    Orders that somebody picks, packs or has shipped keep theirs.
    """
    warehouse, ids = _find(work, orders, most)
    if not ids:
        return Expired(0, more=False)
    locked = [one for one in lock_orders(work, warehouse, ids) if OrderStatus(one.order.status) in EDITABLE]
    held = open_allocations(work, orders=[one.order.order_id for one in locked])
    ended = {one: one.quantity for one in held if _is_over(work, one)}
    freed = free(work, ended, state=AllocationState.EXPIRED, because="its time was up")
    hit = {one.order_id for one in ended}
    changes = [Change(one, one.order, less(one.lines, freed)) for one in locked if one.order.order_id in hit]
    settle(work, keep_whole_or_nothing(work, changes))
    return Expired(len(ended), more=bool(ended))


def _is_over(work: Work, allocation: OpenAllocation) -> bool:
    return allocation.expires_at is not None and allocation.expires_at <= work.as_of


def _find(work: Work, orders: Sequence[int] | None, most: int) -> tuple[int, list[int]]:
    """Give the first warehouse in which something expires, and the orders there."""
    rows = work.db.all(
        "orders_with_expired_allocations",
        as_of=work.as_of,
        statuses=sorted(EDITABLE),
        orders=None if orders is None else list(orders),
        most=most,
    )
    first = rows[0][0] if rows else 0
    return first, [order for warehouse, order in rows if warehouse == first]
