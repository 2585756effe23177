"""Undo a split: the child's lines go back to where they came from, with what they have, while nobody picks."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from makegood.domain.errors import Ambiguous, NothingToMerge, WrongState
from makegood.domain.orders import LineRow, OrderRow
from makegood.domain.states import EDITABLE, HoldKind, OrderStatus
from makegood.services.change_orders import Change, settle
from makegood.services.edit_order import ranked
from makegood.services.free_allocations import keep_whole_or_nothing
from makegood.services.gates import LockedOrder, find_order, lock_orders
from makegood.services.preview import done_or_previewed
from makegood.services.work import Work


class Merged(NamedTuple):
    """What a merge made: the order that is whole again, the child that is empty, and the units that came back."""

    original_order_id: int
    original_order_number: str
    original_status: str
    backorder_order_id: int
    backorder_order_number: str
    backorder_status: str
    returned_items: int


class Return(NamedTuple):
    """How the lines of a child go back: `moved` ones as they are, `folded` ones into the line they came from."""

    moved: Sequence[LineRow]
    folded: Mapping[int, LineRow]


def merge_order(work: Work, name: str, *, dry_run: bool = False) -> Merged:
    """Put a split order together again; `name` is the child, or the parent when it has only one open child.

    The child ends CANCELLED with nothing on it, and its number is not given again. Raises `NothingToMerge`,
    `Ambiguous` when there are several children, and `WrongState` once one of the two is in picking or gone.
    """
    return done_or_previewed(work, dry_run, _merge, name)


def _merge(work: Work, name: str) -> Merged:
    named, warehouse, _ = find_order(work, name)
    parent_id, child_id = _pair(work, name, named)
    both = {held.order.order_id: held for held in lock_orders(work, warehouse, [parent_id, child_id])}
    parent, child = both[parent_id], both[child_id]
    _insist_mergeable(work, parent.order, child.order)
    back = _return(work, parent, child)
    lines = _hand_back(work, parent, child, back)
    return _settle(work, parent, child, back, lines)


def _pair(work: Work, name: str, order_id: int) -> tuple[int, int]:
    """Say which parent and child are meant."""
    parts = work.db.all("parts_of_order", order=order_id)
    if len(parts) > 1:
        raise Ambiguous(name=name, choices=[number for _, number in parts])
    if parts:
        return order_id, parts[0][0]
    parent = work.db.value("parent_of_order", order=order_id)
    if parent is None:
        raise NothingToMerge(name)
    return parent, order_id


def _insist_mergeable(work: Work, parent: OrderRow, child: OrderRow) -> None:
    """Refuse what is in picking or gone, a child that a person holds, and one that has open parts itself."""
    for order in (child, parent):
        if OrderStatus(order.status) not in EDITABLE:
            hint = "Both parts must still be before picking."
            raise WrongState(order=order.number, status=order.status, action="be merged", hint=hint)
    if child.status == OrderStatus.ON_HOLD and child.hold_kind != HoldKind.UNMATCHED:
        hint = "Release the hold first."
        raise WrongState(order=child.number, status=child.status, action="be merged", hint=hint)
    parts = [number for _, number in work.db.all("parts_of_order", order=child.order_id)]
    if parts:
        hint = f"Merge {', '.join(parts)} first."
        raise WrongState(order=child.number, status=child.status, action="be merged", hint=hint)


def _return(work: Work, parent: LockedOrder, child: LockedOrder) -> Return:
    """Fold what was divided from a line of the parent that still is what it was; move all else."""
    origin = dict(work.db.all("parts_of_lines", order=child.order.order_id))
    there = {line.line_id: line for line in parent.lines}
    folded: dict[int, LineRow] = {}
    moved = []
    for line in child.lines:
        into = there.get(origin.get(line.line_id, 0))
        if into is not None and into.variant_id == line.variant_id and into.line_id not in folded:
            folded[into.line_id] = line
        else:
            moved.append(line)
    return Return(moved, folded)


def _hand_back(work: Work, parent: LockedOrder, child: LockedOrder, back: Return) -> list[LineRow]:
    """Write what belongs to the lines back to the parent, and give the lines that moved, renumbered."""
    taken = {line.line_number for line in parent.lines}
    moved = []
    for line in back.moved:
        number = line.line_number if line.line_number not in taken else max(taken) + 1
        taken.add(number)
        moved.append(line._replace(order_id=parent.order.order_id, line_number=number))
    if moved:
        ids, numbers = [line.line_id for line in moved], [line.line_number for line in moved]
        turn = work.db.value("draw_turn")
        work.db.run_expecting(
            len(ids), "move_lines", order=parent.order.order_id, ids=ids, numbers=numbers, turn=turn
        )
    if back.folded:
        lines, to_lines = [line.line_id for line in back.folded.values()], list(back.folded)
        work.db.run("hand_over_line_allocations", lines=lines, to_lines=to_lines)
        work.db.run("hand_over_sourcings", lines=lines, to_lines=to_lines)
        work.db.run("close_younger_backorders", lines=lines, to_lines=to_lines, as_of=work.as_of)
        work.db.run("hand_over_backorders", lines=lines, to_lines=to_lines)
    return moved


def _settle(work: Work, parent: LockedOrder, child: LockedOrder, back: Return, moved: Sequence[LineRow]) -> Merged:
    before = [*parent.lines, *moved]
    after = [_joined(line, back.folded.get(line.line_id)) for line in before]
    _take_over_age(work, parent.order, child.order, after)
    returned = sum(line.quantity - line.cancelled - line.fulfilled for line in child.lines)
    told = {
        "originalOrderId": parent.order.order_id,
        "originalOrderNumber": parent.order.number,
        "backorderOrderId": child.order.order_id,
        "backorderOrderNumber": child.order.number,
        "returnedItems": returned,
    }
    reviews = [one for one in (parent.order.review_after, child.order.review_after) if one]
    order = parent.order._replace(review_after=max(reviews, default=None))
    whole = LockedOrder(parent.order, before)
    emptied = LockedOrder(child.order, list(back.folded.values()))
    changes = [
        Change(whole, order, ranked(work, order, after), told=("order:merged", told)),
        Change(emptied, child.order, [_emptied(line) for line in emptied.lines], told=("order:merged", told)),
    ]
    stays, gone = settle(work, keep_whole_or_nothing(work, changes))
    queues = [line.variant_id for line in after if line.shortfall and line.variant_id is not None]
    work.mark(((variant, order.warehouse_id) for variant in queues), f"merge:{order.number}")
    return Merged(
        original_order_id=order.order_id,
        original_order_number=order.number,
        original_status=stays.after.status.value,
        backorder_order_id=child.order.order_id,
        backorder_order_number=child.order.number,
        backorder_status=gone.after.status.value,
        returned_items=returned,
    )


def _take_over_age(work: Work, parent: OrderRow, child: OrderRow, lines: Sequence[LineRow]) -> None:
    """Let a parent that is short again be so since the child was: the same moment as before the split."""
    if child.backordered_since and any(line.shortfall for line in lines):
        work.db.run("take_over_age", order=parent.order_id, since=child.backordered_since)


def _joined(line: LineRow, part: LineRow | None) -> LineRow:
    if part is None:
        return line
    return line._replace(
        quantity=line.quantity + part.quantity,
        allocated=line.allocated + part.allocated,
        fulfilled=line.fulfilled + part.fulfilled,
        cancelled=line.cancelled + part.cancelled,
        sourced=line.sourced + part.sourced,
    )


def _emptied(line: LineRow) -> LineRow:
    return line._replace(quantity=0, allocated=0, fulfilled=0, cancelled=0, sourced=0)
