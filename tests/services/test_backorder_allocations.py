"""Allocations by hand: in their turn, forced with a reason, confirmed, released, extended, lapsed."""

import pytest

from makegood.domain.errors import (
    AllocationClosed,
    AllocationLapsed,
    AllocationNotFound,
    BooksBusy,
    InvalidValue,
    NotEnough,
    PriorityConflict,
    WrongState,
)
from makegood.services.backorders.allocate_backorder import allocate_backorder
from makegood.services.backorders.change_allocation import (
    confirm_allocation,
    extend_allocation,
    release_allocation,
)
from makegood.services.backorders.show_backorder import show_backorder
from makegood.services.backorders.update_backorder import update_backorder
from makegood.services.expire_allocations import expire_allocations
from makegood.services.hold_order import hold_order
from tests.services.backorder_stories import backorder, is_sound, lapses, number_of
from tests.shop import Shop


def two_wait(shop: Shop, stock: int = 2) -> None:
    """FIRST and LATER wait for mugs, and some have just come."""
    shop.sells("MUG").order("FIRST", MUG=3)
    shop.later(minutes=1).order("LATER", MUG=2)
    shop.gets("MUG", stock)


def only_allocation(shop: Shop) -> int:
    return int(shop.value("SELECT allocation_id FROM allocations WHERE closed_at IS NULL"))


def test_it_would_jump_over_a_better_ranked_line_and_is_refused_with_the_facts(shop: Shop) -> None:
    two_wait(shop)
    with pytest.raises(PriorityConflict) as refused:
        shop.do(allocate_backorder, number_of(shop, "LATER"))
    assert refused.value.facts == {
        "sku": "MUG",
        "wanted": 2,
        "free": 2,
        "orders_ahead": 1,
        "units_ahead": 3,
        "next_order": "FIRST",
    }
    assert (shop.has("LATER"), shop.has("FIRST")) == ({"MUG": 0}, {"MUG": 0})
    assert is_sound(shop)


def test_in_its_turn_it_gets_what_is_free_together_with_those_ahead(shop: Shop) -> None:
    two_wait(shop, stock=4)
    assert shop.do(allocate_backorder, number_of(shop, "LATER")).allocated == 1
    assert shop.has("FIRST") == {"MUG": 3}
    assert is_sound(shop)


def test_all_of_what_is_asked_for_or_nothing(shop: Shop) -> None:
    two_wait(shop, stock=4)
    with pytest.raises(PriorityConflict):
        shop.do(allocate_backorder, number_of(shop, "LATER"), quantity=2)
    assert shop.has("FIRST") == {"MUG": 0}


def test_without_stock_it_says_that_there_is_none(shop: Shop) -> None:
    shop.sells("MUG").order("A", MUG=3)
    with pytest.raises(NotEnough):
        shop.do(allocate_backorder, number_of(shop, "A"))
    with pytest.raises(NotEnough):
        shop.do(allocate_backorder, number_of(shop, "A"), force_because="key customer")


def test_a_complete_order_takes_no_part_by_hand(shop: Shop) -> None:
    shop.sells("MUG", "LID").order("SET", ship_policy="COMPLETE", MUG=1, LID=1)
    shop.gets("MUG", 1).check()
    with pytest.raises(WrongState):
        shop.do(allocate_backorder, number_of(shop, "SET"))


def test_what_a_pending_check_of_several_queues_decides_is_left_to_it(shop: Shop) -> None:
    shop.sells("MUG", "LID").order("A", MUG=1)
    shop.later(minutes=1).order("SET", ship_policy="COMPLETE", MUG=1, LID=1)
    shop.gets("MUG", 1).gets("LID", 1)
    with pytest.raises(BooksBusy):
        shop.do(allocate_backorder, number_of(shop, "A"))
    shop.check()
    assert (shop.has("A"), shop.has("SET")) == ({"MUG": 1}, {"MUG": 0, "LID": 0})


def test_a_held_order_gets_nothing_in_its_turn(shop: Shop) -> None:
    shop.sells("MUG").order("A", MUG=3)
    shop.do(hold_order, "A", because="the address is unclear")
    shop.gets("MUG", 3)
    with pytest.raises(WrongState):
        shop.do(allocate_backorder, number_of(shop, "A"))


