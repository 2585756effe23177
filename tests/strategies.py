"""Whole order books, always valid; most are contested, so that it matters who is served first."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from makegood.domain.rank import Priority
from makegood.domain.states import ShipPolicy
from makegood.planner.book import Book, Keeper, UsableUnit, WaitingLine, WaitingOrder
from makegood.planner.shelves import usable
from tests.build import NOON, TODAY, a_keeper, a_line

VARIANTS = st.sampled_from([1, 1, 1, 2, 2, 3, 900_000_000_000])
UNITS = st.sampled_from([1, 1, 2, 3, 4, 5, 9, 40])
PRIORITIES = st.sampled_from(list(Priority))
POLICIES = st.sampled_from(
    [
        ShipPolicy.PARTIAL,
        ShipPolicy.PARTIAL,
        ShipPolicy.COMPLETE_LINES,
        ShipPolicy.COMPLETE,
        ShipPolicy.COMPLETE,
    ]
)
# Few minutes and few days on purpose: ties are what a total order is for.
MINUTES = st.integers(0, 3)
DAYS = st.sampled_from([None, None, -1, 0, 1, 1, 30])


@st.composite
def lines_of(draw: st.DrawFn, order_id: int, root: int, minute: int) -> list[WaitingLine]:
    """One to four lines of an order, perhaps of one variant, perhaps each with a priority of its own."""
    numbers = draw(st.lists(st.integers(1, 6), min_size=1, max_size=4, unique=True))
    together, alike = draw(st.none() | PRIORITIES), draw(st.none() | st.none() | VARIANTS)
    return [
        a_line(
            alike or draw(VARIANTS),
            draw(UNITS),
            order_id=order_id,
            number=number,
            priority=together or draw(PRIORITIES),
            minute=minute,
            root=root,
            root_line=draw(st.integers(1, 3)) if root != order_id else number,
        )
        for number in numbers
    ]


@st.composite
def orders(draw: st.DrawFn, max_orders: int = 8) -> list[WaitingOrder]:
    """Orders in no particular sequence, some of them split siblings of one root."""
    ids = draw(st.lists(st.integers(1, 60), min_size=1, max_size=max_orders, unique=True))
    minutes = {order_id: draw(MINUTES) for order_id in ids}
    found = []
    for place, order_id in enumerate(ids):
        root = draw(st.sampled_from([order_id, order_id, ids[0]])) if place else order_id
        found.append(
            WaitingOrder(
                order_id=order_id,
                policy=draw(POLICIES),
                lines=draw(lines_of(order_id, root, minutes[root])),
                keeps_back=draw(st.booleans()),
                fillable=draw(st.sampled_from([True, True, True, False])),
            )
        )
    return found


@st.composite
def shelves(draw: st.DrawFn) -> list[UsableUnit]:
    """Stock of the same variants: some expired, some short-dated, some of it received in one delivery."""
    found = []
    for unit_id in draw(st.lists(st.integers(1, 99), max_size=8, unique=True)):
        expires, margin = draw(DAYS), draw(st.sampled_from([0, 0, 2]))
        last = None if expires is None else TODAY + timedelta(days=expires)
        found.append(
            UsableUnit(
                unit_id=unit_id,
                variant_id=draw(VARIANTS),
                free=draw(st.sampled_from([0, 1, 2, 3, 5, 8, 30])),
                received_at=NOON + timedelta(days=draw(st.integers(0, 2))),
                expires_on=last,
                usable_until=None if last is None else last - timedelta(days=margin),
                pick_sequence=draw(st.integers(0, 2)),
            )
        )
    return found


@st.composite
def keepers(draw: st.DrawFn) -> list[Keeper]:
    """Orders outside the book, each with something kept for it."""
    ids = draw(st.lists(st.integers(61, 70), max_size=3, unique=True))
    return [a_keeper(number, draw(UNITS), draw(VARIANTS), minute=draw(MINUTES)) for number in ids]


@st.composite
def books(draw: st.DrawFn, *, contested: bool = False, max_orders: int = 8) -> Book:
    """Any valid book; in a contested one there is some of a variant, but too little for those who want it."""
    book = Book(orders=draw(orders(max_orders)), units=draw(shelves()), keepers=draw(keepers()))
    if contested or draw(st.integers(0, 2)) == 0:
        return contest(book)
    return book


def contest(book: Book) -> Book:
    """Make two orders want the same variant, and put fewer units of it on the shelves than they want."""
    variant = book.orders[0].lines[0].variant_id
    rival = WaitingOrder(order_id=99, policy=ShipPolicy.PARTIAL, lines=[a_line(variant, 2, order_id=99, minute=2)])
    kept = [unit for unit in book.units if unit.variant_id != variant]
    stock = [unit for unit in book.units if unit.variant_id == variant and usable(unit, TODAY)]
    few = [replace(unit, free=1) for unit in stock[:2]] or [
        UsableUnit(unit_id=100, variant_id=variant, free=2, received_at=NOON)
    ]
    return replace(book, orders=[*book.orders, rival], units=[*kept, *few])


def is_contested(book: Book) -> bool:
    """Tell whether several orders want more of one variant than there is, and there is something."""
    wanted: Counter[int] = Counter()
    wanting: dict[int, set[int]] = {}
    for order in book.orders:
        for line in order.lines:
            wanted[line.variant_id] += line.shortfall
            wanting.setdefault(line.variant_id, set()).add(order.order_id)
    there: Counter[int] = Counter()
    for unit in book.units:
        there[unit.variant_id] += unit.free if usable(unit, TODAY) else 0
    return any(0 < there[v] < wanted[v] and len(wanting[v]) > 1 for v in wanted)
