"""Gates and orders are locked in one order everywhere, and what decides is read only afterwards."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from makegood.domain.errors import OrderNotFound
from makegood.domain.orders import LineRow, OrderRow
from makegood.services.work import Work
from makegood.store.database import StartOver


class LockedOrder(NamedTuple):
    """An order whose row and whose matched lines' gates are held, with its lines as they stand now."""

    order: OrderRow
    lines: Sequence[LineRow]


def lock_gates(work: Work, warehouse: int, variants: Iterable[int]) -> list[int]:
    """Hold the gates of these variants in one warehouse until the commit; missing gates are made."""
    wanted = sorted(set(variants))
    if not wanted:
        return []
    held = work.db.all("lock_gates", warehouse=warehouse, variants=wanted)
    if len(held) < len(wanted):
        # A gate that is made now could stand before one that is held already: make all, then lock anew.
        work.db.run("add_gates", warehouse=warehouse, variants=wanted)
        work.db.all("lock_gates", warehouse=warehouse, variants=wanted)
    return wanted


def find_order(work: Work, name: str) -> tuple[int, int]:
    """Give id and warehouse of the order with this number or id, or raise `OrderNotFound`."""
    found = work.db.one("order_ids", number=name, id=int(name) if name.isdecimal() and len(name) < 19 else -1)
    if found is None:
        raise OrderNotFound(name)
    return found[0], found[2]


def lock_order(work: Work, name: str) -> LockedOrder:
    """Hold one order with the gates of all its matched lines; start over if its variants changed meanwhile."""
    order_id, warehouse = find_order(work, name)
    return lock_orders(work, warehouse, [order_id])[0]


def lock_orders(
    work: Work, warehouse: int, order_ids: Sequence[int], variants: Collection[int] = ()
) -> list[LockedOrder]:
    """Hold several orders of one warehouse, by id, after the gates of all their lines and of more variants."""
    wanted = sorted(set(order_ids))
    before = {row.variant_id for row in _lines(work, wanted) if row.variant_id is not None}
    before |= set(variants)
    lock_gates(work, warehouse, before)
    orders = work.db.records(OrderRow, "lock_orders", orders=wanted)
    lines = _lines(work, wanted)
    if any(row.variant_id not in before for row in lines if row.variant_id is not None):
        raise StartOver("the order got another variant before its gates were held")
    by_order: dict[int, list[LineRow]] = {order.order_id: [] for order in orders}
    for line in lines:
        by_order[line.order_id].append(line)
    return [LockedOrder(order, by_order[order.order_id]) for order in orders]


def _lines(work: Work, orders: Sequence[int]) -> list[LineRow]:
    return work.db.records(LineRow, "lines_of_orders", orders=orders)
