"""What once broke a law: each story ends with the doctor's silence."""

from makegood.domain.catalogue import NewLocation, NewWarehouse
from makegood.domain.orders import NewLine
from makegood.services.add_catalogue import add_locations, add_warehouses
from makegood.services.allocate_order import allocate_order
from makegood.services.doctor import doctor
from makegood.services.release_hold import release_hold
from makegood.services.set_aside import retry_set_aside, set_aside
from makegood.services.shrink_stock import take_stock
from tests.judge.judge import judge
from tests.shop import Shop


def said(shop: Shop) -> list[str]:
    return [finding.words for finding in doctor(shop.books, shop.clock).findings]


def test_all_or_nothing_by_hand_serves_nobody_past_the_order(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("FIRST", MUG=5)
    shop.later(minutes=1).order("SECOND", MUG=5)
    shop.gets("MUG", 3)
    assert shop.do(allocate_order, "FIRST", allow_partial=False).granted == 0
    assert (shop.has("SECOND"), said(shop)) == ({"MUG": 0}, [])
    shop.check()
    assert (shop.has("FIRST"), said(shop)) == ({"MUG": 3}, [])


def test_all_or_nothing_by_hand_leaves_nothing_lying(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("FIRST", MUG=3)
    shop.later(minutes=1).order("SECOND", MUG=5)
    shop.gets("MUG", 6)
    shop.do(allocate_order, "SECOND", allow_partial=False)
    assert not said(shop)
    shop.check()
    assert (shop.has("FIRST"), shop.has("SECOND"), said(shop)) == ({"MUG": 3}, {"MUG": 3}, [])


def test_all_or_nothing_by_hand_gives_all_when_there_is_enough(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("FIRST", MUG=3)
    shop.later(minutes=1).order("SECOND", MUG=5)
    shop.gets("MUG", 8)
    assert shop.do(allocate_order, "SECOND", allow_partial=False).after.status == "ALLOCATED"
    assert (shop.has("FIRST"), said(shop)) == ({"MUG": 3}, [])


def test_units_kept_for_a_newcomer_that_is_held_at_once_go_to_the_next(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("WAITS", MUG=3)
    shop.gets("MUG", 2).later(minutes=1)
    lines = [NewLine("MUG", 2), NewLine("NO-SUCH", 1)]
    made = shop.order("HELD", lines=lines, priority="EXPRESS", ship_policy="COMPLETE", when_short="reserve")
    assert (made.after.status, said(shop)) == ("ON_HOLD", [])
    shop.check()
    assert (shop.has("WAITS"), said(shop)) == ({"MUG": 2}, [])


def test_units_kept_for_an_order_that_a_retry_puts_on_hold_go_to_the_next(shop: Shop) -> None:
    shop.do(add_warehouses, [NewWarehouse("STRICT", allow_backorders=False)])
    shop.do(add_locations, [NewLocation("S-1", "STRICT")])
    shop.sells("MUG")
    for number, units in (("FIRST", 9), ("SECOND", 2)):
        shop.later(minutes=1)
        shop.order(number, warehouse="STRICT", ship_policy="COMPLETE", when_short="reserve", MUG=units)
        shop.do(release_hold, number)
    shop.gets("MUG", 3, bin="S-1", warehouse="STRICT").check()
    assert shop.has("SECOND") == {"MUG": 0}
    assert shop.do(allocate_order, "FIRST").after.status == "ON_HOLD"
    assert not said(shop)
    shop.check()
    assert (shop.has("SECOND"), said(shop)) == ({"MUG": 2}, [])


def test_an_order_that_was_set_aside_was_not_overtaken_when_it_comes_back(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("FIRST", MUG=5)
    shop.later(minutes=1).order("SECOND", MUG=5)
    first = shop.value("SELECT order_id FROM orders WHERE number = 'FIRST'")
    shop.do(set_aside, {first: ValueError("odd")}, job="check")
    shop.gets("MUG", 3).check()
    assert shop.has("SECOND") == {"MUG": 3}
    (only,) = said(shop)
    assert only.startswith("Order FIRST was set aside because it made check fail")
    assert shop.do(retry_set_aside, "FIRST")
    shop.gets("MUG", 1).check()
    assert (shop.has("FIRST"), said(shop)) == ({"MUG": 1}, [])
    assert judge(shop.books.conninfo, shop.clock.date()).broken == {}


def test_who_ships_complete_only_by_the_warehouse_keeps_nothing_back(shop: Shop) -> None:
    shop.do(add_warehouses, [NewWarehouse("STRICT", allow_backorders=False)])
    shop.do(add_locations, [NewLocation("S-1", "STRICT")])
    shop.sells("MUG")
    for number, units in (("FIRST", 9), ("SECOND", 2)):
        shop.later(minutes=1).order(number, warehouse="STRICT", when_short="reserve", MUG=units)
        shop.do(release_hold, number)
    shop.gets("MUG", 3, bin="S-1", warehouse="STRICT").check()
    assert (shop.has("SECOND"), said(shop)) == ({"MUG": 2}, [])
    assert judge(shop.books.conninfo, shop.clock.date()).broken == {}


def test_an_order_that_shrank_where_no_backorders_are_taken_does_not_block_its_queue(shop: Shop) -> None:
    shop.do(add_warehouses, [NewWarehouse("STRICT", allow_backorders=False)])
    shop.do(add_locations, [NewLocation("S-1", "STRICT")])
    shop.sells("MUG", "LID")
    for sku in ("MUG", "LID"):
        shop.gets(sku, 2, bin="S-1", warehouse="STRICT")
    shop.check()
    shop.order("A", warehouse="STRICT", MUG=2, LID=2)
    bins = shop.rows("SELECT unit_id FROM inventory_units")
    shop.do(take_stock, 2, {unit: 1 for (unit,) in bins}, reason="count")
    shop.check()
    shop.gets("MUG", 1, bin="S-1", warehouse="STRICT").check()
    assert (shop.has("A"), said(shop)) == ({"MUG": 1, "LID": 1}, [])
    shop.gets("LID", 1, bin="S-1", warehouse="STRICT").check()
    assert (shop.status("A"), said(shop)) == ("ALLOCATED", [])
