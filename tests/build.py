"""Plain builders of books: every default is sensible, every argument says what a test is about."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from makegood.domain.rank import Priority, Rank, Reach
from makegood.domain.states import ShipPolicy
from makegood.planner.book import Book, Keeper, UsableUnit, WaitingLine, WaitingOrder

TODAY = date(2025, 3, 10)
NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


def a_rank(
    order_id: int = 1,
    line_number: int = 1,
    *,
    priority: Priority = Priority.NORMAL,
    minute: int = 0,
    root: int | None = None,
    root_line: int | None = None,
) -> Rank:
    """The rank of a line whose order came `minute` minutes after noon."""
    return Rank(
        priority,
        NOON + timedelta(minutes=minute),
        order_id if root is None else root,
        line_number if root_line is None else root_line,
        order_id,
        line_number,
    )


def a_line(
    variant_id: int = 1,
    shortfall: int = 1,
    *,
    order_id: int = 1,
    number: int = 1,
    priority: Priority = Priority.NORMAL,
    minute: int = 0,
    root: int | None = None,
    root_line: int | None = None,
) -> WaitingLine:
    """A line that lacks `shortfall` units; its id tells its order and number (order 7, line 2: 7002)."""
    rank = a_rank(order_id, number, priority=priority, minute=minute, root=root, root_line=root_line)
    return WaitingLine(order_id * 1000 + number, order_id, variant_id, shortfall, rank)


def an_order(
    order_id: int = 1,
    *wants: tuple[int, int],
    policy: ShipPolicy = ShipPolicy.PARTIAL,
    keeps_back: bool = False,
    fillable: bool = True,
    priority: Priority = Priority.NORMAL,
    minute: int | None = None,
    root: int | None = None,
) -> WaitingOrder:
    """An order that wants (variant, units) pairs; without a minute it came in the order of its id."""
    came = (order_id if root is None else root) if minute is None else minute
    lines = [
        a_line(variant, units, order_id=order_id, number=number, priority=priority, minute=came, root=root)
        for number, (variant, units) in enumerate(wants or [(1, 1)], start=1)
    ]
    return WaitingOrder(order_id=order_id, policy=policy, lines=lines, keeps_back=keeps_back, fillable=fillable)


def a_unit(
    free: int = 1,
    variant_id: int = 1,
    *,
    unit_id: int = 1,
    expires_on: date | None = None,
    usable_until: date | None = None,
    day: int = 0,
    pick_sequence: int = 0,
) -> UsableUnit:
    """Stock that came `day` days after the first of March and keeps for ever unless told otherwise."""
    return UsableUnit(
        unit_id=unit_id,
        variant_id=variant_id,
        free=free,
        received_at=NOON + timedelta(days=day),
        expires_on=expires_on,
        usable_until=usable_until or expires_on,
        pick_sequence=pick_sequence,
    )


def a_keeper(order_id: int = 1, units: int = 1, variant_id: int = 1, *, minute: int | None = None) -> Keeper:
    """An order outside the book for which `units` are to be kept."""
    return Keeper(order_id, variant_id, units, a_rank(order_id, minute=order_id if minute is None else minute))


def a_book(
    orders: Sequence[WaitingOrder] = (),
    units: Sequence[UsableUnit] = (),
    *,
    keepers: Sequence[Keeper] = (),
    horizons: dict[int, Reach] | None = None,
) -> Book:
    """A book of exactly this demand and supply."""
    return Book(orders=list(orders), units=list(units), keepers=list(keepers), horizons=horizons or {})
