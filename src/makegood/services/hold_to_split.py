"""Hold an order for its split; one that ships complete is first given its part, at its own turn of the queue."""

from makegood.domain.errors import NothingShort, WrongState
from makegood.domain.orders import LineRow, OrderRow
from makegood.domain.splits import SPLITTABLE, SplitMode
from makegood.domain.states import OrderStatus, ShipPolicy
from makegood.planner.attempt import Attempt
from makegood.planner.plan import plan
from makegood.services.allocate_order import LINES_SERVED_AT_RETRY
from makegood.services.carry_out import carry_out
from makegood.services.gates import LockedOrder, find_order, lock_orders
from makegood.services.read_book import book_of, read_served, waiting_order
from makegood.services.read_queue import BOTTOM, hold_with_queue, insist_nothing_came, strike_served
from makegood.services.work import Work
from makegood.store.database import StartOver

# By whole lines, a COMPLETE order is given no part of a line: its child could not keep that.
PART: dict[SplitMode, ShipPolicy] = {
    SplitMode.LINES: ShipPolicy.COMPLETE_LINES,
    SplitMode.QUANTITIES: ShipPolicy.PARTIAL,
}


def hold_to_split(work: Work, name: str, mode: SplitMode) -> LockedOrder:
    """Hold an order that may be split, as it stands with what it could get in part.

    Raises `WrongState`, and `NothingShort` when it would get all that it lacks.
    """
    order_id, warehouse, _ = find_order(work, name)
    seen = _read(work, order_id)
    if gives_part(seen):
        part = _give_part(work, order_id, warehouse, mode)
        if part is not None and part.after.status is OrderStatus.ALLOCATED:
            raise NothingShort(order=seen.number, reserved=part.allocated)
    (locked,) = lock_orders(work, warehouse, [order_id])
    insist_splittable(locked.order)
    if gives_part(locked.order) and not gives_part(seen):
        raise StartOver("the order ships complete now")
    return locked


def insist_splittable(order: OrderRow) -> None:
    """Refuse to split what lacks nothing, is held, or is on its way."""
    if OrderStatus(order.status) not in SPLITTABLE:
        hint = "Only PARTIALLY_ALLOCATED or BACKORDERED orders can be split."
        raise WrongState(order=order.number, status=order.status, action="be split", hint=hint)


def gives_part(order: OrderRow) -> bool:
    """Tell whether the order has nothing reserved only because it ships complete."""
    return order.ship_policy == ShipPolicy.COMPLETE and order.allow_backorders and order.status in SPLITTABLE


def _read(work: Work, order_id: int) -> OrderRow:
    return work.db.records(OrderRow, "read_orders", orders=[order_id])[0]


def _give_part(work: Work, order_id: int, warehouse: int, mode: SplitMode) -> Attempt | None:
    """Reserve what the plan gives the order when it may ship in parts; nobody ahead of it is overtaken."""
    wanted = {line.variant_id for line in _lines(work, order_id) if line.variant_id is not None}
    held = hold_with_queue(work, warehouse, wanted, LINES_SERVED_AT_RETRY)
    order, lines = _read(work, order_id), _lines(work, order_id)
    decidable = [line for line in lines if line.variant_id not in held.pending]
    in_part = waiting_order(order._replace(ship_policy=PART[mode]), decidable)
    if in_part is None or not gives_part(order):
        return None
    seen = held.peek._replace(whole=held.peek.whole - {order_id})
    book = book_of(work, warehouse, seen, held.variants, [in_part], until=BOTTOM)
    insist_nothing_came(work, warehouse, held.variants, held.marks)
    made = plan(book, as_of=work.today)
    strike_served(work, warehouse, held, made)
    attempts = carry_out(work, read_served(work, warehouse, book, made, held.sources, {order_id}), book, made)
    return next(attempt for attempt in attempts if attempt.order.order_id == order_id)


def _lines(work: Work, order_id: int) -> list[LineRow]:
    return work.db.records(LineRow, "lines_of_orders", orders=[order_id])
