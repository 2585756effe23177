"""Splits: what is there goes out, what is missing waits on with the same age and rank."""

from dataclasses import replace
from datetime import timedelta

import pytest

from makegood.domain.errors import InvalidValue, NothingShort, NothingToShip, OrderNotFound, WrongState
from makegood.domain.orders import NewLine
from makegood.domain.splits import Consent
from makegood.services.backorders.fulfil_backorder import fulfil_backorder
from makegood.services.hold_order import hold_order
from makegood.services.pick_order import confirm_pick, release_to_pick, ship_order
from makegood.services.split_order import split_order
from tests.services.split_stories import AGREED, insist_sound, lines, merge, split
from tests.shop import MONDAY, Shop


@pytest.fixture
def short_of_lids(shop: Shop) -> Shop:
    """A has its mugs and two of its five lids; it has waited for ten days."""
    shop.sells("MUG", "LID", "CUP").gets("MUG", 3).gets("LID", 2).check()
    shop.order("A", MUG=3, LID=5, priority="RUSH", customer_name="Ann", channel="web")
    return shop.later(days=10)


def test_full_lines_stay_and_the_others_move_with_what_they_have(short_of_lids: Shop) -> None:
    shop = short_of_lids
    made = split(shop, "A")
    assert made[1:3] + made[4:] == ("A", "ALLOCATED", "A-BO1", "PARTIALLY_ALLOCATED", 3, 5)
    assert lines(shop, "A") == [(1, "MUG", 3, 3)]
    assert lines(shop, "A-BO1") == [(2, "LID", 5, 2)]
    insist_sound(shop)


def test_by_quantity_each_line_leaves_what_it_has(short_of_lids: Shop) -> None:
    shop = short_of_lids
    made = split(shop, "A", "quantities")
    assert (made.original_status, made.backorder_status) == ("ALLOCATED", "BACKORDERED")
    assert (made.shippable_items, made.backordered_items) == (5, 3)
    assert lines(shop, "A") == [(1, "MUG", 3, 3), (2, "LID", 2, 2)]
    assert lines(shop, "A-BO1") == [(2, "LID", 3, 0)]
    insist_sound(shop)


@pytest.mark.parametrize("mode", ["lines", "quantities"])
def test_the_child_has_age_rank_and_customer_of_its_parent(short_of_lids: Shop, mode: str) -> None:
    shop = short_of_lids
    same = (
        "SELECT root_order_id, customer_name, channel, merchant_id, warehouse_id, priority, ship_policy, "
        "placed_at FROM orders WHERE number = %s"
    )
    clock = shop.value("SELECT backordered_since FROM orders WHERE number = 'A'")
    made = split(shop, "A", mode)
    assert shop.rows(same, "A-BO1") == shop.rows(same, "A")
    assert shop.rows("SELECT parent_id, backordered_since FROM orders WHERE number = 'A-BO1'") == [
        (made.original_order_id, clock)
    ]
    assert shop.value("SELECT root_line_number FROM order_lines JOIN orders USING (order_id) "
                      "WHERE number = 'A-BO1'") == 2  # fmt: skip


@pytest.mark.parametrize("mode", ["lines", "quantities"])
def test_the_backorder_record_goes_where_its_shortfall_goes(short_of_lids: Shop, mode: str) -> None:
    shop = short_of_lids
    record = shop.value("SELECT number FROM backorders")
    split(shop, "A", mode)
    found = shop.rows(
        "SELECT o.number, b.number FROM backorders b JOIN order_lines USING (line_id) "
        "JOIN orders o USING (order_id)"
    )
    assert found == [("A-BO1", record)]


def test_whoever_waits_longer_is_served_first_though_the_child_is_new(short_of_lids: Shop) -> None:
    shop = short_of_lids
    shop.order("LATE", LID=5, priority="RUSH")
    split(shop, "A", "quantities")
    shop.gets("LID", 4).check()
    assert (shop.has("A-BO1"), shop.has("LATE")) == ({"LID": 3}, {"LID": 1})
    insist_sound(shop)


def test_each_part_ships_by_itself(short_of_lids: Shop) -> None:
    shop = short_of_lids
    split(shop, "A", "quantities")
    shop.gets("LID", 3).check()
    for step in (release_to_pick, confirm_pick, ship_order):
        shop.do(step, ["A"])
        shop.do(step, ["A-BO1"])
    assert (shop.status("A"), shop.status("A-BO1")) == ("SHIPPED", "SHIPPED")
    insist_sound(shop)


def test_only_unmatched_lines_make_a_held_child(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 3).check()
    shop.order("A", lines=[NewLine("MUG", 3), NewLine("WHAT?", 1)])
    assert split(shop, "A").backorder_status == "ON_HOLD"
    assert shop.value("SELECT hold_kind FROM orders WHERE number = 'A-BO1'") == "UNMATCHED"
    insist_sound(shop)


