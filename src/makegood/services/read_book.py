"""Read, under the held gates, what a decision needs: orders, usable units, and who keeps units back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from makegood.domain.errors import LawBroken
from makegood.domain.orders import LineRow, OrderRow
from makegood.domain.rank import Rank, Reach
from makegood.domain.states import WAITING, OrderStatus, ShipPolicy
from makegood.planner.book import Book, Keeper, Plan, UsableUnit, WaitingLine, WaitingOrder
from makegood.services.read_queue import Peek
from makegood.services.work import Work
from makegood.store.database import StartOver

# A dict is several times as fast as calling the enum, and this is asked for each line.
POLICIES: Mapping[str, ShipPolicy] = {policy.value: policy for policy in ShipPolicy}


@dataclass(slots=True, kw_only=True)
class Reading:
    """What was read under the locks: orders with all their lines, and who marked which variant.

    `asked` orders get an attempt on record whatever comes of it; of `undecided` ones a check is still to come.
    """

    warehouse: int
    orders: Mapping[int, OrderRow]
    lines: Mapping[int, Sequence[LineRow]]
    sources: Mapping[int, Sequence[str]] = field(default_factory=dict)
    asked: Collection[int] = ()
    undecided: Collection[int] = ()


def read_orders(
    work: Work, warehouse: int, order_ids: Sequence[int], sources: Mapping[int, Sequence[str]]
) -> Reading:
    """Hold the orders, by id, and read them with their lines."""
    orders = work.db.records(OrderRow, "lock_orders", orders=order_ids)
    lines: dict[int, list[LineRow]] = {order.order_id: [] for order in orders}
    for line in work.db.records(LineRow, "lines_of_orders", orders=order_ids):
        lines[line.order_id].append(line)
    return Reading(
        warehouse=warehouse,
        orders={order.order_id: order for order in orders},
        lines=lines,
        sources=sources,
    )


def waiting_orders(reading: Reading, chosen: Collection[int] | None = None) -> list[WaitingOrder]:
    """Give the waiting orders of a reading; of those that ship in parts only the chosen lines."""
    found = (
        waiting_order(order, reading.lines[order_id], chosen)
        for order_id, order in reading.orders.items()
        if OrderStatus(order.status) in WAITING
    )
    return [order for order in found if order is not None]


def waiting_order(
    order: OrderRow, lines: Sequence[LineRow], chosen: Collection[int] | None = None
) -> WaitingOrder | None:
    """Give an order as a plan sees it, None when none of its lines waits."""
    policy = ShipPolicy(order.ship_policy) if order.allow_backorders else ShipPolicy.COMPLETE
    lacking = [
        WaitingLine(line.line_id, line.order_id, line.variant_id, line.shortfall, line.rank)
        for line in lines
        if line.variant_id is not None
        and line.shortfall > 0
        and (chosen is None or policy is ShipPolicy.COMPLETE or line.line_id in chosen)
    ]
    if not lacking:
        return None
    return WaitingOrder(
        order_id=order.order_id,
        policy=policy,
        lines=lacking,
        # As the line's own column says it: by its own policy, not by its warehouse's.
        keeps_back=order.keeps_back and order.ship_policy == ShipPolicy.COMPLETE,
        fillable=all(line.variant_id is not None or line.shortfall == 0 for line in lines),
    )


def queue_of(work: Work, seen: Peek) -> list[WaitingOrder]:
    """Read, under the gates, the lines that were looked at, as a plan sees them."""
    found: dict[int, tuple[ShipPolicy, bool, list[WaitingLine]]] = {}
    rows = work.db.all("waiting_lines", lines=sorted(seen.lines), orders=sorted(seen.whole))
    for line_id, variant_id, shortfall, policy, keeps_back, *rank in rows:
        line = WaitingLine(line_id, rank[4], variant_id, shortfall, Rank._make(rank))
        found.setdefault(rank[4], (POLICIES[policy], keeps_back, []))[2].append(line)
    return [
        WaitingOrder(order_id=order_id, policy=policy, lines=lines, keeps_back=keeps_back)
        for order_id, (policy, keeps_back, lines) in found.items()
    ]


def book_of(
    work: Work,
    warehouse: int,
    seen: Peek,
    held: Collection[int],
    newcomers: Sequence[WaitingOrder] = (),
    *,
    until: Reach | None = None,
) -> Book:
    """Put the looked-at part of the queue, and newcomers, into the book of one decision.

    Who keeps units back counts down to the reach that was looked at, or to `until`.
    """
    orders = [*queue_of(work, seen), *newcomers]
    needed = sorted({line.variant_id for order in orders for line in order.lines})
    if not set(needed) <= set(held):
        raise StartOver("an order needs a variant whose gate is not held")
    return Book(
        orders=orders,
        units=usable_units(work, warehouse, needed),
        keepers=keepers(work, warehouse, needed, until or seen.last, [order.order_id for order in orders]),
        horizons=seen.horizons,
    )


def read_served(
    work: Work,
    warehouse: int,
    book: Book,
    made: Plan,
    sources: Mapping[int, Sequence[str]],
    asked: Collection[int] = (),
) -> Reading:
    """Hold and read the orders that a plan grants something, and those asked for by name.

    The gates have kept their lines as the plan saw them. Raises `LawBroken` for one that may not be served.
    """
    lines = {line.line_id: line for order in book.orders for line in order.lines}
    served = {lines[grant.line_id].order_id for grant in made.grants}
    reading = read_orders(work, warehouse, sorted(served | set(asked)), sources)
    wrong = [
        order.number for order in reading.orders.values() if order.order_id in served and not _may_wait(order)
    ]
    if wrong:
        raise LawBroken([f"order {number} is in the queue although its status does not wait" for number in wrong])
    reading.asked = asked
    return reading


def _may_wait(order: OrderRow) -> bool:
    return OrderStatus(order.status) in WAITING


def usable_units(work: Work, warehouse: int, variants: Sequence[int]) -> list[UsableUnit]:
    """Read what is free of some variants in one warehouse."""
    rows = work.db.all("usable_units", warehouse=warehouse, variants=variants, today=work.today)
    return [
        UsableUnit(
            unit_id=unit_id,
            variant_id=variant_id,
            free=free,
            received_at=received_at,
            expires_on=expires_on,
            usable_until=usable_until,
            pick_sequence=pick_sequence,
        )
        for unit_id, variant_id, free, received_at, expires_on, usable_until, pick_sequence in rows
    ]


def keepers(work: Work, warehouse: int, variants: Sequence[int], until: Reach, but: Sequence[int]) -> list[Keeper]:
    """Read who keeps units of these variants back, down to a reach, leaving out some orders."""
    rows = work.db.all("keepers", warehouse=warehouse, variants=variants, orders=but, **until._asdict())
    return [
        Keeper(order_id, variant_id, units, Rank(priority, placed_at, root, root_line, order_id, line))
        for order_id, variant_id, units, priority, placed_at, root, root_line, line in rows
    ]
