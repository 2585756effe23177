"""Edit an order that is not in picking yet: quantities, further lines, priority, ship policy."""

from collections.abc import Mapping, Sequence

from makegood.domain.errors import InvalidValue, LineNotFound
from makegood.domain.orders import LineRow, NewLine, OrderRow, rank_priorities
from makegood.domain.rank import PRIORITY_WORDS
from makegood.domain.states import ShipPolicy
from makegood.planner.attempt import Attempt
from makegood.services.change_orders import Change, settle
from makegood.services.free_allocations import free, keep_whole_or_nothing, less, open_allocations
from makegood.services.gates import LockedOrder, find_order, insist_editable, lock_order
from makegood.services.new_orders import WHEN_SHORT, insert_lines, match_skus
from makegood.services.work import Work


def edit_order(
    work: Work,
    name: str,
    *,
    quantities: Mapping[int, int] | None = None,
    add: Sequence[NewLine] = (),
    priority: str | None = None,
    ship_policy: str | None = None,
    when_short: str | None = None,
) -> Attempt:
    """Change an order and give what it came to; what it no longer needs goes to the queue.

    `quantities` gives new whole units by line number; 0 takes a line out. Raises `WrongState` from picking on,
    `LineNotFound`, `InvalidValue`.
    """
    locked = _with_new_lines(work, name, add)
    insist_editable(locked.order, "be edited")
    order = _new_terms(locked.order, priority, ship_policy, when_short)
    wanted = _new_quantities(locked, quantities or {})
    lines = ranked(work, order, [line._replace(quantity=wanted[line.line_number]) for line in locked.lines])
    freed = free_surplus(work, lines)
    changed: dict[str, object] = {
        "quantities": {str(number): units for number, units in (quantities or {}).items()},
        "added": [line.sku for line in add],
        "priority": priority,
        "shipPolicy": ship_policy,
        "whenShort": when_short,
    }
    told = ("order:edited", {key: value for key, value in changed.items() if value})
    change = Change(locked, order, less(lines, freed), told=told)
    return settle(work, keep_whole_or_nothing(work, [change]))[0]


def _with_new_lines(work: Work, name: str, add: Sequence[NewLine]) -> LockedOrder:
    """Hold the order with the gates of the lines that are added, and append these lines."""
    *_, merchant = find_order(work, name)
    variants = match_skus(work, [(merchant, line.sku) for line in add])
    locked = lock_order(work, name, {variant for variant in variants if variant is not None})
    if not add:
        return locked
    insist_editable(locked.order, "be edited")
    return LockedOrder(locked.order, [*locked.lines, *insert_lines(work, locked, add, variants)])


def _new_terms(order: OrderRow, priority: str | None, ship_policy: str | None, when_short: str | None) -> OrderRow:
    if priority is not None:
        if priority.strip().upper() not in PRIORITY_WORDS:
            raise InvalidValue("priority", priority, "a priority")
        order = order._replace(priority=PRIORITY_WORDS[priority.strip().upper()].value)
    if ship_policy is not None:
        if ship_policy not in list(ShipPolicy):
            raise InvalidValue("ship_policy", ship_policy, "a ship policy")
        order = order._replace(ship_policy=ship_policy)
    if when_short is not None:
        if when_short not in WHEN_SHORT:
            raise InvalidValue("when_short", when_short, "skip or reserve")
        order = order._replace(keeps_back=WHEN_SHORT[when_short])
    return order


def _new_quantities(locked: LockedOrder, quantities: Mapping[int, int]) -> dict[int, int]:
    wanted = {line.line_number: line.quantity for line in locked.lines}
    gone = {line.line_number: line.fulfilled + line.cancelled for line in locked.lines}
    for number, units in quantities.items():
        if number not in wanted:
            raise LineNotFound(order=locked.order.number, line=number)
        if not gone[number] <= units < 2**31:
            raise InvalidValue("quantity", units, f"at least {gone[number]}, which is gone or cancelled already")
        wanted[number] = units
    return wanted


def ranked(work: Work, order: OrderRow, lines: Sequence[LineRow]) -> list[LineRow]:
    """Give the lines their place in the queue by the order's new terms; a backorder's own priority wins."""
    own = dict(work.db.all("backorder_priorities", lines=[line.line_id for line in lines]))
    ranks = rank_priorities(
        order.ship_policy, order.priority, [own.get(line.line_id, line.priority) for line in lines]
    )
    return [line._replace(rank_priority=rank) for line, rank in zip(lines, ranks, strict=True)]


def free_surplus(work: Work, lines: Sequence[LineRow]) -> dict[int, int]:
    """Free what lines hold beyond what they want now, the latest reservation first."""
    surplus = {line.line_id: -line.shortfall for line in lines if line.shortfall < 0}
    if not surplus:
        return {}
    freed = {}
    for one in reversed(open_allocations(work, orders=[lines[0].order_id])):
        count = min(one.quantity, surplus.get(one.line_id, 0))
        if count:
            freed[one] = count
            surplus[one.line_id] -= count
    return free(work, freed, because="the order was edited")