def test_a_complete_order_gets_its_part_inside_the_split(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 3).gets("LID", 2).check()
    shop.order("A", MUG=3, LID=5, ship_policy="COMPLETE")
    assert shop.status("A") == "BACKORDERED"
    made = split(shop, "A")
    assert (made.original_status, made.backorder_status, shop.free("LID")) == ("ALLOCATED", "BACKORDERED", 2)
    insist_sound(shop)
    merge(shop, "A")
    assert (shop.status("A"), shop.has("A"), shop.free("MUG")) == ("BACKORDERED", {"MUG": 0, "LID": 0}, 3)
    assert split(shop, "A", "quantities").shippable_items == 5
    insist_sound(shop)


def test_a_complete_order_overtakes_nobody_by_a_split(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    shop.order("FIRST", MUG=3)
    shop.later(minutes=1).order("A", MUG=3, LID=5, ship_policy="COMPLETE")
    shop.gets("MUG", 3)
    with pytest.raises(NothingToShip):
        split(shop, "A", "quantities")
    shop.check()
    assert (shop.has("FIRST"), shop.status("A")) == ({"MUG": 3}, "BACKORDERED")


def test_what_could_go_out_whole_is_not_split(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("A", MUG=3, ship_policy="COMPLETE")
    shop.gets("MUG", 3)
    with pytest.raises(NothingShort) as refused:
        split(shop, "A")
    assert refused.value.facts == {"order": "A", "reserved": 3}


def test_without_anything_to_ship_there_is_no_split(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 2).check()
    shop.order("A", MUG=3)
    with pytest.raises(NothingToShip, match="none of its lines is full"):
        split(shop, "A")
    shop.order("B", MUG=3)
    with pytest.raises(NothingToShip, match="nothing is reserved"):
        split(shop, "B", "quantities")


def test_the_wrong_state_is_named_word_for_word(short_of_lids: Shop) -> None:
    shop = short_of_lids
    shop.do(hold_order, "A", because="address unclear")
    with pytest.raises(WrongState) as refused:
        split(shop, "A")
    assert str(refused.value) == (
        "Order A cannot be split (status: ON_HOLD). Only PARTIALLY_ALLOCATED or BACKORDERED orders can be split."
    )
    with pytest.raises(OrderNotFound, match="Order not found: NOBODY"):
        split(shop, "NOBODY")


def test_the_customers_agreement_is_needed_and_kept(short_of_lids: Shop) -> None:
    shop = short_of_lids
    with pytest.raises(InvalidValue, match="who gave it, how, and when"):
        split(shop, "A", consent=None)
    with pytest.raises(InvalidValue, match="a moment before"):
        split(shop, "A", consent=replace(AGREED, at=shop.clock + timedelta(hours=1)))
    with pytest.raises(InvalidValue):
        Consent(by=" ", how="phone", at=MONDAY)
    with pytest.raises(InvalidValue):
        split(shop, "A", "halves")
    split(shop, "A")
    kept = shop.rows("SELECT agreed_to, agreed_by, agreed_how, agreed_at, recorded_by FROM consents")
    assert kept == [("SPLIT", "Ann", "e-mail", MONDAY, "manager")]


def test_both_orders_tell_of_the_split(short_of_lids: Shop) -> None:
    shop = short_of_lids
    split(shop, "A")
    assert shop.events("A")[-3:] == ["order:split", "order:allocated", "order:backorder_resolved"]
    assert shop.events("A-BO1") == ["order:split", "order:partially_allocated"]
    told = shop.value("SELECT payload FROM fulfillment_events WHERE type = 'order:split' LIMIT 1")
    assert (told["backorderOrderNumber"], told["consent"]["by"], told["shippableItems"]) == ("A-BO1", "Ann", 3)


def test_a_preview_tells_the_same_and_writes_nothing(short_of_lids: Shop) -> None:
    shop = short_of_lids
    told = shop.do(split_order, "A", mode="quantities", dry_run=True)
    assert (told.shippable_items, told.backordered_items, told.backorder_order_number) == (5, 3, "A-BO1")
    assert shop.rows("SELECT number, status FROM orders") == [("A", "PARTIALLY_ALLOCATED")]
    assert lines(shop, "A") == [(1, "MUG", 3, 3), (2, "LID", 5, 2)]
    assert shop.value("SELECT count(*) FROM marks") == 0


def test_a_number_that_is_taken_is_passed_over(short_of_lids: Shop) -> None:
    shop = short_of_lids
    for taken in ("A-BO1", "A-BO2"):
        shop.order(taken, CUP=1)
    assert split(shop, "A").backorder_order_number == "A-BO3"


@pytest.mark.parametrize("mode", ["lines", "quantities"])
def test_what_has_gone_out_of_a_line_is_counted_once(short_of_lids: Shop, mode: str) -> None:
    shop = short_of_lids
    record = shop.value("SELECT number FROM backorders")
    shop.do(fulfil_backorder, record, quantity=1)
    made = split(shop, "A", mode)
    assert made.shippable_items + made.backordered_items == 7
    insist_sound(shop)
    merge(shop, "A")
    assert lines(shop, "A") == [(1, "MUG", 3, 3), (2, "LID", 5, 1)]
    assert (
        shop.value("SELECT sum(fulfilled) FROM order_lines JOIN orders USING (order_id) WHERE number = 'A'") == 1
    )
    insist_sound(shop)
