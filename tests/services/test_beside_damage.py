"""A damaged row of somebody who waits keeps no one else out: the check finds it and puts its order aside."""

from collections.abc import Callable

import psycopg
import pytest

from makegood.jobs.drain import drain
from makegood.jobs.station import Station
from makegood.services.allocate_order import allocate_order
from makegood.services.list_queue import list_queue
from tests.jobs.corrupt import unreadable, unwritable
from tests.shop import Shop

Damage = Callable[[Shop, str], None]


@pytest.fixture(params=[unwritable, unreadable])
def damaged(shop: Shop, request: pytest.FixtureRequest) -> Shop:
    """BAD is next for MUG, and its row was damaged by hand; stock has come that no check has looked at yet."""
    shop.sells("MUG")
    shop.order("EARLIER", MUG=2)
    shop.order("BAD", MUG=2, priority="EXPRESS")
    request.param(shop, "BAD")
    return shop.gets("MUG", 5)


def serve(shop: Shop) -> None:
    drain(Station(shop.books, clock=lambda: shop.clock))
    assert [order.order for order in shop.do(list_queue).aside] == ["BAD"]
    assert shop.rows("SELECT * FROM marks") == []


def test_an_order_comes_in_beside_it_and_is_served_in_its_turn(damaged: Shop) -> None:
    made = damaged.order("NEW", MUG=3)
    assert (made.after.status, made.granted) == ("BACKORDERED", 0)
    serve(damaged)
    assert (damaged.has("EARLIER"), damaged.has("NEW")) == ({"MUG": 2}, {"MUG": 3})


def test_a_retry_by_name_is_answered_and_the_order_served_in_its_turn(damaged: Shop) -> None:
    assert damaged.do(allocate_order, "EARLIER").granted == 0
    serve(damaged)
    assert damaged.status("EARLIER") == "ALLOCATED"


def test_who_keeps_units_back_in_a_queue_without_a_mark_is_found_as_well(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 5).check()
    shop.order("BAD", MUG=2, LID=1, ship_policy="COMPLETE", when_short="reserve")
    unreadable(shop, "BAD")
    shop.order("NEW", MUG=5)
    serve(shop)
    assert shop.has("NEW") == {"MUG": 5}


def test_what_fails_without_any_queue_fails_as_it_is(shop: Shop) -> None:
    """Nobody else is to blame: the second try says the same, and nothing is in the books."""
    shop.sells("MUG")
    with pytest.raises(psycopg.DataError, match="invalid byte"):
        shop.order("A", MUG=1, customer_name="a\0b")
    assert shop.rows("SELECT order_id FROM orders UNION ALL SELECT mark_id FROM marks") == []
