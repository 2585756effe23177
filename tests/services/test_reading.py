"""What people read: a list page by page, an order whole, and where the stock lies."""

from datetime import timedelta

import pytest

from makegood.domain.catalogue import NewWarehouse
from makegood.domain.errors import InvalidValue, OrderNotFound, VariantNotFound, WarehouseNotFound
from makegood.services.add_catalogue import add_warehouses
from makegood.services.show_order import list_orders, show_order
from makegood.services.show_stock import (
    list_locations,
    list_variants,
    list_warehouses,
    stock_by_place,
    stock_by_variant,
)
from tests.shop import MONDAY, Shop


def numbers(shop: Shop, **filters: object) -> list[str]:
    return [order.number for order in shop.do(list_orders, **filters).orders]  # type: ignore[arg-type]


def test_an_order_is_shown_with_all_that_belongs_to_it(shop: Shop) -> None:
    shop.sells("MUG", name="Mug").gets("MUG", 2).check()
    shop.order("A", MUG=5, priority="RUSH", customer_name="Ann")
    sheet = shop.do(show_order, "A")
    assert (sheet.order.units, sheet.order.allocated, sheet.order.short) == (5, 2, 3)
    assert (sheet.order.priority, sheet.order.when_short) == ("RUSH", "skip")
    assert [(line.sku, line.name, line.short, line.waiting) for line in sheet.lines] == [("MUG", "Mug", 3, True)]
    assert sheet.lines[0].backorder == "BO-2026-0001"
    assert [(one.location, one.quantity, one.state) for one in sheet.allocations] == [("A-01", 2, "RESERVED")]
    assert [one.after_status for one in sheet.attempts] == ["PARTIALLY_ALLOCATED"]
    assert "order:partially_allocated" in [event.type for event in sheet.events]


def test_an_order_that_is_not_there_is_not_shown(shop: Shop) -> None:
    with pytest.raises(OrderNotFound):
        shop.do(show_order, "NOPE")


def test_each_filter_of_the_list_leaves_out_what_does_not_pass(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("LID", 9).check()
    shop.order("A", MUG=1, customer_name="Ann 100%")
    shop.order("B", LID=1, customer_email="bob@example.org", priority="EXPRESS")
    assert numbers(shop, statuses=["backordered"]) == ["A"]
    assert numbers(shop, statuses=["ALLOCATED", "SHIPPED"]) == ["B"]
    assert numbers(shop, sku=" lid ") == ["B"]
    assert numbers(shop, customer="100%") == ["A"]
    assert numbers(shop, customer="BOB@") == ["B"]
    assert numbers(shop, priority="express") == ["B"]
    shop.do(add_warehouses, [NewWarehouse("WEST")])
    assert numbers(shop, warehouse="WEST") == []
    with pytest.raises(WarehouseNotFound):
        numbers(shop, warehouse="NORTH")
    counts = shop.do(list_orders).counts
    assert len(counts) == 13
    assert {status: count for status, count in counts.items() if count} == {"ALLOCATED": 1, "BACKORDERED": 1}


def test_the_list_is_sorted_as_asked(shop: Shop) -> None:
    shop.sells("MUG")
    for day, number in enumerate("ABC"):
        shop.order(number, MUG=1, placed=MONDAY - timedelta(days=day), priority="RUSH" if number == "C" else "LOW")
        shop.later(minutes=1)
    assert numbers(shop, sort="newest") == ["A", "B", "C"]
    assert numbers(shop, sort="oldest") == ["C", "B", "A"]
    assert numbers(shop, sort="rank") == ["C", "B", "A"]
    assert numbers(shop, sort="waiting") == ["A", "B", "C"]


@pytest.mark.parametrize("sort", ["newest", "oldest", "waiting", "rank"])
def test_pages_hold_every_order_once(shop: Shop, sort: str) -> None:
    shop.sells("MUG").gets("MUG", 3).check()
    for number in range(7):
        shop.order(f"O{number}", MUG=1)
    seen, after = [], None
    while True:
        page = shop.do(list_orders, sort=sort, after=after, most=3)
        seen += [order.number for order in page.orders]
        if (after := page.next) is None:
            break
    assert sorted(seen) == [f"O{number}" for number in range(7)]


@pytest.mark.parametrize(
    "wrong", [{"statuses": ["LOST"]}, {"sort": "colour"}, {"after": "?"}, {"most": 0}, {"priority": "SOON"}]
)
def test_a_filter_that_makes_no_sense_is_refused(shop: Shop, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidValue):
        numbers(shop, **wrong)


def test_stock_by_variant_agrees_with_what_is_free(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 5).gets("MUG", 4, bin="DOCK").check()
    shop.order("A", MUG=2, LID=3)
    rows, following = shop.do(stock_by_variant)
    found = {row.sku: (row.on_hand, row.reserved, row.free, row.not_pickable, row.waiting) for row in rows}
    assert found == {"MUG": (9, 2, 3, 4, 0), "LID": (0, 0, 0, 0, 3)}
    assert following is None
    assert [row.sku for row in shop.do(stock_by_variant, short=True)[0]] == ["LID"]


def test_stock_by_place_says_why_it_cannot_be_given_out(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 5, expires_on=MONDAY.date() - timedelta(days=1)).gets("MUG", 4, bin="DOCK")
    rows, _ = shop.do(stock_by_place, sku="mug")
    assert [(row.location, row.free, row.why_not) for row in rows] == [
        ("A-01", 0, "expired"),
        ("DOCK", 0, "location not pickable"),
    ]
    with pytest.raises(VariantNotFound):
        shop.do(stock_by_place, sku="NOPE")


def test_the_catalogue_is_listed(shop: Shop) -> None:
    shop.sells("MUG", aliases=["CUP"]).sells("LID").gets("MUG", 5)
    assert [site.code for site in shop.do(list_warehouses)] == ["EAST"]
    assert [(place.code, place.units) for place in shop.do(list_locations)] == [
        ("DOCK", 0),
        ("A-01", 5),
        ("A-02", 0),
    ]
    first, following = shop.do(list_variants, most=1)
    assert [one.sku for one in first] == ["LID"]
    assert [one.sku for one in shop.do(list_variants, after=following)[0]] == ["MUG"]
    assert [one.aliases for one in shop.do(list_variants, search="mug")[0]] == [["CUP"]]
