"""Divide an order over the network: what its own warehouse lacks is sent by others that have it at its turn.

Each of them gets a child with the same age, rank and root. When nothing is left to be sent from the order's own
warehouse, the order itself goes to the first of the others, and remembers where it belongs.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from makegood.domain.errors import NothingToDivide, WrongState
from makegood.domain.orders import LineRow, OrderRow
from makegood.domain.splits import SPLITTABLE, Consent
from makegood.domain.states import OrderStatus
from makegood.planner.attempt import Attempt
from makegood.planner.network import Part
from makegood.services.allocate_order import allocate_order
from makegood.services.change_orders import Change, settle
from makegood.services.consents import consent_payload, insist_on_consent, record_consent
from makegood.services.edit_order import ranked
from makegood.services.gates import LockedOrder, find_order, hold_gates, lock_orders
from makegood.services.network.find_help import Help, find_help, share_out
from makegood.services.preview import done_or_previewed
from makegood.services.send_from import send_from
from makegood.services.split_order import open_child
from makegood.services.work import Work
from makegood.store.database import StartOver


class NetworkPart(NamedTuple):
    """What one warehouse sends of a divided order: under which number, how many units, and where it stands."""

    order_id: int
    order_number: str
    warehouse: str
    status: str
    units: int


class DividedOrder(NamedTuple):
    """Where an order stands that was divided over the network, what it still lacks, and its parts elsewhere."""

    order_id: int
    order_number: str
    status: str
    short: int
    parts: Sequence[NetworkPart]


def divide_network(
    work: Work, name: str, *, consent: Consent | None = None, dry_run: bool = False
) -> DividedOrder:
    """Let other warehouses send what an order lacks: fewest shipments first, then the network's rank.

    A consent is put on record where one is given. Raises `NothingToDivide`, and `WrongState` unless the order is
    PARTIALLY_ALLOCATED or BACKORDERED.
    """
    if consent is not None:
        insist_on_consent(work, consent)
    return done_or_previewed(work, dry_run, _divide, name, consent)


def _divide(work: Work, name: str, consent: Consent | None) -> DividedOrder:
    locked, help_ = _hold(work, name)
    parts = share_out(work, locked.order, locked.lines, help_)
    if not parts:
        short = sum(line.shortfall for line in locked.lines)
        raise NothingToDivide(order=locked.order.number, short=short, warehouses=list(help_.codes.values()))
    if consent:
        record_consent(work, consent, orders=[locked.order.order_id], to="DIVIDE_NETWORK")
    orders = _write(work, locked, parts, consent_payload(consent))
    tried = _try(work, orders)
    own = tried[0]
    elsewhere = tried if own.order.warehouse_id != locked.order.warehouse_id else tried[1:]
    return DividedOrder(
        own.order.order_id,
        own.order.number,
        own.after.status.value,
        own.short,
        [_part(help_, made) for made in elsewhere],
    )


def _part(help_: Help, made: Attempt) -> NetworkPart:
    order = made.order
    code = help_.codes[order.warehouse_id]
    return NetworkPart(order.order_id, order.number, code, made.after.status.value, made.allocated)


def _hold(work: Work, name: str) -> tuple[LockedOrder, Help]:
    """Hold the order with the queues of all its lines and of all who have what it lacks."""
    order_id, warehouse, _ = find_order(work, name)
    order = work.db.records(OrderRow, "read_orders", orders=[order_id])[0]
    lines = work.db.records(LineRow, "lines_of_orders", orders=[order_id])
    seen = find_help(work, order, lines)
    own = {(line.variant_id, warehouse) for line in lines if line.variant_id is not None}
    hold_gates(work, seen.queues | own)
    if order.status in SPLITTABLE:
        # First it gets what its own warehouse has for it: its queue may wait to be looked at.
        allocate_order(work, name)
    (locked,) = lock_orders(work, warehouse, [order_id])
    if OrderStatus(locked.order.status) not in SPLITTABLE:
        hint = "Only PARTIALLY_ALLOCATED or BACKORDERED orders can be divided."
        raise WrongState(order=order.number, status=locked.order.status, action="be divided", hint=hint)
    if locked.order.warehouse_id != warehouse:
        raise StartOver("the order is served by another warehouse now")
    # Who has it now counts, as far as their queues are held.
    help_ = find_help(work, locked.order, locked.lines)
    return locked, help_._replace(queues=help_.queues & seen.queues)


def _write(work: Work, locked: LockedOrder, parts: Sequence[Part], agreed: dict[str, object]) -> list[OrderRow]:
    """Write children and lines, and give the orders that come of it, the divided one first."""
    goes: dict[int, dict[int, int]] = {}
    for part in parts:
        goes.setdefault(part.warehouse_id, {})[part.line_id] = part.units
    turn = work.db.value("draw_turn")
    order = _serve_elsewhere(work, locked, goes, turn)
    left = {line.line_id: line for line in locked.lines}
    made = [_open_part(work, order, warehouse, units, left, turn) for warehouse, units in goes.items()]
    _hand_over_records(work, left, made)
    stays = LockedOrder(order, [line for line in locked.lines if line.line_id in left])
    told: dict[str, object] = {
        "originalOrderId": order.order_id,
        "partOrderIds": [one.held.order.order_id for one in made],
        "parts": [part._asdict() for part in parts],
        **agreed,
    }
    after = [(stays, list(left.values())), *((one.held, one.held.lines) for one in made)]
    settle(
        work,
        [
            Change(held, held.order, ranked(work, held.order, lines), told=("order:divided", told))
            for held, lines in after
        ],
    )
    waited = [line.variant_id for line in locked.lines if line.waiting and line.variant_id is not None]
    sites = {locked.order.warehouse_id, order.warehouse_id}
    work.mark(((variant, site) for variant in waited for site in sites), f"divide:{order.number}")
    return [order, *(one.held.order for one in made)]


class _Opened(NamedTuple):
    """A child with its lines as they are in the books, and of which line each divided one is a part."""

    held: LockedOrder
    part_of: Mapping[int, int]


def _serve_elsewhere(work: Work, locked: LockedOrder, goes: dict[int, dict[int, int]], turn: int) -> OrderRow:
    """Let the first of the others serve the order itself when nothing is left to be sent from where it is."""
    gone = [sum(units.get(line.line_id, 0) for units in goes.values()) for line in locked.lines]
    if any(
        line.quantity - line.fulfilled - line.cancelled > n for line, n in zip(locked.lines, gone, strict=True)
    ):
        return locked.order
    warehouse = next(iter(goes))
    del goes[warehouse]
    return send_from(work, locked.order, warehouse, turn)


def _open_part(
    work: Work, order: OrderRow, warehouse: int, units: Mapping[int, int], left: dict[int, LineRow], turn: int
) -> _Opened:
    """Make a child in a warehouse; what it takes comes off the lines that are `left`.

    A line of which a part goes elsewhere too stays with the order, so that a merge puts all of it together again.
    """
    child = open_child(work, order, warehouse)
    whole = [left.pop(line) for line, count in units.items() if count == left[line].quantity]
    ids = [line.line_id for line in whole]
    if whole:
        numbers = [line.line_number for line in whole]
        work.db.run_expecting(len(ids), "move_lines", order=child.order_id, ids=ids, numbers=numbers, turn=turn)
    counts = {line: count for line, count in units.items() if line not in ids}
    divided, part_of = [], {}
    for part, line_id, priority in _divide_lines(work, child, counts, turn):
        was, count = left[part], counts[part]
        left[part] = was._replace(quantity=was.quantity - count)
        row = was._replace(line_id=line_id, order_id=child.order_id, quantity=count, priority=priority)
        divided.append(row._replace(allocated=0, fulfilled=0, cancelled=0, waiting=False, sourced=0))
        part_of[line_id] = part
    return _Opened(
        LockedOrder(child, [*(line._replace(order_id=child.order_id) for line in whole), *divided]), part_of
    )


def _divide_lines(
    work: Work, child: OrderRow, counts: Mapping[int, int], turn: int
) -> Sequence[tuple[int, int, int | None]]:
    if not counts:
        return []
    rows: Sequence[tuple[int, int, int | None]] = work.db.all(
        "divide_lines_over", order=child.order_id, lines=list(counts), units=list(counts.values()), turn=turn
    )
    return rows


def _hand_over_records(work: Work, left: Mapping[int, LineRow], made: Sequence[_Opened]) -> None:
    """Let the record of a line that lacks nothing any more follow the first part of what it lacked."""
    follows: dict[int, int] = {}
    for one in made:
        for line, part in one.part_of.items():
            if left[part].shortfall == 0:
                follows.setdefault(part, line)
    if follows:
        work.db.run("hand_over_backorders", lines=list(follows), to_lines=list(follows.values()))


def _try(work: Work, orders: Sequence[OrderRow]) -> list[Attempt]:
    """Give the orders at once what was found for them; their queues are held."""
    names = dict(work.db.all("names_of_orders", orders=[order.order_id for order in orders]))
    return [allocate_order(work, names[order.order_id]) for order in orders]
