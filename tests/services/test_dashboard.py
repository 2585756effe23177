"""The dashboard tells what waits, by SKU and by order, and counts as the allocator does."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from makegood.domain.catalogue import NewLocation, NewWarehouse
from makegood.domain.errors import InvalidValue, VariantNotFound
from makegood.domain.splits import Consent
from makegood.services.add_catalogue import add_locations, add_warehouses
from makegood.services.backorders.update_backorder import update_backorder
from makegood.services.dashboard.alerts import read_alerts
from makegood.services.dashboard.family import family_of
from makegood.services.dashboard.list_orders_waiting import (
    OrderFilter,
    OrderWaiting,
    list_orders_waiting,
    names_of_orders_waiting,
)
from makegood.services.dashboard.list_skus_waiting import SkuWaiting, board_stats, list_skus_waiting
from makegood.services.dashboard.scope import EVERYTHING, Scope
from makegood.services.dashboard.who_waits import who_waits
from makegood.services.doctor import doctor
from makegood.services.hold_order import hold_order
from makegood.services.split_order import split_order
from makegood.store.database import Database
from tests.shop import MONDAY, Shop


@pytest.fixture(scope="module")
def busy(module_books: Database) -> Iterator[Shop]:
    """Two warehouses; MUG and POT are short in EAST, WEST has what one order lacks; the last order is on hold."""
    shop = Shop(module_books).sells("MUG", "POT", "JAR", "LID")
    shop.do(add_warehouses, [NewWarehouse("WEST", network_rank=2)])
    shop.do(add_locations, [NewLocation("W-01", "WEST", "PICKING")])
    shop.gets("MUG", 4).gets("MUG", 7, bin="DOCK").gets("LID", 1).gets("POT", 2, bin="W-01", warehouse="WEST")
    days = timedelta(days=1)
    shop.order("A", placed=MONDAY - 9 * days, customer_name="Ada", warehouse="EAST", MUG=6)
    shop.order("B", placed=MONDAY - 3 * days, customer_name="Ben", warehouse="EAST", POT=2)
    shop.order("C", placed=MONDAY - 2 * days, priority="EXPRESS", warehouse="EAST", MUG=1, LID=1, NOSUCH=3)
    shop.order("D", placed=MONDAY - 5 * days, warehouse="EAST", MUG=2)
    shop.do(hold_order, "D", because="asked to wait")
    shop.order("E", placed=MONDAY, warehouse="WEST", JAR=1)
    shop.check()
    yield shop
    assert doctor(module_books, MONDAY).laws_broken == 0


def by_sku(shop: Shop, **asked: Any) -> dict[str, SkuWaiting]:
    return {one.sku: one for one in shop.do(list_skus_waiting, **asked).skus}


def orders(shop: Shop, scope: Scope = EVERYTHING, **which: Any) -> list[OrderWaiting]:
    return list(shop.do(list_orders_waiting, scope, OrderFilter(**which)).orders)


def numbers(shop: Shop, **which: Any) -> list[str]:
    return [one.order.number for one in orders(shop, **which)]


def test_the_figures_at_the_top(busy: Shop) -> None:
    stats = busy.do(list_skus_waiting).stats
    assert busy.do(board_stats) == stats
    # A lacks 2 of 6 mugs, B 2 pots, C a mug and three of what nobody knows, E a jar; D is on hold.
    assert stats == (4, 3, 9, 9)
    assert stats.total_shortfall == sum(one.shortfall for one in orders(busy))


def test_by_sku_free_and_not_pickable_stand_apart(busy: Shop) -> None:
    mug = by_sku(busy)["MUG"]
    assert (mug.orders_waiting, mug.quantity_needed, mug.quantity_allocated, mug.shortfall) == (2, 7, 4, 3)
    assert (mug.quantity_available, mug.quantity_not_pickable) == (busy.free("MUG"), 7)
    assert mug.fill_percent == 100 * 4 // 7


def test_what_another_warehouse_has_fills_nothing_here(busy: Shop) -> None:
    pot = by_sku(busy)["POT"]
    assert (pot.quantity_available, pot.can_fill, pot.fill_percent) == (0, 0, 0)


def test_texts_that_nothing_matches_are_a_group_of_their_own(busy: Shop) -> None:
    assert busy.do(list_skus_waiting).unmatched == [("NOSUCH", 1, 3)]


def test_pages_of_skus_follow_each_other_in_every_sort(busy: Shop) -> None:
    for sort in ("shortfall", "orders", "needed", "sku"):
        whole = [one.sku for one in busy.do(list_skus_waiting, sort=sort).skus]
        paged, after = [], None
        for _ in whole:
            page = busy.do(list_skus_waiting, sort=sort, after=after, most=1)
            paged += [one.sku for one in page.skus]
            after = page.next
        assert (paged, after) == (whole, None)


def test_orders_stand_in_the_order_of_service(busy: Shop) -> None:
    assert [one.order.number for one in busy.do(list_orders_waiting, sort="rank").orders] == ["C", "A", "B", "E"]
    assert numbers(busy) == ["A", "B", "C", "E"]
    assert busy.do(list_orders_waiting, sort="shortfall").orders[0].order.number == "C"
    assert busy.do(names_of_orders_waiting) == ["default/C", "default/A", "default/B", "default/E"]


def test_an_order_says_what_it_lacks_and_since_when(busy: Shop) -> None:
    first = orders(busy, search="ada")[0]
    assert (first.days_pending, first.shortfall) == (9, 2)
    assert [(item.sku, item.quantity, item.shortfall) for item in first.items] == [("MUG", 6, 2)]


def test_filters_narrow_and_count(busy: Shop) -> None:
    assert numbers(busy, sku="mug") == ["A", "C"]
    assert numbers(busy, sku="nosuch") == ["C"]
    assert numbers(busy, priority="EXPRESS") == ["C"]
    assert numbers(busy, search="BEN") == ["B"]
    assert [one.order.number for one in orders(busy, Scope(statuses=("ON_HOLD",)))] == ["D"]
    page = busy.do(list_orders_waiting, Scope(), OrderFilter(sku="mug"), most=1)
    assert (page.total, len(page.orders), page.next is not None) == (2, 1, True)


def test_coverable_is_what_the_others_could_cover_whole(busy: Shop) -> None:
    assert numbers(busy, coverable=True) == ["B"]
    assert {one.order.number: list(one.coverable_by) for one in orders(busy)} == {
        "A": [],
        "B": ["WEST"],
        "C": [],
        "E": [],
    }


def test_who_waits_for_a_sku_in_the_order_of_service(busy: Shop) -> None:
    first = busy.do(who_waits, "mug", most=1)
    rest = busy.do(who_waits, "mug", most=1, after=first.next)
    assert [(one.number, one.priority, one.short) for one in [*first.waiters, *rest.waiters]] == [
        ("C", "EXPRESS", 1),
        ("A", "STANDARD", 2),
    ]


def test_what_makes_no_sense_is_refused(busy: Shop) -> None:
    with pytest.raises(InvalidValue):
        busy.do(list_skus_waiting, sort="colour")
    with pytest.raises(InvalidValue):
        busy.do(list_orders_waiting, sort="colour")
    with pytest.raises(InvalidValue):
        Scope(statuses=("SHIPPED",))
    with pytest.raises(InvalidValue):
        OrderFilter(priority="tomorrow")
    with pytest.raises(VariantNotFound):
        busy.do(who_waits, "nothing-like-it")


def test_alerts_count_what_needs_a_person(busy: Shop) -> None:
    assert busy.do(read_alerts)[:3] == (4, 1, 0)


def test_a_promise_that_will_not_be_kept_is_an_alert_and_a_filter(shop: Shop) -> None:
    shop.sells("MUG").order("1", MUG=1)
    shop.order("2", MUG=1)
    for number, promised in (("BO-2026-0001", date(2026, 3, 10)), ("BO-2026-0002", date(2026, 3, 30))):
        shop.do(update_backorder, number, promised_date=promised, expected_date=date(2026, 3, 20))
    assert shop.do(read_alerts).at_risk == 1
    assert numbers(shop, at_risk=True) == ["1"]
    shop.later(days=40)
    assert shop.do(read_alerts).at_risk == 2


def test_a_child_keeps_its_days_and_knows_its_family(shop: Shop) -> None:
    shop.sells("MUG", "POT").gets("MUG", 1)
    shop.order("1", placed=MONDAY - timedelta(days=14), MUG=1, POT=1)
    made = shop.do(split_order, "1", consent=Consent(by="Ada", how="phone", at=MONDAY))
    child = orders(shop)[0]
    assert (child.order.number, child.days_pending) == ("1-BO1", 14)
    family = shop.do(family_of, made.backorder_order_id)
    assert [(one.number, one.parent, one.short) for one in family] == [("1", None, 0), ("1-BO1", "1", 1)]


def test_a_retry_is_seen_beside_its_order_for_a_while(shop: Shop) -> None:
    shop.sells("MUG").order("1", MUG=1)
    assert orders(shop)[0].tried is not None
    shop.later(minutes=16)
    assert orders(shop)[0].tried is None


def test_empty_books_have_figures_too(shop: Shop) -> None:
    found = shop.do(list_skus_waiting)
    assert (found.stats, found.skus, found.next) == ((0, 0, 0, 0), [], None)
    assert shop.do(list_orders_waiting) == (0, [], None)
    assert shop.do(read_alerts) == (0, 0, 0, "", 0)
