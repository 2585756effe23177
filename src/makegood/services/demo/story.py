"""The story as it is written: a tea shop's goods, its customers' orders, and what happens on one Monday.

Nothing here says who gets what: that is for the books to decide. The tins of Assam show expiry (one lot is too
old to be sent), the Café a complete order that has its goods kept back, Yuki one that lets others go first.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Concatenate, NamedTuple, ParamSpec

from makegood.domain.catalogue import NewLocation, NewVariant, NewWarehouse
from makegood.domain.orders import NewLine, NewOrder
from makegood.domain.sessions import CountedLine, ReceivedLine, ReturnedLine
from makegood.services.cancel_order import cancel_order
from makegood.services.count_stock import count
from makegood.services.move_stock import Move, move_all
from makegood.services.place_order import place_order
from makegood.services.receive_stock import receive
from makegood.services.return_stock import take_back
from makegood.services.set_stock_aside import damage_stock
from makegood.services.work import Work

P = ParamSpec("P")
Deed = Callable[[Work], object]

SHOP = "Tidewater Tea"
MONDAY = date(2026, 3, 2)


def at(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    """Give a moment of the story, in UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


OPENING = at(18, 7, month=2)
MORNING = at(2, 8)
EVENING = at(2, 17)

WAREHOUSES = [NewWarehouse("HARBOUR", "The warehouse at the harbour")]
LOCATIONS = [
    NewLocation("A-01", "HARBOUR", "PICKING", pick_sequence=1),
    NewLocation("A-02", "HARBOUR", "PICKING", pick_sequence=2),
    NewLocation("DOCK", "HARBOUR", "RECEIVING", is_pickable=False),
]
VARIANTS = [
    NewVariant("MUG", "Stoneware mug"),
    NewVariant("POT", "Cast-iron teapot"),
    NewVariant("KETTLE", "Copper kettle"),
    NewVariant("INFUSER", "Steel infuser"),
    NewVariant("TRAY", "Bamboo tray"),
    NewVariant("ASSAM", "Assam, tin of 250 g", expiry_tracked=True, min_shelf_life_days=30),
    NewVariant("MINT", "Peppermint, tin of 100 g", expiry_tracked=True, min_shelf_life_days=30),
]


FIRST_STOCK = [
    ReceivedLine("MUG", 3, "A-01"),
    ReceivedLine("KETTLE", 1, "A-01"),
    ReceivedLine("TRAY", 5, "A-02"),
    ReceivedLine("ASSAM", 2, "A-02", lot="L-25", expires_on=date(2026, 3, 20)),
    ReceivedLine("MINT", 6, "A-02", lot="P-11", expires_on=date(2026, 11, 30)),
]


def _order(number: str, customer: str, day: int, wants: str, **terms: Any) -> NewOrder:
    lines = [NewLine(sku, int(units)) for units, _, sku in (one.partition(" ") for one in wants.split(", "))]
    placed_at = at(day, 10, month=2)
    return NewOrder(number=number, customer_name=customer, placed_at=placed_at, lines=lines, **terms)


ORDERS = [
    _order("1001", "Ada Okafor", 20, "4 MUG, 1 TRAY"),
    _order("1002", "Café Lindqvist", 21, "6 MUG, 2 POT", ship_policy="COMPLETE", when_short="reserve"),
    _order("1003", "Ben Castellanos", 23, "2 MUG"),
    _order("1004", "Yuki Tanaka", 24, "1 KETTLE, 1 INFUSER", ship_policy="COMPLETE"),
    _order("1005", "Hotel Miramar", 25, "6 ASSAM, 4 TRAY", priority="RUSH", ship_policy="COMPLETE_LINES"),
    _order("1006", "Imani Reyes", 26, "1 MUG, 1 ASSAM", priority="EXPRESS"),
    _order("1007", "Noor Haddad", 27, "1 KETTLE"),
    _order("1008", "Oskar Nilsen", 27, "2 MUG-GREEN"),
    _order("1009", "Priya Raman", 28, "2 MINT"),
]
LATECOMER = _order("1010", "Leo Marsh", 28, "4 ASSAM")._replace(placed_at=at(2, 10))


class Step(NamedTuple):
    """Something that happens: when, by which road, in words, to which SKUs, and the use-cases that do it."""

    at: datetime
    road: str
    what: str
    skus: Sequence[str]
    does: Sequence[Deed]


def _does(use_case: Callable[Concatenate[Work, P], object], *args: P.args, **named: P.kwargs) -> Deed:
    return lambda work: use_case(work, *args, **named)


STEPS = [
    Step(
        at(2, 8, 30),
        "receiving",
        "8 MUG and 1 POT are unloaded onto the DOCK",
        ["MUG", "POT"],
        [_does(receive, "DN-31", [ReceivedLine("MUG", 8, "DOCK"), ReceivedLine("POT", 1, "DOCK")])],
    ),
    Step(
        at(2, 9),
        "putaway",
        "8 MUG and 1 POT are moved from the DOCK into A-01",
        ["MUG", "POT"],
        [_does(move_all, [Move("MUG", 8, "DOCK", "A-01"), Move("POT", 1, "DOCK", "A-01")])],
    ),
    Step(
        at(2, 10),
        "receiving",
        "4 ASSAM go into A-02; at that moment Leo Marsh orders 4",
        ["ASSAM"],
        [
            _does(receive, "DN-32", [ReceivedLine("ASSAM", 4, "A-02", lot="L-26", expires_on=date(2027, 1, 31))]),
            _does(place_order, LATECOMER),
        ],
    ),
    Step(
        at(2, 11),
        "cycle count",
        "2 MUG more than booked are found in A-01",
        ["MUG"],
        [_does(count, "C-7", [CountedLine("MUG", 13, "A-01")])],
    ),
    Step(
        at(2, 12),
        "customer return",
        "1 POT comes back sound and goes into A-02",
        ["POT"],
        [_does(take_back, "R-5", [ReturnedLine("POT", 1, "A-02")])],
    ),
    Step(
        at(2, 13),
        "receiving",
        "1 INFUSER goes into A-02",
        ["INFUSER"],
        [_does(receive, "DN-33", [ReceivedLine("INFUSER", 1, "A-02")])],
    ),
    Step(
        at(2, 14),
        "cancelled order",
        "Noor Haddad no longer wants the only KETTLE",
        ["KETTLE"],
        [_does(cancel_order, "1007", because="no longer wanted")],
    ),
    Step(
        at(2, 15),
        "damage",
        "1 MUG in A-01 is found broken",
        ["MUG"],
        [_does(damage_stock, "MUG", 1, location="A-01")],
    ),
]
