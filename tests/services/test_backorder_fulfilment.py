"""Fulfilment from stock: own units first, then free ones in turn, never what is not there, each unit once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from makegood.domain.errors import (
    BackorderClosed,
    InboundNotFound,
    InvalidValue,
    MakegoodError,
    NotEnough,
    PriorityConflict,
    WrongState,
)
from makegood.services.backorders.create_backorder import create_for_line
from makegood.services.backorders.fulfil_backorder import fulfil_backorder
from makegood.services.backorders.show_backorder import show_backorder
from makegood.services.hold_order import hold_order
from makegood.services.pick_order import release_to_pick
from tests.services.backorder_stories import all_numbers, backorder, is_sound, lapses, number_of, on_hand
from tests.shop import Shop


def half_filled(shop: Shop) -> str:
    """A wants five mugs and has three."""
    shop.sells("MUG").order("A", MUG=5)
    shop.gets("MUG", 3).check()
    return number_of(shop, "A")


def test_a_part_goes_out_and_lowers_stock_and_ledger(shop: Shop) -> None:
    number = half_filled(shop)
    made = shop.do(fulfil_backorder, number, quantity=2)
    assert (made.status, made.fulfilled, made.remaining, made.allocated) == ("PARTIALLY_FULFILLED", 2, 3, 1)
    assert on_hand(shop, "MUG") == 1
    moved = shop.rows("SELECT delta, trigger_source FROM stock_movements WHERE reason = 'fulfilment'")
    assert moved == [(-2, f"fulfilment:{number}")]
    states = [(one.quantity, one.state) for one in shop.do(show_backorder, number).allocations]
    assert sorted(states) == [(1, "RESERVED"), (2, "FULFILLED")]
    assert is_sound(shop)


def test_part_by_part_it_is_fulfilled_and_its_order_shipped(shop: Shop) -> None:
    number = half_filled(shop)
    shop.do(fulfil_backorder, number, quantity=3)
    assert shop.status("A") == "BACKORDERED"
    shop.gets("MUG", 9).check()
    made = shop.do(fulfil_backorder, number)
    assert (made.status, made.fulfilled, made.remaining) == ("FULFILLED", 5, 0)
    assert (shop.status("A"), on_hand(shop, "MUG")) == ("SHIPPED", 7)
    assert made.closed_at == shop.clock
    assert "backorder:fulfilled" in shop.events("A")
    assert is_sound(shop)
    with pytest.raises(BackorderClosed):
        shop.do(fulfil_backorder, number)


def test_an_order_is_not_shipped_while_something_remains(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 2).check()
    shop.order("A", MUG=2, LID=1)
    shop.do(create_for_line, "A", 1)
    assert shop.do(fulfil_backorder, number_of(shop, "A", 1)).status == "FULFILLED"
    assert (shop.status("A"), backorder(shop, "A", 2).status) == ("BACKORDERED", "PENDING")
    assert is_sound(shop)


def test_more_than_is_there_is_refused_and_nothing_goes_out(shop: Shop) -> None:
    number = half_filled(shop)
    with pytest.raises(NotEnough):
        shop.do(fulfil_backorder, number, quantity=4)
    with pytest.raises(InvalidValue):
        shop.do(fulfil_backorder, number, quantity=6)
    assert (on_hand(shop, "MUG"), shop.has("A")) == (3, {"MUG": 3})


def test_free_units_that_have_just_come_are_used_in_turn(shop: Shop) -> None:
    number = half_filled(shop)
    shop.gets("MUG", 2)
    assert shop.do(fulfil_backorder, number).status == "FULFILLED"
    assert is_sound(shop)


def test_free_units_that_somebody_better_ranked_waits_for_are_not_taken(shop: Shop) -> None:
    shop.sells("MUG").order("FIRST", priority="EXPRESS", MUG=2)
    shop.order("LATER", MUG=2)
    shop.gets("MUG", 2)
    with pytest.raises(PriorityConflict) as refused:
        shop.do(fulfil_backorder, number_of(shop, "LATER"))
    assert refused.value.facts["next_order"] == "FIRST"
    assert on_hand(shop, "MUG") == 2
    assert is_sound(shop)


@pytest.mark.parametrize(("bin", "expired"), [("DOCK", False), ("A-01", True)])
def test_what_cannot_be_given_out_is_not_there(shop: Shop, bin: str, expired: bool) -> None:
    shop.sells("MUG").order("A", MUG=1)
    shop.gets("MUG", 1, bin=bin, lot="L", expires_on=date(2026, 1, 1) if expired else None)
    with pytest.raises(NotEnough):
        shop.do(fulfil_backorder, number_of(shop, "A"))


def test_a_reservation_on_a_lot_that_has_expired_is_not_consumed(shop: Shop) -> None:
    shop.sells("MUG").order("A", MUG=1)
    shop.gets("MUG", 1, lot="L", expires_on=shop.clock.date()).check()
    number = number_of(shop, "A")
    shop.later(days=1)
    with pytest.raises(NotEnough):
        shop.do(fulfil_backorder, number)
    shop.gets("MUG", 1, lot="NEW", expires_on=shop.clock.date() + timedelta(days=9))
    assert shop.do(fulfil_backorder, number).status == "FULFILLED"
    left = shop.rows("SELECT lot, quantity, reserved FROM inventory_units WHERE quantity > 0")
    assert left == [("L", 1, 0)]
    assert is_sound(shop)


def test_a_lapsed_allocation_goes_to_whoever_is_better_ranked(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 1).check()
    shop.order("A", MUG=1)
    number = shop.do(create_for_line, "A", 1).number
    lapses(shop, "A", shop.clock)
    shop.order("FAST", priority="EXPRESS", MUG=1)
    with pytest.raises(MakegoodError) as refused:
        shop.do(fulfil_backorder, number)
    assert refused.value.code in ("priority_conflict", "not_enough")
    assert on_hand(shop, "MUG") == 1


def test_a_lapsed_allocation_that_nobody_else_wants_is_taken_anew(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 1).check()
    shop.order("A", MUG=1)
    number = shop.do(create_for_line, "A", 1).number
    lapses(shop, "A", shop.clock)
    assert shop.do(fulfil_backorder, number).status == "FULFILLED"
    states = [one.state for one in shop.do(show_backorder, number).allocations]
    assert sorted(states) == ["EXPIRED", "FULFILLED"]
    assert is_sound(shop)


@pytest.mark.parametrize("source", ["PURCHASE_ORDER", "transfer", "Production"])
def test_another_source_must_be_named_and_exist(shop: Shop, source: str) -> None:
    number = half_filled(shop)
    with pytest.raises(InvalidValue, match="source_id"):
        shop.do(fulfil_backorder, number, source=source)
    with pytest.raises(InboundNotFound):
        shop.do(fulfil_backorder, number, source=source, source_id="PO-7")
    with pytest.raises(InvalidValue):
        shop.do(fulfil_backorder, number, source="THIN AIR")
    with pytest.raises(InvalidValue):
        shop.do(fulfil_backorder, number, source_id="PO-7")
    assert on_hand(shop, "MUG") == 3


def test_a_held_order_and_one_in_picking_are_left_alone(shop: Shop) -> None:
    number = half_filled(shop)
    shop.do(hold_order, "A", because="the address is unclear")
    with pytest.raises(WrongState):
        shop.do(fulfil_backorder, number, quantity=1)
    shop.gets("MUG", 9).check()
    shop.order("B", MUG=1)
    picked = shop.do(create_for_line, "B", 1).number
    shop.do(release_to_pick, ["B"])
    with pytest.raises(WrongState):
        shop.do(fulfil_backorder, picked)


def test_two_who_fulfil_the_same_backorders_let_each_unit_go_once(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    for number in range(10):
        shop.order(f"O{number}", MUG=2, LID=1)
    shop.gets("MUG", 15).gets("LID", 10)
    numbers = all_numbers(shop)
    with ThreadPoolExecutor(4) as crew:
        tries = [crew.submit(_try, shop, one) for one in (*numbers, *reversed(numbers), *numbers)]
    gone = sum(one.result() for one in tries)
    assert (gone, on_hand(shop, "MUG") + on_hand(shop, "LID")) == (25 - left(shop), left(shop))
    assert shop.value("SELECT sum(fulfilled) FROM order_lines") == gone
    assert shop.value("SELECT count(*) FROM backorders WHERE closed_at IS NOT NULL") == 17
    assert is_sound(shop)


def left(shop: Shop) -> int:
    return int(shop.value("SELECT sum(quantity) FROM inventory_units"))


def _try(shop: Shop, number: str) -> int:
    """Fulfil a backorder whole, and give the units that went out."""
    try:
        return shop.do(fulfil_backorder, number).ordered
    except MakegoodError:
        return 0
