"""Undo a split: the child's lines go back to where they came from, with what they have, while nobody picks.

A part that another warehouse was to send goes back without what is reserved for it there, and so does an order
that is served by another warehouse as a whole.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from makegood.domain.errors import Ambiguous, NothingToMerge, WrongState
from makegood.domain.orders import LineRow, OrderRow
from makegood.domain.states import EDITABLE, HoldKind, OrderStatus
from makegood.services.change_orders import Change, settle
from makegood.services.edit_order import ranked
from makegood.services.free_allocations import keep_whole_or_nothing, release_all
from makegood.services.gates import LockedOrder, find_order, hold_gates, lock_orders
from makegood.services.preview import done_or_previewed
from makegood.services.send_from import send_from
from makegood.services.sourcings import give_back_all
from makegood.services.work import Work
from makegood.store.database import StartOver


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
    """Put a split or divided order together again; `name` is the child, or the parent with only one open child.

    The child ends CANCELLED with nothing on it, and its number is not given again. Raises `NothingToMerge`,
    `Ambiguous` when there are several children, and `WrongState` once one of the two is in picking or gone.
    """
    return done_or_previewed(work, dry_run, _merge, name)


def _merge(work: Work, name: str) -> Merged:
    named, warehouse, _ = find_order(work, name)
    parts = work.db.all("parts_of_order", order=named)
    home = work.db.value("home_of_order", order=named)
    if home is not None and not parts:
        return _go_home(work, named, warehouse, home)
    parent_id, child_id = _pair(work, name, named, parts)
    parent, child = _hold_both(work, parent_id, child_id)
    _insist_mergeable(work, parent.order, child.order)
    if child.order.warehouse_id != parent.order.warehouse_id:
        child = _without_reservations(work, child)
    back = _return(work, parent, child)
    lines = _hand_back(work, parent, child, back)
    return _settle(work, parent, child, back, lines)


def _pair(work: Work, name: str, order_id: int, parts: Sequence[tuple[int, str]]) -> tuple[int, int]:
    """Say which parent and child are meant."""
    if len(parts) > 1:
        raise Ambiguous(name=name, choices=[number for _, number in parts])
    if parts:
        return order_id, parts[0][0]
    parent = work.db.value("parent_of_order", order=order_id)
    if parent is None:
        raise NothingToMerge(name)
    return parent, order_id


def _hold_both(work: Work, parent_id: int, child_id: int) -> tuple[LockedOrder, LockedOrder]:
    """Hold parent and child with the queues of all their lines, in the warehouse of either."""
    both = [parent_id, child_id]
    sites = {order.order_id: order.warehouse_id for order in work.db.records(OrderRow, "read_orders", orders=both)}
    lines = work.db.records(LineRow, "lines_of_orders", orders=both)
    variants = {line.variant_id for line in lines if line.variant_id is not None}
    hold_gates(work, [(variant, site) for variant in variants for site in set(sites.values())])
    locked = [held for site in sorted(set(sites.values())) for held in _hold_in(work, site, sites, variants)]
    found = {held.order.order_id: held for held in locked}
    return found[parent_id], found[child_id]


def _hold_in(work: Work, site: int, sites: Mapping[int, int], variants: set[int]) -> list[LockedOrder]:
    held = lock_orders(work, site, [order for order, where in sites.items() if where == site], variants)
    if any(one.order.warehouse_id != site for one in held):
        raise StartOver("an order is served by another warehouse now")
    return held


def _without_reservations(work: Work, held: LockedOrder) -> LockedOrder:
    """Free what is reserved for an order in the warehouse that it leaves, or of what is due there."""
    because = "another warehouse serves the order again"
    held = give_back_all(work, held, because=because)
    (change,) = release_all(work, [held], because=because)
    work.mark((line.variant_id, held.order.warehouse_id) for line in held.lines if line.variant_id is not None)
    settle(work, [change])
    lines = work.db.records(LineRow, "lines_of_orders", orders=[held.order.order_id])
    order = work.db.records(OrderRow, "read_orders", orders=[held.order.order_id])[0]
    return LockedOrder(order, lines)


def _go_home(work: Work, order_id: int, warehouse: int, home: int) -> Merged:
    """Let an order be served by its own warehouse again."""
    lines = work.db.records(LineRow, "lines_of_orders", orders=[order_id])
    variants = {line.variant_id for line in lines if line.variant_id is not None}
    hold_gates(work, [(variant, site) for variant in variants for site in (warehouse, home)])
    (held,) = _hold_in(work, warehouse, {order_id: warehouse}, variants)
    _insist_editable(held.order)
    freed = _without_reservations(work, held)
    order = send_from(work, freed.order, home, work.db.value("draw_turn"))
    told: dict[str, object] = {"warehouseId": home}
    (stands,) = settle(
        work, [Change(LockedOrder(order, freed.lines), order, freed.lines, told=("order:merged", told))]
    )
    work.mark(((variant, home) for variant in variants), f"merge:{order.number}")
    units = sum(line.quantity - line.cancelled - line.fulfilled for line in freed.lines)
    status = stands.after.status.value
    return Merged(order_id, order.number, status, order_id, order.number, status, units)


def _insist_mergeable(work: Work, parent: OrderRow, child: OrderRow) -> None:
    """Refuse what is in picking or gone, a child that a person holds, and one that has open parts itself."""
    for order in (child, parent):
        _insist_editable(order)
    if child.status == OrderStatus.ON_HOLD and child.hold_kind != HoldKind.UNMATCHED:
        hint = "Release the hold first."
        raise WrongState(order=child.number, status=child.status, action="be merged", hint=hint)
    parts = [number for _, number in work.db.all("parts_of_order", order=child.order_id)]
    if parts:
        hint = f"Merge {', '.join(parts)} first."
        raise WrongState(order=child.number, status=child.status, action="be merged", hint=hint)


def _insist_editable(order: OrderRow) -> None:
    if OrderStatus(order.status) not in EDITABLE:
        hint = "All parts must still be before picking."
        raise WrongState(order=order.number, status=order.status, action="be merged", hint=hint)


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
