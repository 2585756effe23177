"""A reservation whose time is up goes back to the queue, unless somebody picks the order already."""

from datetime import datetime

from makegood.services.expire_allocations import Expired, expire_allocations, orders_to_expire
from makegood.services.hold_order import hold_order
from makegood.services.pick_order import release_to_pick
from tests.shop import Shop


def expire(shop: Shop) -> Expired:
    return shop.do(expire_allocations)


def until(shop: Shop, number: str, moment: datetime) -> None:
    """Let what an order has reserved end at a moment."""
    shop.change(
        "UPDATE allocations SET expires_at = %s WHERE line_id IN "
        "(SELECT line_id FROM order_lines JOIN orders USING (order_id) WHERE number = %s)",
        moment,
        number,
    )


def a_filled_order(shop: Shop, number: str = "A", units: int = 3) -> None:
    shop.sells("MUG").gets("MUG", units).check()
    shop.order(number, MUG=units)
    until(shop, number, shop.clock)
    shop.later(minutes=1)


def test_its_units_are_offered_to_the_queue_and_the_order_waits_again(shop: Shop) -> None:
    a_filled_order(shop)
    shop.order("FIRST", priority="EXPRESS", MUG=2)
    assert expire(shop) == Expired(1, more=True)
    assert (shop.status("A"), shop.has("A")) == ("BACKORDERED", {"MUG": 0})
    assert "allocation:expired" in shop.events("A")
    assert shop.value("SELECT state FROM allocations WHERE closed_at IS NOT NULL") == "EXPIRED"
    shop.check()
    assert (shop.has("FIRST"), shop.has("A")) == ({"MUG": 2}, {"MUG": 1})
    assert expire(shop) == Expired(0, more=False)


def test_the_backorder_of_the_line_is_open_again(shop: Shop) -> None:
    a_filled_order(shop)
    expire(shop)
    assert shop.value("SELECT count(*) FROM backorders WHERE closed_at IS NULL") == 1


def test_before_its_time_nothing_ends(shop: Shop) -> None:
    a_filled_order(shop)
    until(shop, "A", shop.clock.replace(hour=23))
    assert expire(shop) == Expired(0, more=False)
    assert shop.status("A") == "ALLOCATED"


def test_only_what_is_over_ends(shop: Shop) -> None:
    a_filled_order(shop)
    shop.gets("MUG", 2).check()
    shop.order("B", MUG=2)
    expire(shop)
    assert shop.has("B") == {"MUG": 2}


def test_a_held_order_loses_it_too_and_stays_held(shop: Shop) -> None:
    a_filled_order(shop)
    shop.do(hold_order, "A", because="the address is unclear")
    expire(shop)
    assert (shop.status("A"), shop.has("A")) == ("ON_HOLD", {"MUG": 0})


def test_a_complete_order_keeps_no_rest(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 1).gets("LID", 1).check()
    shop.order("SET", ship_policy="COMPLETE", MUG=1, LID=1)
    shop.change("UPDATE allocations SET expires_at = %s WHERE allocation_id = 1", shop.clock)
    expire(shop)
    assert (shop.status("SET"), shop.has("SET")) == ("BACKORDERED", {"MUG": 0, "LID": 0})


def test_from_ready_to_pick_on_nothing_is_taken_away(shop: Shop) -> None:
    a_filled_order(shop)
    shop.do(release_to_pick, "A")
    assert shop.do(orders_to_expire) == []
    expire(shop)
    assert (shop.status("A"), shop.has("A")) == ("READY_TO_PICK", {"MUG": 3})
