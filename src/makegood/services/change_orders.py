"""What every change of an order comes to: lines written, status derived, queue told, everything on record.

A use-case holds the orders (`gates.lock_orders`), changes rows in memory, and hands before and after to `settle`.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from makegood.domain.orders import LineRow, OrderRow
from makegood.domain.outcome import Outcome, outcome
from makegood.domain.states import OPEN_TO_ALLOCATION, HoldKind, OrderStatus, ShipPolicy
from makegood.planner.attempt import Attempt, LineResult
from makegood.services.carry_out import line_waits, move_orders
from makegood.services.gates import LockedOrder
from makegood.services.note_for_reports import first_shipments, with_short_items
from makegood.services.record import Event, attempt_events, open_backorders, record_events
from makegood.services.sourcings import give_back
from makegood.services.work import Work


class Change(NamedTuple):
    """An order as it was read, and its row and lines as they shall be.

    `to` sets the status outright (hold, pick steps); without it the status follows from the lines. `told` are
    the type and payload of an event of its own.
    """

    before: LockedOrder
    order: OrderRow
    lines: Sequence[LineRow]
    to: Outcome | None = None
    told: tuple[str, dict[str, object]] | None = None


def unchanged(locked: LockedOrder) -> Change:
    """Start a change from an order as it stands."""
    return Change(locked, locked.order, locked.lines)


def settle(work: Work, changes: Sequence[Change]) -> list[Attempt]:
    """Write the changed orders, tell their queues, and give what each came to."""
    if not changes:
        return []
    changes = _with_sourced_within_shortfall(work, changes)
    settled = [_come_to(change) for change in changes]
    turn = work.db.value("draw_turn")
    _write_lines(work, changes, settled, turn)
    _write_orders(work, changes)
    move_orders(work, settled)
    record_events(
        work,
        [event for change, made in zip(changes, settled, strict=True) for event in _events(work, change, made)]
        + first_shipments(work, {change.order.order_id: _gone(change) for change in changes}),
    )
    _keep_backorders(work, settled)
    work.mark_each(
        (variant, warehouse, f"release:{made.order.number}")
        for change, made in zip(changes, settled, strict=True)
        for variant, warehouse in _gates_to_look_at(change, made)
    )
    return settled


def _with_sourced_within_shortfall(work: Work, changes: Sequence[Change]) -> list[Change]:
    """Give back what lines have sourced beyond what they lack now, or of a variant that they had before."""
    surplus: dict[int, int] = {}
    kept = []
    for change in changes:
        lines = []
        for was, line in zip(change.before.lines, change.lines, strict=True):
            keeps = min(line.sourced, max(line.shortfall, 0)) if was.variant_id == line.variant_id else 0
            surplus[line.line_id] = line.sourced - keeps
            lines.append(line._replace(sourced=keeps) if keeps < line.sourced else line)
        kept.append(change._replace(lines=lines))
    give_back(work, surplus)
    return kept


def _come_to(change: Change) -> Attempt:
    results = [LineResult(line, 0, line.shortfall) for line in change.lines]
    order = change.order._replace(status=change.before.order.status, hold_reason=change.before.order.hold_reason)
    return Attempt(order, change.before.order.status, _status(change), results, [])


def _status(change: Change) -> Outcome:
    """Give the status that the order has after the change."""
    before = change.before.order
    if all(line.fulfilled + line.cancelled == line.quantity for line in change.lines):
        gone = any(line.fulfilled for line in change.lines)
        return Outcome(OrderStatus.SHIPPED if gone else OrderStatus.CANCELLED)
    if change.to:
        return change.to
    if before.status == OrderStatus.ON_HOLD and not _all_matched_now(change):
        return Outcome(
            OrderStatus.ON_HOLD, HoldKind(before.hold_kind) if before.hold_kind else None, before.hold_reason
        )
    open_now = OPEN_TO_ALLOCATION | {OrderStatus.ON_HOLD}
    if OrderStatus(before.status) in open_now or any(line.shortfall for line in change.lines):
        came_to = outcome([line.state() for line in change.lines])
        return Outcome(OrderStatus.PENDING) if came_to.hold_kind and _awaits_a_check(change) else came_to
    return Outcome(OrderStatus(before.status), None, before.hold_reason)


def _awaits_a_check(change: Change) -> bool:
    """Tell whether a new order, not a new part of an older one, has a line that only a check can decide."""
    before = change.before.order
    new = before.status == OrderStatus.PENDING and before.backordered_since is None
    return new and any(line.variant_id is not None and line.shortfall for line in change.lines)


def _all_matched_now(change: Change) -> bool:
    """Tell whether an order that was held for its unmatched lines has none any more, matched or taken out."""
    unmatched = any(line.variant_id is None and line.shortfall for line in change.lines)
    return change.before.order.hold_kind == HoldKind.UNMATCHED and not unmatched


def _write_lines(work: Work, changes: Sequence[Change], settled: Sequence[Attempt], turn: int) -> None:
    """Write those lines of which anything is not as it was read."""
    rows = [
        after
        for change, made in zip(changes, settled, strict=True)
        for was, line in zip(change.before.lines, change.lines, strict=True)
        for waiting in (line_waits(line, line.shortfall, made.after.status),)
        if (after := _row(line, made.order, waiting)) != _row(was, change.before.order, was.waiting)
    ]
    if rows:
        names = ("ids", "variants", "quantities", "allocated", "fulfilled", "cancelled", "priorities", "ranks",
                 "policies", "keeping", "waiting", "sourced")  # fmt: skip
        columns = {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
        work.db.run_expecting(len(rows), "write_lines", turn=turn, **columns)


def _row(line: LineRow, order: OrderRow, waiting: bool) -> tuple[object, ...]:
    return (
        line.line_id,
        line.variant_id,
        line.quantity,
        line.allocated,
        line.fulfilled,
        line.cancelled,
        line.priority,
        line.rank_priority,
        order.ship_policy,
        order.keeps_back and order.ship_policy == ShipPolicy.COMPLETE,
        waiting,
        line.sourced,
    )


def _write_orders(work: Work, changes: Sequence[Change]) -> None:
    """Write what can be edited of an order; the status is moved apart, with its own condition."""
    work.db.run_expecting(
        len(changes),
        "write_orders",
        ids=[change.order.order_id for change in changes],
        priorities=[change.order.priority for change in changes],
        policies=[change.order.ship_policy for change in changes],
        keeping=[change.order.keeps_back for change in changes],
        reviews=[change.order.review_after for change in changes],
        as_of=work.as_of,
    )


def _events(work: Work, change: Change, made: Attempt) -> Iterator[Event]:
    if change.told:
        kind, payload = change.told
        yield Event(made.order.order_id, kind, {"orderNumber": made.order.number, **payload})
    yield from with_short_items(work, made, list(attempt_events(work, made, [])))


def _gone(change: Change) -> int:
    """Count the units that leave the house by a change."""
    before = sum(line.fulfilled for line in change.before.lines)
    return sum(line.fulfilled for line in change.lines) - before


def _keep_backorders(work: Work, settled: Sequence[Attempt]) -> None:
    """Open records for lines that are short now, and close those of lines that have nothing remaining."""
    lines = [result.line for made in settled for result in made.lines]
    open_backorders(work, [line.line_id for line in lines if line.shortfall > 0])
    done = [line.line_id for line in lines if line.fulfilled + line.cancelled == line.quantity]
    if done:
        closed = work.db.all("close_backorders", lines=done, as_of=work.as_of)
        record_events(
            work,
            [
                Event(
                    order_id,
                    "backorder:fulfilled" if fulfilled else "backorder:cancelled",
                    {"backorder": number, "fulfilled": fulfilled, "cancelled": cancelled},
                )
                for order_id, number, fulfilled, cancelled in closed
            ],
        )


def _gates_to_look_at(change: Change, made: Attempt) -> set[tuple[int, int]]:
    """Name the queues in which a line of the order came, went or changed."""
    now = [line._replace(waiting=line_waits(line, line.shortfall, made.after.status)) for line in change.lines]
    same_rules = change.order.ship_policy == change.before.order.ship_policy and (
        change.order.keeps_back == change.before.order.keeps_back
    )
    if same_rules and now == list(change.before.lines):
        return set()
    return {
        (line.variant_id, change.order.warehouse_id)
        for line in (*change.before.lines, *now)
        if line.waiting and line.variant_id is not None
    }
