"""Split an order: what it has can go out, what it lacks waits on in a child with the same age and rank."""

from collections.abc import Sequence
from typing import NamedTuple

from makegood.domain.errors import InvalidValue, NothingShort, NothingToShip
from makegood.domain.orders import LineRow, OrderRow
from makegood.domain.splits import Consent, Division, SplitMode, divide
from makegood.planner.attempt import Attempt
from makegood.services.change_orders import Change, settle
from makegood.services.consents import consent_payload, insist_on_consent, record_consent
from makegood.services.edit_order import ranked
from makegood.services.free_allocations import keep_whole_or_nothing
from makegood.services.gates import LockedOrder
from makegood.services.hold_to_split import hold_to_split
from makegood.services.preview import done_or_previewed
from makegood.services.send_from import in_warehouse
from makegood.services.work import Work


class Split(NamedTuple):
    """What a split made: both orders, the units that can go out, and the units that wait on."""

    original_order_id: int
    original_order_number: str
    original_status: str
    backorder_order_id: int
    backorder_order_number: str
    backorder_status: str
    shippable_items: int
    backordered_items: int


def split_order(
    work: Work, name: str, *, mode: str = "lines", consent: Consent | None = None, dry_run: bool = False
) -> Split:
    """Divide an order into what can go out now and a child that waits for the rest.

    `lines`: full lines stay, the others move with what they have. `quantities`: each line leaves what it has.
    Without `dry_run` it takes the customer's consent. Raises `WrongState`, `NothingToShip`, `NothingShort`.
    """
    way = read_mode(mode)
    if not dry_run:
        insist_on_consent(work, consent)
    return done_or_previewed(work, dry_run, _split, name, way, consent)


def read_mode(word: str) -> SplitMode:
    """Give the mode that a word stands for, or raise `InvalidValue`."""
    if word not in list(SplitMode):
        raise InvalidValue("mode", word, f"one of {', '.join(SplitMode)}")
    return SplitMode(word)


def _split(work: Work, name: str, mode: SplitMode, consent: Consent | None) -> Split:
    return split_held(work, hold_to_split(work, name, mode), mode, consent)


def split_held(work: Work, locked: LockedOrder, mode: SplitMode, consent: Consent | None) -> Split:
    """Split an order that is held in a state that allows it."""
    parts = divide(locked.lines, mode)
    _insist_on_both_parts(locked.order, parts, mode, sum(line.allocated for line in locked.lines))
    child = open_child(work, locked.order)
    came_over = _hand_over(work, child, parts)
    if consent:
        record_consent(work, consent, orders=[locked.order.order_id], to="SPLIT")
    told = {
        "originalOrderId": locked.order.order_id,
        "originalOrderNumber": locked.order.number,
        "backorderOrderId": child.order_id,
        "backorderOrderNumber": child.number,
        "mode": mode.value,
        "shippableItems": parts.shippable,
        "backorderedItems": sum(line.quantity - line.cancelled - line.fulfilled for line in came_over),
        **consent_payload(consent),
    }
    changes = [_what_stays(work, locked, parts, told), _what_waits(work, child, came_over, told)]
    stays, waits = settle(work, keep_whole_or_nothing(work, changes))
    # The composition of the orders changed, even where no line of the queue did.
    queues = [line.variant_id for line in came_over if line.waiting and line.variant_id is not None]
    work.mark(((variant, child.warehouse_id) for variant in queues), f"split:{locked.order.number}")
    return _made(stays, waits, parts)


def _insist_on_both_parts(order: OrderRow, parts: Division, mode: SplitMode, reserved: int) -> None:
    if not parts.move and not parts.divided:
        raise NothingShort(order=order.number, reserved=reserved)
    if not parts.shippable:
        raise NothingToShip(order=order.number, mode=mode.value, reserved=reserved)


def open_child(work: Work, parent: OrderRow, warehouse: int | None = None) -> OrderRow:
    """Make an order without lines that is like its parent, in the same warehouse or another one."""
    row = work.db.one("open_child", parent=parent.order_id, warehouse=warehouse, as_of=work.as_of)
    assert row is not None
    fresh = parent._replace(order_id=row[0], number=row[1], status="PENDING", hold_kind=None, hold_reason=None)
    return fresh if warehouse is None else in_warehouse(work, fresh, warehouse)


def _hand_over(work: Work, child: OrderRow, parts: Division) -> list[LineRow]:
    """Move and divide the lines, with what belongs to each, and give those of the child."""
    turn = work.db.value("draw_turn")
    if parts.move:
        ids, numbers = [line.line_id for line in parts.move], [line.line_number for line in parts.move]
        work.db.run_expecting(len(ids), "move_lines", order=child.order_id, ids=ids, numbers=numbers, turn=turn)
    rest: dict[int, int] = {}
    if parts.divided:
        asked = [line.line_id for line in parts.divided]
        rest = dict(work.db.all("divide_lines", order=child.order_id, ids=asked, turn=turn))
        work.db.run("hand_over_backorders", lines=list(rest), to_lines=list(rest.values()))
        work.db.run("hand_over_sourcings", lines=list(rest), to_lines=list(rest.values()))
    divided = [
        line._replace(line_id=rest[line.line_id], quantity=line.shortfall, allocated=0, fulfilled=0, cancelled=0)
        for line in parts.divided
    ]
    return [line._replace(order_id=child.order_id) for line in (*parts.move, *divided)]


def _what_stays(work: Work, locked: LockedOrder, parts: Division, told: dict[str, object]) -> Change:
    before = [*parts.stay, *parts.divided]
    after = [*parts.stay, *(_what_it_has(line) for line in parts.divided)]
    stays = LockedOrder(locked.order, before)
    return Change(stays, locked.order, ranked(work, locked.order, after), told=("order:split", told))


def _what_it_has(line: LineRow) -> LineRow:
    """Give a line without what it lacks; what is sourced is for that, and has gone along with it."""
    return line._replace(quantity=line.quantity - line.shortfall, sourced=0)


def _what_waits(work: Work, child: OrderRow, lines: Sequence[LineRow], told: dict[str, object]) -> Change:
    waits = LockedOrder(child, lines)
    return Change(waits, child, ranked(work, child, lines), told=("order:split", told))


def _made(stays: Attempt, waits: Attempt, parts: Division) -> Split:
    return Split(
        original_order_id=stays.order.order_id,
        original_order_number=stays.order.number,
        original_status=stays.after.status.value,
        backorder_order_id=waits.order.order_id,
        backorder_order_number=waits.order.number,
        backorder_status=waits.after.status.value,
        shippable_items=parts.shippable,
        backordered_items=sum(r.line.quantity - r.line.cancelled - r.line.fulfilled for r in waits.lines),
    )
