"""Turn what was asked for into rows: names become ids, SKU texts are matched, bad fields are named."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from makegood.domain.errors import AlreadyExists, InvalidValue, WarehouseNotFound
from makegood.domain.orders import LineRow, NewLine, NewOrder, OrderRow, rank_priorities
from makegood.domain.rank import PRIORITY_WORDS
from makegood.domain.states import OrderStatus, ShipPolicy
from makegood.planner.attempt import Attempt, LineResult
from makegood.services.add_catalogue import find_merchants
from makegood.services.carry_out import waits
from makegood.services.gates import LockedOrder
from makegood.services.record import draw_ids
from makegood.services.work import Work
from makegood.store import tables

WHEN_SHORT = {"skip": False, "reserve": True}


class Site(NamedTuple):
    """The warehouse that orders are placed in."""

    warehouse_id: int
    code: str
    allow_backorders: bool


class Placed(NamedTuple):
    """An order with its lines as it goes into the books, and as it was asked for."""

    order: OrderRow
    lines: Sequence[LineRow]
    asked: NewOrder


def find_site(work: Work, warehouse: str | None) -> Site:
    """Find a warehouse by code; without one, the first by network rank."""
    found = work.db.one("find_site", code=warehouse)
    if found is None:
        raise WarehouseNotFound(warehouse or "any")
    return Site(*found)


def new_rows(work: Work, orders: Sequence[NewOrder], site: Site) -> list[Placed]:
    """Give the rows of new orders, with ids drawn and SKU texts matched.

    Raises `InvalidValue`, `MerchantNotFound` or `AlreadyExists`; nothing was written then.
    """
    for order in orders:
        _insist_on_sense(order)
    merchants = find_merchants(work, {order.merchant for order in orders})
    _refuse_taken_numbers(work, orders, merchants)
    variants = iter(match_skus(work, [(merchants[o.merchant], line.sku) for o in orders for line in o.lines]))
    order_ids = draw_ids(work, "orders_order_id_seq", len(orders))
    line_ids = iter(draw_ids(work, "order_lines_line_id_seq", sum(len(order.lines) for order in orders)))
    placed = []
    for order_id, order in zip(order_ids, orders, strict=True):
        row = _order_row(work, order_id, order, merchants[order.merchant], site)
        ranks = rank_priorities(row.ship_policy, row.priority, [_priority(line.priority) for line in order.lines])
        lines = [
            _line_row(row, next(line_ids), number, line, next(variants), rank)
            for number, (line, rank) in enumerate(zip(order.lines, ranks, strict=True), start=1)
        ]
        placed.append(Placed(row, lines, order))
    return placed


def match_skus(work: Work, texts: Sequence[tuple[int, str]]) -> list[int | None]:
    """Find the variant of each (merchant, SKU text): by SKU, then alias, then barcode."""
    rows = work.db.all(
        "match_skus",
        places=list(range(len(texts))),
        merchants=[merchant for merchant, _ in texts],
        skus=[text for _, text in texts],
    )
    found = dict(rows)
    return [found[place] for place in range(len(texts))]


def insert_orders(work: Work, placed: Sequence[Placed], first: Sequence[Attempt], turn: int) -> None:
    """Append orders and lines in the state to which their first attempts came."""
    work.db.copy(
        "orders",
        tables.ORDERS,
        (_order_columns(work, one, made) for one, made in zip(placed, first, strict=True)),
    )
    work.db.copy(
        "order_lines",
        tables.ORDER_LINES,
        (
            _line_columns(one.order, result, asked, waiting=waits(result, made.after.status), turn=turn)
            for one, made in zip(placed, first, strict=True)
            for result, asked in zip(made.lines, one.asked.lines, strict=True)
        ),
    )


def insert_lines(
    work: Work, locked: LockedOrder, add: Sequence[NewLine], variants: Sequence[int | None]
) -> list[LineRow]:
    """Append lines to an order that is held; they do not wait until the change is settled."""
    for line in add:
        _insist_on_sense_of_line(line)
    number = max((line.line_number for line in locked.lines), default=0)
    ids = draw_ids(work, "order_lines_line_id_seq", len(add))
    rows = [
        _line_row(locked.order, line_id, number + place, line, variant, locked.order.priority)
        for place, (line_id, line, variant) in enumerate(zip(ids, add, variants, strict=True), start=1)
    ]
    work.db.copy(
        "order_lines",
        tables.ORDER_LINES,
        (
            _line_columns(locked.order, LineResult(row, 0, row.shortfall), line, waiting=False, turn=0)
            for row, line in zip(rows, add, strict=True)
        ),
    )
    return rows


def _insist_on_sense(order: NewOrder) -> None:
    _insist("number", order.number, bool(order.number.strip()), "an order number")
    _insist("lines", order.number, bool(order.lines), "an order with at least one line")
    _insist("priority", order.priority, _is_priority(order.priority), "a priority")
    _insist("ship_policy", order.ship_policy, order.ship_policy in list(ShipPolicy), "a ship policy")
    _insist("when_short", order.when_short, order.when_short in WHEN_SHORT, "skip or reserve")
    for line in order.lines:
        _insist_on_sense_of_line(line)


def _insist_on_sense_of_line(line: NewLine) -> None:
    _insist("sku", line.sku, bool(line.sku.strip()), "a SKU")
    price = line.unit_price
    fits = price is None or (price.is_finite() and 0 <= price < 10**10)
    _insist("unit_price", price, fits, "a price of at least 0 with at most ten digits before the point")
    _insist("quantity", line.quantity, 0 < line.quantity < 2**31, "a whole number above zero")
    _insist("priority", line.priority, not line.priority or _is_priority(line.priority), "a priority")


def _insist(field: str, value: object, right: bool, expected: str) -> None:
    if not right:
        raise InvalidValue(field, value, expected)


def _is_priority(word: str) -> bool:
    return word.strip().upper() in PRIORITY_WORDS


def _refuse_taken_numbers(work: Work, orders: Sequence[NewOrder], merchants: dict[str, int]) -> None:
    names = Counter((merchants[order.merchant], order.number.strip()) for order in orders)
    taken = work.db.all("numbers_taken", merchants=[m for m, _ in names], numbers=[n for _, n in names])
    twice = [number for (_, number), count in names.items() if count > 1]
    for number in sorted([*twice, *(row[1] for row in taken)]):
        raise AlreadyExists(kind="Order", name=number)


def _priority(word: str | None) -> int | None:
    return PRIORITY_WORDS[word.strip().upper()].value if word else None


def _order_row(work: Work, order_id: int, order: NewOrder, merchant: int, site: Site) -> OrderRow:
    return OrderRow(
        order_id=order_id,
        number=order.number.strip(),
        merchant_id=merchant,
        root_order_id=order_id,
        warehouse_id=site.warehouse_id,
        priority=PRIORITY_WORDS[order.priority.strip().upper()].value,
        ship_policy=order.ship_policy,
        keeps_back=WHEN_SHORT[order.when_short],
        placed_at=order.placed_at or work.as_of,
        status=OrderStatus.PENDING,
        hold_kind=None,
        hold_reason=None,
        backordered_since=None,
        review_after=None,
        allow_backorders=site.allow_backorders,
    )


def _line_row(
    order: OrderRow, line_id: int, number: int, line: NewLine, variant: int | None, rank: int
) -> LineRow:
    return LineRow(
        line_id=line_id,
        order_id=order.order_id,
        line_number=number,
        root_line_number=number,
        sku_text=line.sku,
        variant_id=variant,
        quantity=line.quantity,
        allocated=0,
        fulfilled=0,
        cancelled=0,
        priority=_priority(line.priority),
        rank_priority=rank,
        placed_at=order.placed_at,
        root_order_id=order.root_order_id,
        waiting=False,
    )


def _order_columns(work: Work, one: Placed, made: Attempt) -> Sequence[object]:
    order, asked, status = one.order, one.asked, made.after.status
    short = status in (OrderStatus.BACKORDERED, OrderStatus.PARTIALLY_ALLOCATED)
    return (
        order.order_id,
        order.merchant_id,
        order.number,
        None,
        order.root_order_id,
        asked.channel,
        asked.customer_reference,
        asked.customer_name,
        asked.customer_email,
        asked.customer_class,
        order.warehouse_id,
        order.priority,
        order.ship_policy,
        order.keeps_back,
        order.placed_at,
        asked.requested_date,
        status,
        made.after.hold_kind,
        made.after.reason,
        work.as_of if status is OrderStatus.ON_HOLD else None,
        work.as_of if short else None,
        work.as_of,
    )


def _line_columns(
    order: OrderRow, result: LineResult, asked: NewLine, *, waiting: bool, turn: int
) -> Sequence[object]:
    line = result.line
    return (
        line.line_id,
        order.order_id,
        line.line_number,
        line.root_line_number,
        line.sku_text,
        line.variant_id,
        line.quantity,
        result.granted,
        asked.unit_price,
        asked.currency,
        line.priority,
        order.warehouse_id,
        line.rank_priority,
        order.placed_at,
        order.root_order_id,
        order.ship_policy,
        order.keeps_back and order.ship_policy == ShipPolicy.COMPLETE,
        waiting,
        turn,
    )
