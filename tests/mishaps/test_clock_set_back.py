"""The clock is set back: what decides between transactions is the turn, and age is what was written down."""

from datetime import timedelta

from makegood.services.doctor import doctor
from makegood.services.escalate_stale import escalate_stale
from makegood.services.expire_allocations import expire_allocations
from makegood.services.hold_order import hold_order
from makegood.services.pick_order import confirm_pick, release_to_pick, ship_order
from makegood.services.release_hold import release_hold
from makegood.services.sweep import sweep
from tests.judge.judge import judge
from tests.shop import MONDAY, Shop


def laws_hold(shop: Shop) -> None:
    assert judge(shop.books.conninfo, shop.clock.date()).broken == {}
    assert [finding.words for finding in doctor(shop.books, shop.clock).findings] == []


def test_who_comes_later_with_an_earlier_clock_is_served_by_that_clock_and_takes_nothing_away(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 3)
    shop.order("NOON", MUG=5)
    shop.later(hours=-3).order("MORNING", MUG=2)
    assert (shop.has("NOON"), shop.has("MORNING")) == ({"MUG": 3}, {"MUG": 0})
    shop.gets("MUG", 2).check()
    assert (shop.has("NOON"), shop.has("MORNING")) == ({"MUG": 3}, {"MUG": 2})
    laws_hold(shop)


def test_a_day_s_work_goes_on_with_a_clock_that_jumps_back(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 4)
    shop.order("A", MUG=2)
    shop.order("B", MUG=3)
    for step in (release_to_pick, confirm_pick, ship_order):
        shop.later(days=-1).do(step, ["A"])
    shop.later(days=-1).do(hold_order, "B", because="ask", free=True)
    shop.later(days=-1).do(release_hold, "B")
    shop.check()
    shop.later(days=-1).gets("MUG", 1).check()
    assert (shop.status("A"), shop.status("B")) == ("SHIPPED", "ALLOCATED")
    laws_hold(shop)


def test_nobody_is_held_for_an_age_that_lies_ahead(shop: Shop) -> None:
    shop.sells("MUG").order("A", MUG=1)
    shop.later(days=-40).do(escalate_stale)
    assert shop.status("A") == "BACKORDERED"
    shop.later(days=40 + 31).do(escalate_stale)
    assert shop.status("A") == "ON_HOLD"
    laws_hold(shop)


def test_a_reservation_ends_when_its_time_comes_round_again(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 1).order("A", MUG=1)
    shop.change("UPDATE allocations SET expires_at = %s", MONDAY)
    shop.later(days=-1).do(expire_allocations)
    assert shop.status("A") == "ALLOCATED"
    shop.later(days=1, minutes=1).do(expire_allocations)
    shop.check()
    assert shop.events("A").count("allocation:expired") == 1
    laws_hold(shop)


def test_a_lot_that_is_fresh_again_is_found_by_the_sweep(shop: Shop) -> None:
    shop.sells("EGG", expiry_tracked=True)
    shop.gets("EGG", 2, expires_on=MONDAY.date() + timedelta(days=1))
    shop.later(days=3).order("A", EGG=2)
    assert shop.status("A") == "BACKORDERED"
    shop.later(days=-3)
    assert len(sweep(shop.books, shop.clock).defects) == 1
    shop.check()
    assert shop.status("A") == "ALLOCATED"
    laws_hold(shop)
