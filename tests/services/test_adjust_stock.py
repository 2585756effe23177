"""The books are corrected: what was found is given out, what is gone is taken from who ranks worst."""

from datetime import date, timedelta

import pytest

from makegood.domain.errors import InvalidValue, MerchantNotFound, NotEnough, WarehouseNotFound
from makegood.domain.orders import NewLine
from makegood.services.adjust_stock import adjust_stock
from makegood.services.hold_order import hold_order
from makegood.services.pick_order import release_to_pick
from makegood.store.database import Database
from tests.services.stock_stories import books_balance, holders, lies, marks
from tests.shop import MONDAY, Shop


def adjust(shop: Shop, units: int, *, bin: str = "A-01", sku: str = "MUG") -> list[str]:
    """Adjust and name the orders that lost units."""
    made = shop.do(adjust_stock, sku, units, location=bin, reason="shelf check")
    return sorted(lost.order.number for lost in made.lost)


def test_what_was_found_goes_to_who_waits(books_of_each: Database) -> None:
    shop = Shop(books_of_each)
    shop.sells("MUG").order("A", MUG=3)
    made = shop.do(adjust_stock, " mug", 5, location="A-01", reason="found behind the shelf")
    assert marks(shop) == [("MUG", made.source)]
    shop.check()
    assert (shop.status("A"), shop.free("MUG")) == ("ALLOCATED", 2)
    ledger = shop.rows("SELECT delta, reason, trigger_source, actor FROM stock_movements")
    assert ledger == [(5, "found behind the shelf", "adjustment:1", "manager")]


def test_free_units_go_first_when_something_is_gone(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 10).check()
    shop.order("A", MUG=6)
    assert adjust(shop, -4) == []
    assert (shop.status("A"), lies(shop, "MUG")) == ("ALLOCATED", {("A-01", "AVAILABLE"): (6, 6)})
    books_balance(shop)


def test_the_worst_rank_loses_first_and_goes_back_to_the_queue_with_its_age(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 9).check()
    shop.order("OLD", placed=MONDAY - timedelta(days=3), MUG=3)
    shop.order("NEW", MUG=3)
    shop.order("FAST", priority="EXPRESS", MUG=3)
    assert adjust(shop, -4) == ["NEW", "OLD"]
    assert holders(shop) == {("FAST", "A-01"): 3, ("OLD", "A-01"): 2}
    assert (shop.status("NEW"), shop.status("OLD")) == ("BACKORDERED", "PARTIALLY_ALLOCATED")
    shop.gets("MUG", 2).check()
    assert (shop.has("OLD"), shop.has("NEW")) == ({"MUG": 3}, {"MUG": 1})
    books_balance(shop)


def test_reserved_loses_before_confirmed_before_forced(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 6).check()
    for number in ("FORCED", "CONFIRMED", "RESERVED"):
        # The plain reservation has the best rank: it loses first all the same.
        shop.order(number, priority="EXPRESS" if number == "RESERVED" else "STANDARD", MUG=2)
    of = "FROM order_lines l JOIN orders o USING (order_id) WHERE l.line_id = a.line_id AND number = %s"
    shop.change(f"UPDATE allocations a SET state = 'CONFIRMED' {of}", "CONFIRMED")
    shop.change(f"UPDATE allocations a SET forced = true, reason = 'the boss' {of}", "FORCED")
    assert [adjust(shop, -2) for _ in range(3)] == [["RESERVED"], ["CONFIRMED"], ["FORCED"]]


def test_an_order_on_hold_stays_on_hold(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 4).check()
    shop.order("A", MUG=4)
    shop.do(hold_order, "A", because="the customer asked")
    assert adjust(shop, -3) == ["A"]
    shop.gets("MUG", 9).check()
    assert (shop.status("A"), shop.has("A")) == ("ON_HOLD", {"MUG": 1})


def test_from_ready_to_pick_on_it_is_a_short_pick(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 4).check()
    shop.order("A", MUG=4)
    shop.do(release_to_pick, ["A"])
    assert adjust(shop, -1) == ["A"]
    assert (shop.status("A"), shop.has("A")) == ("PARTIALLY_ALLOCATED", {"MUG": 3})
    shop.gets("MUG", 1).check()
    assert shop.status("A") == "ALLOCATED"


def test_a_complete_order_that_lacks_something_gives_back_the_rest(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 2).gets("LID", 2).check()
    shop.order("SET", ship_policy="COMPLETE", lines=[NewLine("MUG", 2), NewLine("LID", 2)])
    shop.later(minutes=1).order("LIDS", LID=1)
    assert shop.status("LIDS") == "BACKORDERED"
    assert adjust(shop, -1) == ["SET"]
    shop.check()
    assert (shop.status("SET"), shop.status("LIDS")) == ("BACKORDERED", "ALLOCATED")
    books_balance(shop)


def test_units_that_are_left_elsewhere_make_up_for_the_loss(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 2).check()
    shop.order("A", MUG=2)
    shop.gets("MUG", 2, bin="A-02").check()
    assert adjust(shop, -2) == ["A"]
    shop.check()
    assert holders(shop) == {("A", "A-02"): 2}


def test_no_more_is_taken_off_than_is_there(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 3).gets("MUG", 50, bin="A-02")
    with pytest.raises(NotEnough) as refused:
        adjust(shop, -4)
    assert refused.value.facts == {"sku": "MUG", "wanted": 4, "free": 3}
    with pytest.raises(NotEnough, match="MUG: 1 wanted, 0 there"):
        adjust(shop, -1, bin="DOCK")


def test_a_tracked_variant_needs_its_lot_and_date_and_a_known_lot_brings_the_date(shop: Shop) -> None:
    shop.sells("MILK", lot_tracked=True, expiry_tracked=True)
    with pytest.raises(InvalidValue, match="lot"):
        adjust(shop, 1, sku="MILK")
    with pytest.raises(InvalidValue, match="expires_on"):
        shop.do(adjust_stock, "MILK", 1, location="A-01", lot="L1", reason="found")
    may = date(2026, 5, 1)
    shop.do(adjust_stock, "MILK", 1, location="A-01", lot="L1", expires_on=may, reason="found")
    shop.do(adjust_stock, "MILK", 2, location="A-02", lot="L1", reason="found")
    assert set(shop.rows("SELECT lot, expires_on FROM inventory_units")) == {("L1", may)}


def test_what_makes_no_sense_is_refused(shop: Shop) -> None:
    shop.sells("MUG")
    with pytest.raises(InvalidValue, match="units"):
        adjust(shop, 0)
    with pytest.raises(InvalidValue, match="reason"):
        shop.do(adjust_stock, "MUG", 1, location="A-01", reason=" ")
    with pytest.raises(WarehouseNotFound):
        shop.do(adjust_stock, "MUG", 1, location="A-01", warehouse="WEST", reason="x")
    with pytest.raises(MerchantNotFound):
        shop.do(adjust_stock, "MUG", 1, location="A-01", merchant="acme", reason="x")
