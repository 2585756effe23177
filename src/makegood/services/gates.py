"""Gates and orders are locked in one order everywhere, and what decides is read only afterwards."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from makegood.domain.errors import Ambiguous, OrderNotFound, WrongState
from makegood.domain.orders import LineRow, OrderRow
from makegood.domain.states import EDITABLE, OrderStatus
from makegood.services.work import Work
from makegood.store.database import StartOver

AN_ID = re.compile(r"(?:id:)?([0-9]{1,18})")


class LockedOrder(NamedTuple):
    """An order whose row and whose matched lines' gates are held, with its lines as they stand now."""

    order: OrderRow
    lines: Sequence[LineRow]


def lock_gates(work: Work, warehouse: int, variants: Iterable[int]) -> list[int]:
    """Hold the gates of these variants in one warehouse until the commit; missing gates are made.

    Whoever holds a gate may change who waits: the dates of its queue are marked to be looked at.
    """
    wanted = sorted(set(variants))
    if not wanted:
        return []
    hold_gates(work, ((variant, warehouse) for variant in wanted))
    work.db.run("mark_dated_queues", warehouse=warehouse, variants=wanted, source=work.source, actor=work.actor)
    return wanted


def hold_gates(work: Work, gates: Iterable[tuple[int, int]]) -> None:
    """Hold the gates of these (variant, warehouse) until the commit; missing ones are made. No date mark is left.

    All that a transaction ever holds is locked by warehouse, then variant. When it comes to need a gate before one
    that it holds, it starts over and holds both from the start: to wait for it now could be to wait in a ring.
    """
    held = work.db.held
    wanted = set(gates) - held
    if wanted and held and min(map(_in_order, wanted)) < max(map(_in_order, held)):
        raise StartOver("a gate is needed that comes before one that is held", gates=wanted | held)
    wanted |= work.db.learnt.gates - held if wanted else set()
    if wanted:
        variants, warehouses = zip(*sorted(wanted, key=_in_order), strict=True)
        work.db.run("lock_gates", variants=list(variants), warehouses=list(warehouses))
        held |= wanted


def _in_order(gate: tuple[int, int]) -> tuple[int, int]:
    variant, warehouse = gate
    return warehouse, variant


def by_id(order_id: int) -> str:
    """Give the name by which an order is found whatever the numbers of others are."""
    return f"id:{order_id}"


def find_order(work: Work, name: str) -> tuple[int, int, int]:
    """Give id, warehouse and merchant of the order with this number, `merchant/number`, id or `id:` and its id.

    Digits alone are an id only where no order has that number.
    Raises `OrderNotFound`, and `Ambiguous` when several merchants have an order of this number.
    """
    return find_orders(work, [name])[0]


def find_orders(work: Work, names: Sequence[str]) -> list[tuple[int, int, int]]:
    """Give id, warehouse and merchant of each named order."""
    found = orders_named(work, names)
    for name in names:
        if name not in found:
            raise OrderNotFound(name)
        if len(found[name]) > 1:
            raise Ambiguous(name=name, choices=[f"{merchant}/{name}" for *_, merchant in found[name]])
    return [found[name][0][:3] for name in names]


def orders_named(work: Work, names: Sequence[str]) -> dict[str, list[tuple[int, int, int, str]]]:
    """Give id, warehouse, merchant and its code of all orders that each name stands for; some stand for none."""
    ids = [int(digits[1]) if (digits := AN_ID.fullmatch(name)) else -1 for name in names]
    found: dict[str, list[tuple[int, int, int, str]]] = {}
    for name, *order in work.db.all("named_orders", names=list(names), ids=ids):
        found.setdefault(name, []).append((order[0], order[1], order[2], order[3]))
    return found


def lock_order(work: Work, name: str, variants: Collection[int] = ()) -> LockedOrder:
    """Hold one order with the gates of all its matched lines; start over if its variants changed meanwhile."""
    order_id, warehouse, _ = find_order(work, name)
    return lock_orders(work, warehouse, [order_id], variants)[0]


def lock_named(work: Work, names: Sequence[str]) -> list[LockedOrder]:
    """Hold several orders by name, warehouse by warehouse."""
    sites: dict[int, list[int]] = {}
    for order_id, warehouse, _ in find_orders(work, names):
        sites.setdefault(warehouse, []).append(order_id)
    return [locked for site in sorted(sites) for locked in lock_orders(work, site, sites[site])]


def insist_editable(order: OrderRow, action: str) -> None:
    """Refuse what may not be done to an order from picking on."""
    if OrderStatus(order.status) not in EDITABLE:
        raise WrongState(order=order.number, status=order.status, action=action)


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
