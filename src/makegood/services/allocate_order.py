"""Try one order by name, now: the manual retry, always on record, never overtaking."""

from collections.abc import Sequence
from dataclasses import replace

from makegood.domain.errors import WrongState
from makegood.domain.orders import LineRow, OrderRow
from makegood.domain.states import OPEN_TO_ALLOCATION, OrderStatus, ShipPolicy
from makegood.planner.attempt import Attempt
from makegood.planner.book import Plan
from makegood.planner.plan import plan
from makegood.services.carry_out import carry_out
from makegood.services.gates import find_order
from makegood.services.read_book import book_of, read_served
from makegood.services.read_queue import (
    BOTTOM,
    Held,
    Peek,
    hold_with_queue,
    insist_nothing_came,
    leaving_queues,
    strike_served,
)
from makegood.services.work import Work

# A retry serves at most this much of a marked queue itself; the rest is the check's.
LINES_SERVED_AT_RETRY = 200


def allocate_order(work: Work, name: str, *, allow_partial: bool = True) -> Attempt:
    """Give the order what the plan gives it, together with whoever is ahead of it, and tell what came of it.

    With `allow_partial=False` it gets all that it lacks or nothing. Raises `WrongState` for one that cannot wait.
    """
    order_id, warehouse, _ = find_order(work, name)
    with leaving_queues(work):
        return _allocate(work, order_id, warehouse, allow_partial)


def _allocate(work: Work, order_id: int, warehouse: int, allow_partial: bool) -> Attempt:
    wanted = {row[0] for row in work.db.all("variants_of_orders", orders=[order_id])}
    held = hold_with_queue(work, warehouse, wanted, LINES_SERVED_AT_RETRY)
    order = work.db.records(OrderRow, "read_orders", orders=[order_id])[0]
    if OrderStatus(order.status) not in OPEN_TO_ALLOCATION:
        raise WrongState(order=order.number, status=order.status, action="be allocated")
    lines = [line for line in work.db.records(LineRow, "lines_of_orders", orders=[order_id]) if line.waiting]
    book = book_of(work, warehouse, _with(held, order, lines), held.variants, until=BOTTOM)
    insist_nothing_came(work, warehouse, held.variants, held.marks)
    made = plan(book, as_of=work.today)
    if not allow_partial and not _fills(made, lines):
        # Nobody is served past the order: the queue keeps its marks, and the check gives its units out.
        book = replace(book, orders=())
        made = plan(book, as_of=work.today)
    else:
        strike_served(work, warehouse, held, made)
    reading = read_served(work, warehouse, book, made, held.sources, {order_id})
    if any(line.line_id not in made.considered for line in lines):
        reading.undecided = {order_id}
    attempts = carry_out(work, reading, book, made)
    return next(attempt for attempt in attempts if attempt.order.order_id == order_id)


def _with(held: Held, order: OrderRow, lines: Sequence[LineRow]) -> Peek:
    """Add the order itself to what was looked at, as far as it can be decided here."""
    seen = held.peek
    if order.ship_policy == ShipPolicy.COMPLETE or not order.allow_backorders:
        undecidable = any(line.variant_id in held.pending for line in lines)
        return seen if undecidable or not lines else seen._replace(whole=seen.whole | {order.order_id})
    own = {line.line_id for line in lines if line.variant_id not in held.sources.keys() | held.pending}
    return seen._replace(lines=seen.lines | own)


def _fills(made: Plan, lines: Sequence[LineRow]) -> bool:
    """Tell whether the plan gives these lines all that they lack."""
    granted = {line.line_id: 0 for line in lines}
    for grant in made.grants:
        if grant.line_id in granted:
            granted[grant.line_id] += grant.units
    return all(line.shortfall == granted[line.line_id] for line in lines)
