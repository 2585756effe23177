"""A backorder tells when its last unit is due; what it tells follows demand and known supply, and says so."""

from makegood.services.backorders.cancel_backorder import cancel_backorder
from makegood.services.backorders.update_backorder import update_backorder
from makegood.services.business_settings import change_setting
from makegood.services.doctor import doctor
from makegood.services.hold_order import hold_order
from makegood.services.inbound.cancel_inbound import cancel_inbound
from makegood.services.inbound.suppliers import set_supplier
from makegood.services.mark_dates import mark_expired
from makegood.services.repair_books import repair_books
from tests.services.backorder_stories import is_sound, number_of
from tests.services.date_stories import announce, change_inbound, day, expected, is_current, sheet, told
from tests.services.inbound_stories import comes, opens_west, send, sources
from tests.shop import Shop


def mugs(shop: Shop, *wanted: int) -> Shop:
    """A, B, C … each want so many mugs, in this order."""
    shop.sells("MUG")
    for letter, units in zip("ABCDEFG", wanted, strict=False):
        shop.order(letter, MUG=units)
        shop.later(minutes=1)
    return shop


def test_without_known_supply_there_is_no_date_and_nothing_is_kept(shop: Shop) -> None:
    mugs(shop, 3)
    assert expected(shop, "A") == [None]
    assert shop.value("SELECT count(*) FROM expected_dates") == 0
    assert told(shop, "A") == []


def test_supply_dates_the_queue_from_its_top(shop: Shop) -> None:
    mugs(shop, 3, 4, 5)
    announce(shop, "MUG", 5, day(9))
    announce(shop, "MUG", 4, day(20), reference="PO-2")
    assert expected(shop, "A", "B", "C") == [day(9), day(20), None]
    assert told(shop, "A") == [(None, "2026-03-09")]
    assert told(shop, "C") == []
    assert is_current(shop)
    assert is_sound(shop)


def test_a_new_order_is_dated_behind_those_who_wait(shop: Shop) -> None:
    mugs(shop, 3)
    announce(shop, "MUG", 5, day(9))
    assert expected(shop, "A") == [day(9)]
    shop.order("B", MUG=2)
    shop.order("C", MUG=1, priority="EXPRESS")
    assert expected(shop, "A", "B", "C") == [day(9), None, day(9)]
    assert is_current(shop)


def test_a_date_moves_with_its_supply_and_is_told_once(shop: Shop) -> None:
    mugs(shop, 3)
    supply = announce(shop, "MUG", 5, day(9))
    assert expected(shop, "A") == [day(9)]
    change_inbound(shop, supply, due=day(11))
    change_inbound(shop, supply, due=day(12))
    assert expected(shop, "A") == [day(12)]
    assert told(shop, "A") == [(None, "2026-03-09"), ("2026-03-09", "2026-03-12")]
    change_inbound(shop, supply, notes="no news")
    assert expected(shop, "A") == [day(12)]
    assert len(told(shop, "A")) == 2


def test_cancelled_supply_takes_the_date_away(shop: Shop) -> None:
    mugs(shop, 3, 2)
    supply = announce(shop, "MUG", 5, day(9))
    assert expected(shop, "A", "B") == [day(9), day(9)]
    shop.do(cancel_inbound, supply, quantity=1)
    assert expected(shop, "A", "B") == [day(9), None]
    shop.do(cancel_inbound, supply)
    assert expected(shop, "A", "B") == [None, None]
    assert shop.value("SELECT count(*) FROM expected_dates") == 0


def test_a_cancelled_backorder_lets_those_behind_it_be_due_earlier(shop: Shop) -> None:
    mugs(shop, 5, 2)
    announce(shop, "MUG", 5, day(9))
    announce(shop, "MUG", 5, day(20), reference="PO-2")
    assert expected(shop, "A", "B") == [day(9), day(20)]
    shop.do(cancel_backorder, number_of(shop, "A"), quantity=2)
    assert expected(shop, "A", "B") == [day(9), day(9)]
    assert is_current(shop)


def test_a_raised_priority_passes_the_dates_on(shop: Shop) -> None:
    mugs(shop, 5, 5)
    announce(shop, "MUG", 5, day(9))
    announce(shop, "MUG", 5, day(20), reference="PO-2")
    assert expected(shop, "A", "B") == [day(9), day(20)]
    shop.do(update_backorder, number_of(shop, "B"), priority="CRITICAL")
    assert expected(shop, "A", "B") == [day(20), day(9)]
    assert is_current(shop)


