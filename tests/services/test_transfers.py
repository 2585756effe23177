"""Transfers take their units along: out of one warehouse, under way, into the other, each unit once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from makegood.domain.catalogue import NewLocation
from makegood.domain.errors import Ambiguous, InboundClosed, InvalidValue, MakegoodError, NotEnough
from makegood.services.add_catalogue import add_locations
from makegood.services.inbound.cancel_inbound import cancel_inbound
from makegood.services.inbound.update_inbound import update_inbound
from makegood.services.receive_inbound import receive_inbound
from tests.services.backorder_stories import backorder, is_sound
from tests.services.inbound_stories import announce, comes, figures, opens_west, send, sources, west
from tests.services.stock_stories import lies
from tests.shop import Shop


def eight_in_west(shop: Shop) -> None:
    opens_west(shop).sells("MUG").gets("MUG", 8, warehouse="WEST", bin="W-01").check()


def units(shop: Shop) -> int:
    """All units that the books have, wherever they are."""
    return int(shop.value("SELECT sum(quantity) FROM inventory_units"))


def test_what_leaves_is_under_way_until_it_is_received(shop: Shop) -> None:
    eight_in_west(shop)
    shop.order("A", MUG=3)
    send(shop, "T-1", "MUG", 5)
    assert (west(shop, "MUG"), shop.free("MUG"), units(shop)) == ({"AVAILABLE": 3, "IN_TRANSIT": 5}, 3, 8)
    sources(shop, "A", "T-1")
    assert backorder(shop, "A").source == "TRANSFER"
    comes(shop, "T-1", 2)
    assert (figures(shop, "T-1"), shop.has("A")) == (("PARTIALLY_RECEIVED", 2, 0, 3, 1), {"MUG": 2})
    comes(shop, "T-1")
    assert (west(shop, "MUG"), shop.has("A"), units(shop)) == ({"AVAILABLE": 3}, {"MUG": 3}, 8)
    assert lies(shop, "MUG")["A-01", "AVAILABLE"] == (5, 3)
    assert is_sound(shop)


def test_only_what_is_free_and_kept_for_nobody_leaves(shop: Shop) -> None:
    eight_in_west(shop)
    shop.sells("LID").order("W", warehouse="WEST", MUG=2)
    shop.order("SET", warehouse="WEST", ship_policy="COMPLETE", when_short="reserve", MUG=3, LID=1)
    with pytest.raises(NotEnough) as refused:
        send(shop, "T-1", "MUG", 4)
    assert refused.value.facts == {"sku": "MUG", "wanted": 4, "free": 3}
    assert shop.value("SELECT count(*) FROM inbound_lines") == 0
    send(shop, "T-1", "MUG", 3)
    assert is_sound(shop)


def test_whoever_waits_there_is_served_before_anything_leaves(shop: Shop) -> None:
    opens_west(shop).sells("MUG").order("W", warehouse="WEST", MUG=6)
    shop.gets("MUG", 8, warehouse="WEST", bin="W-01")
    with pytest.raises(NotEnough):
        send(shop, "T-1", "MUG", 3)
    send(shop, "T-1", "MUG", 2)
    assert (shop.has("W"), west(shop, "MUG")) == ({"MUG": 6}, {"AVAILABLE": 6, "IN_TRANSIT": 2})
    assert is_sound(shop)


def test_a_cancelled_transfer_comes_back_and_serves_who_waits_there(shop: Shop) -> None:
    eight_in_west(shop)
    send(shop, "T-1", "MUG", 8)
    shop.order("W", warehouse="WEST", MUG=5)
    comes(shop, "T-1", 2)
    shop.do(cancel_inbound, "T-1", quantity=1, lost=True, because="fell off")
    shop.do(cancel_inbound, "T-1", because="the lorry turned round")
    assert (figures(shop, "T-1"), units(shop)) == (("RECEIVED", 2, 6, 0, 0), 7)
    shop.check()
    assert (shop.has("W"), west(shop, "MUG")) == ({"MUG": 5}, {"AVAILABLE": 5})
    with pytest.raises(InboundClosed):
        comes(shop, "T-1", 1)
    with pytest.raises(InboundClosed):
        shop.do(cancel_inbound, "T-1")
    assert is_sound(shop)


def test_a_transfer_grows_and_shrinks_with_its_units(shop: Shop) -> None:
    eight_in_west(shop)
    send(shop, "T-1", "MUG", 3)
    shop.do(update_inbound, "T-1", quantity=7)
    assert west(shop, "MUG") == {"AVAILABLE": 1, "IN_TRANSIT": 7}
    shop.do(update_inbound, "T-1", quantity=2)
    assert west(shop, "MUG") == {"AVAILABLE": 6, "IN_TRANSIT": 2}
    with pytest.raises(NotEnough):
        shop.do(update_inbound, "T-1", quantity=9)
    comes(shop, "T-1", 1)
    with pytest.raises(InvalidValue):
        shop.do(update_inbound, "T-1", quantity=0)
    assert is_sound(shop)


def test_more_than_had_left_is_found_and_told_in_the_ledger(shop: Shop) -> None:
    eight_in_west(shop)
    send(shop, "T-1", "MUG", 3)
    comes(shop, "T-1", 4)
    assert (figures(shop, "T-1"), units(shop), west(shop, "MUG")) == (
        ("RECEIVED", 4, 0, 0, 0),
        9,
        {"AVAILABLE": 5},
    )
    assert is_sound(shop)


def test_lots_and_ages_travel_along(shop: Shop) -> None:
    opens_west(shop).sells("EGG", lot_tracked=True, expiry_tracked=True)
    shop.gets("EGG", 2, warehouse="WEST", bin="W-01", lot="L2", expires_on=date(2026, 5, 1))
    shop.gets("EGG", 2, warehouse="WEST", bin="W-01", lot="L1", expires_on=date(2026, 4, 1)).check()
    born = shop.clock
    send(shop.later(days=3), "T-1", "EGG", 2)
    send(shop, "T-2", "EGG", 2)
    comes(shop.later(days=1), "T-1", 1)
    rows = shop.rows("SELECT lot, expires_on, received_at FROM inventory_units WHERE warehouse_id = 1")
    assert rows == [("L1", date(2026, 4, 1), born)]
    assert is_sound(shop)


def test_two_lots_under_way_must_be_named(shop: Shop) -> None:
    opens_west(shop).sells("EGG", lot_tracked=True)
    shop.gets("EGG", 1, warehouse="WEST", bin="W-01", lot="L1").gets(
        "EGG", 1, warehouse="WEST", bin="W-01", lot="L2"
    )
    shop.check()
    send(shop, "T-1", "EGG", 2)
    with pytest.raises(Ambiguous, match="lot L1"):
        comes(shop, "T-1", 1)
    comes(shop, "T-1", 1, lot="L2")
    comes(shop, "T-1", 1)
    assert (figures(shop, "T-1")[0], west(shop, "EGG")) == ("RECEIVED", {})
    assert is_sound(shop)


def test_one_bin_can_be_named_from_which_it_leaves(shop: Shop) -> None:
    eight_in_west(shop)
    shop.do(add_locations, [NewLocation("W-02", "WEST", "PICKING")])
    shop.gets("MUG", 2, warehouse="WEST", bin="W-02").check()
    with pytest.raises(NotEnough):
        send(shop, "T-1", "MUG", 3, from_location="W-02")
    send(shop, "T-1", "MUG", 2, from_location="W-02")
    assert west(shop, "MUG") == {"AVAILABLE": 8, "IN_TRANSIT": 2}
    assert is_sound(shop)


@pytest.mark.parametrize(
    "terms",
    [
        {"kind": "TRANSFER"},
        {"kind": "TRANSFER", "from_warehouse": "EAST", "warehouse": "EAST"},
        {"kind": "PRODUCTION", "from_warehouse": "WEST"},
        {"kind": "PRODUCTION", "supplier": "ACME"},
    ],
)
def test_what_makes_no_sense_is_refused(shop: Shop, terms: dict[str, str]) -> None:
    eight_in_west(shop)
    with pytest.raises(InvalidValue):
        announce(shop, "T-1", "MUG", 1, **terms)


def test_receiving_and_cancelling_at_once_move_each_unit_once(shop: Shop) -> None:
    eight_in_west(shop)
    shop.order("A", MUG=4)
    shop.order("W", warehouse="WEST", MUG=4)
    for number in range(4):
        send(shop, f"T-{number}", "MUG", 1)
    sources(shop, "A", "T-0")

    def deed(place: int) -> str:
        name = f"T-{place % 4}"
        try:
            if place % 3:
                shop.do(receive_inbound, name, 1, location="A-01", reference=f"D-{place}")
            else:
                shop.do(cancel_inbound, name)
        except MakegoodError as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(6) as crew:
        assert Counter(crew.map(deed, range(24))) == {"done": 4, "inbound_closed": 20}
    assert (units(shop), west(shop, "MUG").get("IN_TRANSIT", 0)) == (8, 0)
    shop.check()
    came = shop.value("SELECT sum(received) FROM inbound_lines")
    assert shop.has("A") == {"MUG": came}
    assert shop.value("SELECT sum(received + cancelled) FROM inbound_lines") == 4
    assert is_sound(shop)