def test_a_forced_allocation_stays_with_its_reason_until_it_is_released(shop: Shop) -> None:
    two_wait(shop)
    number = number_of(shop, "LATER")
    made = shop.do(allocate_backorder, number, force_because="key customer")
    assert (made.status, made.allocated) == ("ALLOCATED", 2)
    shop.check()
    shop.do(update_backorder, number_of(shop, "FIRST"), priority="CRITICAL")
    shop.check()
    assert shop.has("LATER") == {"MUG": 2}
    one = shop.do(show_backorder, number).allocations[0]
    assert (one.forced, one.reason) == (True, "key customer")
    assert is_sound(shop)
    shop.do(release_allocation, one.allocation_id, because="not so urgent")
    assert is_sound(shop)
    assert (shop.has("FIRST"), shop.has("LATER")) == ({"MUG": 2}, {"MUG": 0})


def test_a_complete_order_keeps_what_is_forced_on_it(shop: Shop) -> None:
    shop.sells("MUG", "LID").order("SET", ship_policy="COMPLETE", MUG=1, LID=1)
    shop.gets("MUG", 1).check()
    shop.do(allocate_backorder, number_of(shop, "SET"), force_because="show piece")
    assert (shop.status("SET"), shop.has("SET")) == ("PARTIALLY_ALLOCATED", {"MUG": 1, "LID": 0})
    assert is_sound(shop)
    shop.gets("LID", 1).check()
    assert shop.status("SET") == "ALLOCATED"


def test_forcing_needs_a_reason_and_units_that_are_free(shop: Shop) -> None:
    two_wait(shop, stock=1)
    number = number_of(shop, "LATER")
    with pytest.raises(InvalidValue):
        shop.do(allocate_backorder, number, force_because=" ")
    with pytest.raises(NotEnough):
        shop.do(allocate_backorder, number, quantity=2, force_because="key customer")
    with pytest.raises(InvalidValue):
        shop.do(allocate_backorder, number, quantity=3)
    with pytest.raises(InvalidValue):
        shop.do(allocate_backorder, number, expires_at=shop.clock)
    assert shop.has("LATER") == {"MUG": 0}


def test_what_was_allocated_for_a_time_lapses_and_does_not_strand_its_line(shop: Shop) -> None:
    two_wait(shop)
    until = shop.clock.replace(hour=20)
    shop.do(allocate_backorder, number_of(shop, "FIRST"), expires_at=until)
    assert shop.do(show_backorder, number_of(shop, "FIRST")).allocations[0].expires_at == until
    shop.later(days=1)
    shop.do(expire_allocations)
    assert backorder(shop, "FIRST").status == "PENDING"
    shop.check()
    assert shop.has("FIRST") == {"MUG": 2}
    assert is_sound(shop)


def test_what_lapses_goes_to_the_queue_and_not_to_the_next_stranger(shop: Shop) -> None:
    shop.sells("MUG").order("WAITS", MUG=2)
    shop.later(minutes=1).order("FORCED", MUG=2)
    shop.gets("MUG", 2)
    later = shop.clock.replace(hour=20)
    shop.do(allocate_backorder, number_of(shop, "FORCED"), force_because="try it", expires_at=later)
    shop.later(days=1)
    shop.do(expire_allocations)
    shop.order("STRANGER", MUG=2)
    shop.check()
    assert (shop.has("WAITS"), shop.has("STRANGER")) == ({"MUG": 2}, {"MUG": 0})
    assert is_sound(shop)


def test_one_is_confirmed_and_extended(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 2).check()
    shop.order("A", MUG=2)
    one = only_allocation(shop)
    assert shop.do(confirm_allocation, one).state == "CONFIRMED"
    until = shop.clock.replace(hour=23)
    assert shop.do(extend_allocation, one, until=until).expires_at == until
    shop.later(days=1)
    with pytest.raises(AllocationLapsed):
        shop.do(confirm_allocation, one)
    assert shop.do(extend_allocation, one, until=None).expires_at is None
    shop.do(expire_allocations)
    assert shop.status("A") == "ALLOCATED"
    with pytest.raises(InvalidValue):
        shop.do(extend_allocation, one, until=shop.clock)


def test_what_is_closed_cannot_be_changed(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 2).check()
    shop.order("A", MUG=2)
    one = only_allocation(shop)
    lapses(shop, "A", shop.clock)
    shop.do(expire_allocations)
    for use_case in (confirm_allocation, release_allocation):
        with pytest.raises(AllocationClosed):
            shop.do(use_case, one)
    with pytest.raises(AllocationNotFound):
        shop.do(confirm_allocation, 999)
