"""What people do to an order, and what the queue gets of it."""

from decimal import Decimal

import pytest

from makegood.domain.errors import (
    InvalidValue,
    LineNotFound,
    NotEnough,
    OrderNotFound,
    VariantNotFound,
    WrongState,
)
from makegood.domain.orders import NewLine
from makegood.services.allocate_order import allocate_order
from makegood.services.cancel_order import cancel_order
from makegood.services.edit_order import edit_order
from makegood.services.explain_order import explain_order
from makegood.services.hold_order import hold_order
from makegood.services.match_line import match_line
from makegood.services.pick_order import confirm_pick, release_to_pick, ship_order, short_pick
from makegood.services.release_hold import release_hold
from tests.shop import Shop


@pytest.fixture
def two_wait_for_one(shop: Shop) -> Shop:
    """FIRST has the only five mugs, SECOND waits for five."""
    shop.sells("MUG", "LID").gets("MUG", 5).check()
    shop.order("FIRST", MUG=5)
    shop.later(minutes=1).order("SECOND", MUG=5)
    return shop


def test_what_a_cancelled_order_had_goes_to_the_queue(two_wait_for_one: Shop) -> None:
    shop = two_wait_for_one
    made = shop.do(cancel_order, "FIRST", because="changed their mind")
    assert made.after.status == "CANCELLED"
    shop.check()
    assert shop.status("SECOND") == "ALLOCATED"
    sources = shop.value("SELECT trigger_sources FROM attempts ORDER BY attempt_id DESC LIMIT 1")
    assert sources == ["release:FIRST"]


def test_a_cancelled_order_cannot_be_brought_back(two_wait_for_one: Shop) -> None:
    shop = two_wait_for_one
    shop.do(cancel_order, "SECOND")
    shop.gets("MUG", 9).check()
    assert (shop.status("SECOND"), shop.has("SECOND")) == ("CANCELLED", {"MUG": 0})
    with pytest.raises(WrongState, match="status: CANCELLED"):
        shop.do(allocate_order, "SECOND")


def test_editing_one_order_down_frees_what_it_gave_up_and_touches_no_other(two_wait_for_one: Shop) -> None:
    shop = two_wait_for_one
    shop.later(minutes=1).order("THIRD", MUG=1)
    shop.do(edit_order, "FIRST", quantities={1: 3})
    shop.check()
    assert (shop.has("FIRST"), shop.has("SECOND"), shop.has("THIRD")) == ({"MUG": 3}, {"MUG": 2}, {"MUG": 0})
    assert shop.status("FIRST") == "ALLOCATED"


def test_an_order_edited_up_waits_for_the_rest(two_wait_for_one: Shop) -> None:
    shop = two_wait_for_one
    assert shop.do(edit_order, "FIRST", quantities={1: 7}).after.status == "PARTIALLY_ALLOCATED"
    shop.gets("MUG", 3).check()
    assert (shop.has("FIRST"), shop.has("SECOND")) == ({"MUG": 7}, {"MUG": 1})


def test_a_line_can_be_added(two_wait_for_one: Shop) -> None:
    shop = two_wait_for_one
    made = shop.do(edit_order, "FIRST", add=[NewLine("lid", 2)])
    assert made.after.status == "PARTIALLY_ALLOCATED"
    shop.gets("LID", 2).check()
    assert shop.status("FIRST") == "ALLOCATED"


def test_an_order_changed_to_complete_gives_up_its_part(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 2).check()
    shop.order("A", MUG=5)
    shop.later(minutes=1).order("B", MUG=2)
    assert shop.do(edit_order, "A", ship_policy="COMPLETE").after.status == "BACKORDERED"
    shop.check()
    assert shop.status("B") == "ALLOCATED"


def test_a_raised_priority_is_served_next_but_takes_nothing_away(two_wait_for_one: Shop) -> None:
    shop = two_wait_for_one
    shop.later(minutes=1).order("THIRD", MUG=5)
    shop.do(edit_order, "THIRD", priority="EXPRESS")
    shop.gets("MUG", 5).check()
    assert (shop.has("FIRST"), shop.has("SECOND"), shop.has("THIRD")) == ({"MUG": 5}, {"MUG": 0}, {"MUG": 5})


def test_a_held_order_is_passed_over_until_it_is_released(two_wait_for_one: Shop) -> None:
    shop = two_wait_for_one
    shop.do(hold_order, "SECOND", because="address unclear")
    shop.gets("MUG", 5).check()
    assert shop.free("MUG") == 5
    shop.do(release_hold, "SECOND", snooze_days=7)
    shop.check()
    assert shop.status("SECOND") == "ALLOCATED"


def test_hold_with_release_offers_the_reservation_to_the_queue(two_wait_for_one: Shop) -> None:
    shop = two_wait_for_one
    shop.do(hold_order, "FIRST", because="payment", free=True)
    shop.check()
    assert (shop.status("FIRST"), shop.status("SECOND")) == ("ON_HOLD", "ALLOCATED")