def test_a_delivery_that_nobody_announced_moves_only_whom_it_concerns(shop: Shop) -> None:
    mugs(shop, *[1] * 6)
    announce(shop, "MUG", 3, day(9))
    announce(shop, "MUG", 2, day(20), reference="PO-2")
    assert expected(shop, *"ABCDEF") == [day(9), day(9), day(9), day(20), day(20), None]
    before = shop.value("SELECT count(*) FROM fulfillment_events WHERE type = 'backorder:expected_date_changed'")
    shop.gets("MUG", 1)
    shop.check()
    assert shop.date() == 3
    assert expected(shop, *"ABCDEF") == [None, day(9), day(9), day(9), day(20), day(20)]
    after = shop.value("SELECT count(*) FROM fulfillment_events WHERE type = 'backorder:expected_date_changed'")
    assert after - before == 2
    assert is_current(shop)


def test_the_event_names_what_set_the_change_off(shop: Shop) -> None:
    mugs(shop, 3)
    announce(shop, "MUG", 5, day(9), reference="PO-7")
    assert expected(shop, "A") == [day(9)]
    assert shop.value("SELECT trigger_sources FROM fulfillment_events WHERE type LIKE 'backorder:expected%%'") == [
        "inbound:PO-7"
    ]


def test_late_supply_keeps_its_day_and_puts_the_promise_at_risk(shop: Shop) -> None:
    mugs(shop, 3)
    announce(shop, "MUG", 5, day(9))
    shop.do(update_backorder, number_of(shop, "A"), promised_date=day(12))
    assert expected(shop, "A") == [day(9)]
    assert not sheet(shop, "A").at_risk
    shop.later(days=8)
    assert expected(shop, "A") == [day(9)]
    assert sheet(shop, "A").at_risk
    assert not sheet(shop, "A").overdue


def test_a_date_set_by_hand_counts_until_it_is_cleared(shop: Shop) -> None:
    mugs(shop, 3)
    announce(shop, "MUG", 5, day(9))
    assert expected(shop, "A") == [day(9)]
    shop.do(update_backorder, number_of(shop, "A"), expected_date=day(15))
    announce(shop, "MUG", 5, day(4), reference="PO-2")
    assert expected(shop, "A") == [day(15)]
    assert sheet(shop, "A").expected_by_hand
    shop.do(update_backorder, number_of(shop, "A"), clear=["expected_date"])
    assert sheet(shop, "A").expected_date == day(4)
    assert told(shop, "A") == [
        (None, "2026-03-09"),
        ("2026-03-09", "2026-03-15"),
        ("2026-03-15", "2026-03-04"),
    ]


def test_a_held_order_takes_no_supply_and_has_no_date(shop: Shop) -> None:
    mugs(shop, 3, 3)
    announce(shop, "MUG", 3, day(9))
    assert expected(shop, "A", "B") == [day(9), None]
    shop.do(hold_order, "A", because="the customer is away")
    assert expected(shop, "A", "B") == [None, day(9)]
    assert is_current(shop)


def test_a_safety_margin_moves_every_date(shop: Shop) -> None:
    mugs(shop, 3)
    announce(shop, "MUG", 5, day(9))
    assert expected(shop, "A") == [day(9)]
    shop.do(change_setting, "supplier_margin_days", 3)
    assert expected(shop, "A") == [day(12)]


def test_a_suppliers_own_margin_comes_before_the_setting(shop: Shop) -> None:
    mugs(shop, 3)
    announce(shop, "MUG", 5, day(9), supplier="ACME")
    shop.do(change_setting, "supplier_margin_days", 3)
    assert expected(shop, "A") == [day(12)]
    shop.do(set_supplier, "ACME", margin_days=1)
    assert expected(shop, "A") == [day(10)]
    assert is_current(shop)


def test_what_is_received_in_part_is_neither_counted_twice_nor_forgotten(shop: Shop) -> None:
    mugs(shop, 3, 3)
    supply = announce(shop, "MUG", 6, day(9))
    assert expected(shop, "A", "B") == [day(9), day(9)]
    comes(shop, supply, 4)
    assert expected(shop, "A", "B") == [None, day(9)]
    assert shop.has("B") == {"MUG": 1}
    comes(shop, supply, 5)
    assert expected(shop, "A", "B") == [None, None]
    assert shop.status("B") == "ALLOCATED"
    assert told(shop, "B") == [(None, "2026-03-09")]
    assert is_sound(shop)


