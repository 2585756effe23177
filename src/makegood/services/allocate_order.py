"""Try one order by name, now: the manual retry, always on record, never overtaking."""

from collections.abc import Sequence
from dataclasses import replace

from makegood.domain.errors import WrongState
from makegood.domain.orders import LineRow
from makegood.domain.states import OPEN_TO_ALLOCATION, OrderStatus, ShipPolicy
from makegood.planner.attempt import Attempt
from makegood.planner.book import Plan
from makegood.planner.plan import plan
from makegood.services.carry_out import carry_out
from makegood.services.gates import find_order
from makegood.services.read_book import book_of, read_orders
from makegood.services.read_queue import hold_with_queue, insist_nothing_came, strike_served
from makegood.services.work import Work
from makegood.store.database import StartOver

# A retry serves at most this much of a marked queue itself; the rest is the check's.
LINES_SERVED_AT_RETRY = 200


def allocate_order(work: Work, name: str, *, allow_partial: bool = True) -> Attempt:
    """Give the order what the plan gives it, together with whoever is ahead of it, and tell what came of it.

    With `allow_partial=False` it gets all that it lacks or nothing. Raises `WrongState` for one that cannot wait.
    """
    order_id, warehouse, _ = find_order(work, name)
    wanted = {row[0] for row in work.db.all("variants_of_orders", orders=[order_id])}
    held = hold_with_queue(work, warehouse, wanted, LINES_SERVED_AT_RETRY)
    reading = read_orders(work, warehouse, sorted({order_id, *held.peek.orders}), held.sources)
    reading.asked = {order_id}
    order, lines = reading.orders[order_id], reading.lines[order_id]
    if OrderStatus(order.status) not in OPEN_TO_ALLOCATION:
        raise WrongState(order=order.number, status=order.status, action="be allocated")
    if any(line.waiting and line.variant_id not in held.variants for line in lines):
        raise StartOver("the order needs a variant whose gate is not held")
    own = {line.line_id for line in lines if line.variant_id not in held.sources.keys() | held.pending}
    undecidable = held.pending & {line.variant_id for line in lines if line.waiting}
    whole = order.ship_policy == ShipPolicy.COMPLETE or not order.allow_backorders
    left_out = {order_id} if undecidable and whole else set()
    book = book_of(work, reading, held.peek._replace(lines=held.peek.lines | own), held.variants, but=left_out)
    insist_nothing_came(work, warehouse, held.variants, held.marks)
    made = plan(book, as_of=work.today)
    if not allow_partial and not _fills(made, lines):
        # Nobody is served past the order: the queue keeps its marks, and the check gives its units out.
        book = replace(book, orders=())
        return carry_out(work, reading, book, plan(book, as_of=work.today))[0]
    attempts = carry_out(work, reading, book, made)
    strike_served(work, held, made)
    return next(attempt for attempt in attempts if attempt.order.order_id == order_id)


def _fills(made: Plan, lines: Sequence[LineRow]) -> bool:
    """Tell whether the plan gives these lines all that they lack."""
    granted = {line.line_id: 0 for line in lines}
    for grant in made.grants:
        if grant.line_id in granted:
            granted[grant.line_id] += grant.units
    return all(line.shortfall == granted[line.line_id] for line in lines)
