"""Carry out a plan: doubt it, then write reservations, covered lines, orders, attempts and events, set by set."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from makegood.domain.errors import LawBroken
from makegood.domain.orders import LineRow, OrderRow
from makegood.domain.reasons import Reason, StockFacts
from makegood.domain.states import WAITING, OrderStatus, ShipPolicy, Step, after
from makegood.planner.attempt import Attempt, LineResult, attempt
from makegood.planner.book import Book, Plan, Short
from makegood.planner.laws import broken_laws
from makegood.planner.reasons import why_short
from makegood.services.read_book import Reading
from makegood.services.record import record
from makegood.services.sourcings import give_back
from makegood.services.stock_facts import stock_facts
from makegood.services.work import Work

STEP_TO: Mapping[OrderStatus, Step] = {
    OrderStatus.ALLOCATED: Step.FILL,
    OrderStatus.PARTIALLY_ALLOCATED: Step.FILL_IN_PART,
    OrderStatus.BACKORDERED: Step.STARVE,
    OrderStatus.ON_HOLD: Step.HOLD,
    OrderStatus.CANCELLED: Step.CANCEL,
    OrderStatus.READY_TO_PICK: Step.RELEASE_TO_PICK,
    OrderStatus.PICKING: Step.START_PICK,
    OrderStatus.PICKED: Step.PICK,
    OrderStatus.SHIPPED: Step.SHIP,
}


def carry_out(work: Work, reading: Reading, book: Book, made: Plan) -> list[Attempt]:
    """Write what the plan gives to orders that are in the books already, and give their attempts.

    Raises `LawBroken` before anything is written when the plan would break a law.
    """
    insist(book, made, work.today)
    attempts = attempts_of(work, reading, made)
    if attempts:
        turn = work.db.value("draw_turn")
        reserve(work, made)
        cover_lines(work, attempts, turn)
        move_orders(work, attempts)
        record(work, attempts, made.grants, turn, reading.sources, asked=reading.asked)
        offer_what_was_kept(work, attempts)
    return attempts


def offer_what_was_kept(work: Work, attempts: Sequence[Attempt]) -> None:
    """Mark the queues in which the plan kept units back for an order that its attempt put on hold."""
    work.mark(
        (result.line.variant_id, made.order.warehouse_id)
        for made in attempts
        if made.after.status is OrderStatus.ON_HOLD and made.order.keeps_back
        for result in made.lines
        if result.short > 0 and result.line.variant_id is not None
    )


def insist(book: Book, made: Plan, as_of: date) -> None:
    """Refuse a plan that breaks a law."""
    broken = broken_laws(book, made, as_of=as_of)
    if broken:
        raise LawBroken(broken)


def attempts_of(work: Work, reading: Reading, made: Plan) -> list[Attempt]:
    """Give the attempts of all orders that the plan grants something, and of those asked for by name."""
    granted: dict[int, int] = defaultdict(int)
    for grant in made.grants:
        granted[grant.line_id] += grant.units
    touched = [
        order
        for order_id, order in reading.orders.items()
        if order_id in reading.asked or any(line.line_id in granted for line in reading.lines[order_id])
    ]
    why = _why(work, reading, touched, granted, made)
    return [
        attempt(order, reading.lines[order.order_id], granted, why, undecided=order.order_id in reading.undecided)
        for order in touched
    ]


class _why:
    """The reasons for short lines: what the plan saw at their turn, and where units are that cannot be had."""

    def __init__(
        self,
        work: Work,
        reading: Reading,
        touched: Sequence[OrderRow],
        granted: Mapping[int, int],
        made: Plan,
    ) -> None:
        self._short: dict[int, Short] = {short.line_id: short for short in made.short}
        lacking = {
            line.variant_id
            for order in touched
            for line in reading.lines[order.order_id]
            if line.variant_id is not None and line.shortfall > granted.get(line.line_id, 0)
        }
        self._facts = stock_facts(work, reading.warehouse, lacking)

    def __call__(self, order: OrderRow, result: LineResult, results: Sequence[LineResult]) -> Sequence[Reason]:
        variant = result.line.variant_id or 0
        return why_short(
            self._short.get(result.line.line_id),
            wanted=result.short,
            facts=self._facts.get(variant, StockFacts()),
            policy=ShipPolicy(order.ship_policy),
            short_lines=[other.line.line_number for other in results if other.short > 0],
        )


def reserve(work: Work, made: Plan) -> None:
    """Raise what is reserved on the units that the plan gives out."""
    units: dict[int, int] = defaultdict(int)
    for grant in made.grants:
        units[grant.unit_id] += grant.units
    if units:
        work.db.run_expecting(len(units), "reserve_units", ids=list(units), units=list(units.values()))


def cover_lines(work: Work, attempts: Sequence[Attempt], turn: int) -> None:
    """Add what each line got, and note which lines still wait; what they had sourced beyond that is given back."""
    _give_back(work, attempts)
    changed = [
        (result.line.line_id, result.granted, still)
        for made in attempts
        for result in made.lines
        for still in (waits(result, made.after.status),)
        if result.granted or result.line.waiting != still
    ]
    if changed:
        ids, units, waiting = (list(column) for column in zip(*changed, strict=True))
        work.db.run_expecting(len(ids), "cover_lines", ids=ids, units=units, waiting=waiting, turn=turn)


def _give_back(work: Work, attempts: Sequence[Attempt]) -> None:
    surplus = {
        result.line.line_id: result.line.sourced - result.short
        for made in attempts
        for result in made.lines
        if result.line.sourced > result.short
    }
    if surplus:
        give_back(work, surplus)
        work.db.run_expecting(len(surplus), "lower_sourced", lines=list(surplus), units=list(surplus.values()))


def waits(result: LineResult, status: OrderStatus) -> bool:
    """Tell whether a line is in the queue once its order has come to this status."""
    return line_waits(result.line, result.short, status)


def line_waits(line: LineRow, short: int, status: OrderStatus) -> bool:
    """Tell whether a line with this shortfall is in the queue while its order has this status."""
    return line.variant_id is not None and short > 0 and status in WAITING


def move_orders(work: Work, attempts: Sequence[Attempt]) -> None:
    """Give each order the status that its attempt came to, if it still is in the one that was read."""
    moved = [
        (
            made.order.order_id,
            made.before,
            after(OrderStatus(made.before), STEP_TO[made.after.status], order=made.order.number).value,
            made.after.hold_kind,
            made.after.reason,
        )
        for made in attempts
        if made.after.status != made.before or made.after.reason != made.order.hold_reason
    ]
    if moved:
        ids, before, status, kinds, reasons = (list(column) for column in zip(*moved, strict=True))
        work.db.run_expecting(
            len(ids),
            "move_orders",
            ids=ids,
            before=before,
            after=status,
            kinds=kinds,
            reasons=reasons,
            as_of=work.as_of,
        )