def test_matching_the_last_unmatched_line_releases_the_hold_and_checks_the_order(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 5).check()
    shop.order("A", lines=[NewLine("M-U-G", 2), NewLine("M.U.G", 1)])
    assert shop.do(match_line, "A", 1, "MUG").after.status == "ON_HOLD"
    assert shop.do(match_line, "A", 2, "mug").after.status == "BACKORDERED"
    shop.check()
    assert shop.status("A") == "ALLOCATED"
    with pytest.raises(WrongState):
        shop.do(match_line, "A", 1, "MUG")
    with pytest.raises(LineNotFound):
        shop.do(match_line, "A", 9, "MUG")
    with pytest.raises(VariantNotFound):
        shop.do(match_line, "A", 1, "CUP")


def test_a_retry_is_on_record_even_if_it_changes_nothing(two_wait_for_one: Shop) -> None:
    shop = two_wait_for_one
    made = shop.do(allocate_order, "SECOND")
    assert (made.after.status, made.granted, made.short) == ("BACKORDERED", 0, 5)
    assert [reason["code"] for reason in made.reasons] == ["NO_STOCK"]
    assert shop.value("SELECT count(*) FROM attempts JOIN orders USING (order_id) WHERE number = 'SECOND'") == 2
    with pytest.raises(OrderNotFound, match="Order not found: NOBODY"):
        shop.do(allocate_order, "NOBODY")


def test_a_retry_of_one_order_serves_those_ahead_of_it_first(two_wait_for_one: Shop) -> None:
    shop = two_wait_for_one
    shop.later(minutes=1).order("THIRD", MUG=2)
    shop.gets("MUG", 6)
    made = shop.do(allocate_order, "THIRD")
    assert (made.granted, shop.has("SECOND")) == (1, {"MUG": 5})


def test_a_retry_that_must_be_complete_reserves_nothing_else(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("A", MUG=5)
    shop.gets("MUG", 3)
    assert shop.do(allocate_order, "A", allow_partial=False).after.status == "BACKORDERED"


def test_an_order_goes_out_through_the_pick_steps(two_wait_for_one: Shop) -> None:
    shop = two_wait_for_one
    for step in (release_to_pick, confirm_pick, ship_order):
        shop.do(step, ["FIRST"])
    assert shop.status("FIRST") == "SHIPPED"
    assert shop.value("SELECT sum(quantity) + sum(reserved) FROM inventory_units") == 0
    assert shop.value("SELECT sum(delta) FROM stock_movements") == 0
    with pytest.raises(WrongState):
        shop.do(release_to_pick, ["SECOND"])


def test_a_short_pick_books_the_missing_units_out_and_only_its_line_waits_again(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 5).gets("LID", 1).check()
    shop.order("A", MUG=5, LID=1)
    shop.do(release_to_pick, ["A"])
    made = shop.do(short_pick, "A", line_number=1, missing=2)
    shop.check()
    assert made.after.status == "PARTIALLY_ALLOCATED"
    assert (shop.has("A"), shop.free("MUG")) == ({"MUG": 3, "LID": 1}, 0)
    with pytest.raises(WrongState):
        shop.do(short_pick, "A", line_number=1, missing=1)
    shop.gets("MUG", 2).check()
    shop.do(release_to_pick, ["A"])
    with pytest.raises(NotEnough):
        shop.do(short_pick, "A", line_number=2, missing=2)


@pytest.mark.parametrize("price", ["Infinity", "NaN", "-1", "10000000000"])
def test_a_price_that_is_none_is_refused_by_name(shop: Shop, price: str) -> None:
    with pytest.raises(InvalidValue, match="unit_price"):
        shop.order("A", lines=[NewLine("MUG", 1, unit_price=Decimal(price))])


def test_why_not_is_told_with_facts(two_wait_for_one: Shop) -> None:
    shop = two_wait_for_one
    shop.later(minutes=1).order("THIRD", MUG=2)
    shop.gets("MUG", 4, bin="DOCK")
    (line,) = shop.do(explain_order, "THIRD").lines
    assert {reason.code.value for reason in line.reasons} >= {"STOCK_NOT_PICKABLE", "AHEAD_IN_QUEUE"}
    assert line.queue_position == 2
    assert any("DOCK" in action.command for action in line.actions)
    assert shop.do(explain_order, "FIRST").lines == []


def test_who_holds_an_order_that_is_held_already_is_on_record(shop: Shop) -> None:
    shop.order("A", NOSUCH=1)
    assert (shop.status("A"), shop.events("A")) == ("ON_HOLD", ["order:held"])
    shop.do(hold_order, "A", because="the customer is asked")
    assert shop.events("A") == ["order:held", "order:held", "order:still_short"]
    told = shop.value(
        "SELECT payload FROM fulfillment_events WHERE type = 'order:held' ORDER BY event_id DESC LIMIT 1"
    )
    assert (told["kind"], told["reason"], told["previousKind"]) == ("MANUAL", "the customer is asked", "UNMATCHED")
