"""Known defects of the system that our first specification describes, each as a story that would fail with it."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from makegood.domain.orders import NewLine, NewOrder
from makegood.planner.attempt import Attempt
from makegood.services.allocate_order import allocate_order
from makegood.services.cancel_order import cancel_order
from makegood.services.check_backorders import check_backorders
from makegood.services.doctor import doctor
from makegood.services.escalate_stale import escalate_stale
from makegood.services.move_stock import move_stock
from makegood.services.place_order import place_orders
from makegood.services.work import Work
from tests.field.test_failures_of_the_field import at_once
from tests.meanwhile import at, held_up, soon
from tests.shop import MONDAY, Shop


def waiting(shop: Shop, count: int) -> None:
    """Let so many orders of one mug each wait, the first placed first."""
    orders = [
        NewOrder(f"W{n:02}", [NewLine("MUG", 1)], placed_at=MONDAY - timedelta(hours=count - n))
        for n in range(count)
    ]
    shop.do(place_orders, orders, warehouse="EAST")


def test_two_retries_at_once_do_not_oversell(shop: Shop) -> None:
    shop.sells("MUG")
    waiting(shop, 5)
    shop.gets("MUG", 3)
    at_once(*(lambda n=n: shop.do(allocate_order, f"W{n:02}") for n in range(5)))
    assert [shop.status(f"W{n:02}") for n in range(5)] == ["ALLOCATED"] * 3 + ["BACKORDERED"] * 2
    assert shop.value("SELECT reserved FROM inventory_units") == 3


def test_express_is_served_first_not_last(shop: Shop) -> None:
    shop.sells("MUG")
    for priority in ("STANDARD", "RUSH", "EXPRESS", "LOW"):
        shop.order(priority, priority=priority, MUG=1)
    for first in ("EXPRESS", "RUSH", "STANDARD", "LOW"):
        shop.gets("MUG", 1).check()
        assert shop.status(first) == "ALLOCATED"


def test_a_check_that_failed_blocks_no_later_inflow(shop: Shop) -> None:
    shop.sells("MUG")
    waiting(shop, 2)
    shop.gets("MUG", 1)

    def fails(work: Work) -> None:
        check_backorders(work, 1)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        shop.do(fails)
    shop.gets("MUG", 1).check()
    assert (shop.status("W00"), shop.status("W01")) == ("ALLOCATED", "ALLOCATED")


def test_no_cap_starves_the_twenty_first(shop: Shop) -> None:
    shop.sells("MUG")
    waiting(shop, 50)
    shop.gets("MUG", 50).check(most=20)
    assert shop.value("SELECT count(*) FROM orders WHERE status = 'ALLOCATED'") == 50


def test_the_oldest_order_is_not_put_on_hold_just_as_its_stock_arrives(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("OLD", MUG=1)
    shop.later(days=31).gets("MUG", 1)
    shop.do(escalate_stale)
    assert shop.status("OLD") == "BACKORDERED"
    shop.check()
    assert shop.status("OLD") == "ALLOCATED"


def test_a_fruitless_retry_does_not_reset_the_clock(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("OLD", MUG=1)
    for _ in range(3):
        shop.later(days=10).do(allocate_order, "OLD")
    shop.later(days=1).do(escalate_stale)
    assert shop.status("OLD") == "ON_HOLD"
    reason = shop.value("SELECT hold_reason FROM orders")
    assert reason == "Backordered for more than 30 days — manual review required"


def test_an_expired_lot_is_not_given_out_first_nor_at_all(shop: Shop) -> None:
    shop.sells("TEA")
    shop.gets("TEA", 5, lot="OLD", expires_on=date(2026, 3, 1)).gets(
        "TEA", 5, lot="NEW", expires_on=date(2026, 9, 1)
    )
    shop.gets("TEA", 5, lot="NEXT", expires_on=date(2026, 4, 1)).check()
    shop.order("A", TEA=12)
    lots = shop.rows("SELECT lot, a.quantity FROM allocations a JOIN inventory_units USING (unit_id) ORDER BY 1")
    assert lots == [("NEW", 5), ("NEXT", 5)]
    assert shop.status("A") == "PARTIALLY_ALLOCATED"


def test_all_or_nothing_keeps_no_partial_reservation(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 2).check()
    made = shop.order("A", ship_policy="COMPLETE", MUG=3)
    assert (made.after.status, shop.has("A"), shop.free("MUG")) == ("BACKORDERED", {"MUG": 0}, 2)


def test_a_cancel_during_an_allocation_is_not_lost(shop: Shop) -> None:
    """A is cancelled when the allocation has read that A waits, and has not written yet."""
    shop.sells("MUG").order("A", MUG=1)
    shop.gets("MUG", 1)
    with ThreadPoolExecutor(1) as other:
        cancels: list[Future[Attempt]] = []

        def cancel_comes() -> None:
            cancels.append(other.submit(shop.do, cancel_order, "A"))
            soon(lambda: cancels[0].done() or held_up(shop) > 0)

        def allocates(work: Work) -> None:
            at("draw_turn", work, cancel_comes)
            check_backorders(work, 1)

        shop.do(allocates)
    assert cancels[0].result().after.status == shop.status("A") == "CANCELLED"
    assert (shop.has("A"), shop.free("MUG")) == ({"MUG": 0}, 1)
    assert doctor(shop.books, shop.clock).findings == []


def test_a_line_with_much_does_not_hide_a_short_one(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 100).check()
    assert shop.order("A", MUG=50, LID=1).after.status == "PARTIALLY_ALLOCATED"


def test_a_move_into_a_pickable_bin_triggers(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("A", MUG=3)
    shop.gets("MUG", 3, bin="DOCK").check()
    assert shop.status("A") == "BACKORDERED"
    shop.do(move_stock, "MUG", 3, from_location="DOCK", to_location="A-01")
    shop.check()
    assert shop.status("A") == "ALLOCATED"


def test_orders_that_do_not_need_the_goods_use_up_no_batch(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    waiting(shop, 30)
    shop.order("LATE", LID=1)
    shop.gets("LID", 1).check(most=5)
    assert shop.status("LATE") == "ALLOCATED"


def test_a_mark_that_comes_during_a_check_is_not_struck(shop: Shop) -> None:
    """A trigger must not be merged into a check that has already read."""
    shop.sells("MUG")
    waiting(shop, 2)
    shop.gets("MUG", 1)

    def slow(work: Work) -> None:
        read = work.db._execute

        def receipt_in_between(name: str, values: dict[str, object]) -> Any:
            rows = read(name, values)
            if name == "usable_units" and not received:
                received.append(True)
                shop.gets("MUG", 1)
            return rows

        work.db._execute = receipt_in_between  # type: ignore[method-assign]
        check_backorders(work, 1)

    received: list[bool] = []
    shop.do(slow)
    shop.check()
    assert (shop.status("W00"), shop.status("W01")) == ("ALLOCATED", "ALLOCATED")