def test_sourced_units_give_the_line_their_day_past_those_ahead(shop: Shop) -> None:
    mugs(shop, 3, 3)
    supply = announce(shop, "MUG", 3, day(9))
    announce(shop, "MUG", 3, day(20), reference="PO-2")
    assert expected(shop, "A", "B") == [day(9), day(20)]
    sources(shop, "B", supply, 2)
    assert expected(shop, "A", "B") == [day(20), day(20)]
    sources(shop, "B", supply, 1)
    assert expected(shop, "A", "B") == [day(20), day(9)]
    assert is_current(shop)
    assert is_sound(shop)


def test_a_held_order_has_the_day_of_what_it_sourced(shop: Shop) -> None:
    mugs(shop, 3, 3)
    supply = announce(shop, "MUG", 6, day(9))
    sources(shop, "A", supply)
    shop.do(hold_order, "A", because="the customer is away")
    assert expected(shop, "A", "B") == [day(9), day(9)]
    assert is_current(shop)


def test_a_transfer_dates_those_who_wait_where_it_goes(shop: Shop) -> None:
    mugs(shop, 3)
    opens_west(shop).gets("MUG", 5, bin="W-01", warehouse="WEST")
    send(shop, "T-1", "MUG", 4, due=day(6))
    assert expected(shop, "A") == [day(6)]
    assert is_sound(shop)


def test_an_order_that_ships_whole_is_due_with_its_last_line(shop: Shop) -> None:
    shop.sells("MUG", "CUP").order("A", MUG=3, CUP=2, ship_policy="COMPLETE")
    announce(shop, "MUG", 5, day(9))
    assert expected(shop, "A") == [None]
    supply = announce(shop, "CUP", 5, day(20), reference="PO-2")
    assert expected(shop, "A") == [day(20)]
    assert sheet(shop, "A", 2).expected_date == day(20)
    change_inbound(shop, supply, due=day(4))
    assert expected(shop, "A") == [day(9)]
    assert is_current(shop)


def test_what_lies_free_covers_its_part_of_a_whole_order(shop: Shop) -> None:
    shop.sells("MUG", "CUP").order("A", MUG=3, CUP=2, ship_policy="COMPLETE")
    announce(shop, "MUG", 5, day(9))
    assert expected(shop, "A") == [None]
    shop.gets("CUP", 4)
    assert expected(shop, "A") == [day(9)]
    assert is_current(shop)


def test_when_others_take_what_lay_free_the_whole_order_has_no_date_any_more(shop: Shop) -> None:
    shop.sells("MUG", "CUP").order("A", MUG=3, CUP=2, ship_policy="COMPLETE")
    announce(shop, "MUG", 5, day(9))
    shop.gets("CUP", 4)
    assert expected(shop, "A") == [day(9)]
    shop.later(minutes=1).order("B", CUP=3)
    assert expected(shop, "A") == [None]
    assert is_current(shop)
    shop.gets("CUP", 1, source="receiving:2")
    assert expected(shop, "A") == [day(9)]
    assert is_current(shop)


def test_free_stock_that_expires_is_not_counted_on_the_day_after(shop: Shop) -> None:
    shop.sells("MUG", "CUP").order("A", MUG=3, CUP=2, ship_policy="COMPLETE")
    announce(shop, "MUG", 5, day(9))
    shop.gets("CUP", 4, expires_on=day(5))
    assert expected(shop, "A") == [day(9)]
    shop.later(days=4)
    shop.by("expiry:2026-03-06", mark_expired)
    assert expected(shop, "A") == [None]
    assert is_current(shop)


def test_the_doctor_finds_a_date_that_drifted_and_has_it_mended(shop: Shop) -> None:
    mugs(shop, 3)
    announce(shop, "MUG", 5, day(9))
    assert expected(shop, "A") == [day(9)]
    shop.change("UPDATE expected_dates SET due = due + 1")
    found = doctor(shop.books, shop.clock).findings
    assert [finding.code for finding in found] == ["date_differs"]
    assert found[0].words == (
        "Order A, line 1 (MUG) is told to be due on 2026-03-10; by demand and supply it is due on 2026-03-09"
    )
    shop.do(repair_books, found)
    assert expected(shop, "A") == [day(9)]
    assert is_sound(shop)
