"""Place orders: they join the queue and are planned with it at once, so that nobody overtakes."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from makegood.domain.orders import NewOrder
from makegood.domain.states import ShipPolicy
from makegood.planner.attempt import Attempt
from makegood.planner.book import Book, Plan, WaitingOrder
from makegood.planner.plan import plan
from makegood.services.carry_out import (
    attempts_of,
    cover_lines,
    insist,
    move_orders,
    offer_what_was_kept,
    reserve,
)
from makegood.services.new_orders import Placed, Site, find_site, insert_orders, new_rows
from makegood.services.read_book import Reading, book_of, read_served, waiting_order
from makegood.services.read_queue import (
    BOTTOM,
    Held,
    hold_with_queue,
    insist_nothing_came,
    leaving_queues,
    strike_served,
)
from makegood.services.record import open_first_backorders, record
from makegood.services.work import Work

# An intake serves at most this much of a marked queue itself; the rest is the check's.
LINES_SERVED_AT_INTAKE = 200


def place_order(work: Work, order: NewOrder) -> Attempt:
    """Place one order and give its first attempt.

    Raises `AlreadyExists` when the number is taken, `InvalidValue` for a field that makes no sense.
    """
    return place_orders(work, [order], warehouse=order.warehouse)[0]


def place_orders(work: Work, orders: Sequence[NewOrder], *, warehouse: str | None) -> list[Attempt]:
    """Place many orders of one warehouse together, all of them or none, and give their first attempts."""
    site = find_site(work, warehouse)
    placed = new_rows(work, orders, site)
    with leaving_queues(work):
        return _served_with_the_queue(work, placed, site)


def _served_with_the_queue(work: Work, placed: Sequence[Placed], site: Site) -> list[Attempt]:
    variants = {line.variant_id for one in placed for line in one.lines if line.variant_id is not None}
    held = hold_with_queue(work, site.warehouse_id, variants, LINES_SERVED_AT_INTAKE)
    newcomers = [order for one in placed if (order := _newcomer(one, held.pending))]
    book = book_of(work, site.warehouse_id, held.peek, held.variants, newcomers, until=BOTTOM)
    insist_nothing_came(work, site.warehouse_id, held.variants, held.marks)
    made = plan(book, as_of=work.today)
    insist(book, made, work.today)
    first = attempts_of(
        work,
        Reading(
            warehouse=site.warehouse_id,
            orders={one.order.order_id: one.order for one in placed},
            lines={one.order.order_id: one.lines for one in placed},
            asked={one.order.order_id for one in placed},
            undecided={one.order.order_id for one in placed if _is_undecided(one, made)},
        ),
        made,
    )
    served = attempts_of(work, _served_before(work, site.warehouse_id, book, made, held, placed), made)
    _write(work, placed, first, served, made, held)
    _hand_over(work, placed, first, made, held, site.warehouse_id)
    return first


def _served_before(
    work: Work, warehouse: int, book: Book, made: Plan, held: Held, placed: Sequence[Placed]
) -> Reading:
    """Read those of the queue that are served on the way."""
    new = {one.order.order_id for one in placed}
    queue = replace(book, orders=tuple(order for order in book.orders if order.order_id not in new))
    known = {line.line_id for order in queue.orders for line in order.lines}
    grants = [grant for grant in made.grants if grant.line_id in known]
    return read_served(work, warehouse, queue, replace(made, grants=grants), held.sources)


def _newcomer(one: Placed, pending: Collection[int]) -> WaitingOrder | None:
    """Give the order as a plan sees it; what needs a queue that cannot be decided here is left out."""
    decidable = {line.line_id for line in one.lines if line.variant_id not in pending}
    waiting = waiting_order(one.order, one.lines, decidable)
    if waiting and waiting.policy is ShipPolicy.COMPLETE and len(decidable) < len(one.lines):
        return None
    return waiting


def _is_undecided(one: Placed, made: Plan) -> bool:
    """Tell whether a line is still to be looked at by a check that could give it something."""
    whole = one.order.ship_policy == ShipPolicy.COMPLETE or not one.order.allow_backorders
    if whole and any(line.variant_id is None for line in one.lines):
        return False
    return any(line.variant_id is not None and line.line_id not in made.considered for line in one.lines)


def _write(
    work: Work,
    placed: Sequence[Placed],
    first: Sequence[Attempt],
    served: Sequence[Attempt],
    made: Plan,
    held: Held,
) -> None:
    turn = work.db.value("draw_turn")
    insert_orders(work, placed, first, turn)
    reserve(work, made)
    cover_lines(work, served, turn)
    move_orders(work, served)
    opened = open_first_backorders(work, first)
    record(work, [*served, *first], made.grants, turn, held.sources, besides=opened)


def _hand_over(
    work: Work, placed: Sequence[Placed], first: Sequence[Attempt], made: Plan, held: Held, warehouse: int
) -> None:
    """Strike the marks of queues that were served to their end; mark what could not be decided here."""
    strike_served(work, warehouse, held, made)
    undecided = {
        result.line.variant_id
        for attempt in first
        for result in attempt.lines
        if result.line.variant_id is not None and result.short > 0 and result.line.line_id not in made.considered
    }
    work.mark((variant, warehouse) for variant in undecided)
    offer_what_was_kept(work, first)
