"""What a check writes, in whatever pieces, is the plan of the whole book."""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.domain.catalogue import NewLocation, NewWarehouse
from makegood.domain.orders import NewLine, NewOrder
from makegood.planner.book import Book
from makegood.planner.plan import plan
from makegood.services.add_catalogue import add_locations, add_warehouses
from makegood.services.place_order import place_orders
from makegood.services.read_book import read_orders, usable_units, waiting_orders
from makegood.services.work import Work
from makegood.store.database import Database
from tests.shop import MONDAY, Shop

SKUS = ("MUG", "LID", "JAR", "BOX")

wanted_lines = st.lists(
    st.builds(
        lambda sku, quantity, priority: NewLine(sku, quantity, priority=priority),
        st.sampled_from(SKUS),
        st.integers(1, 6),
        st.sampled_from([None, None, None, "EXPRESS", "LOW"]),
    ),
    min_size=1,
    max_size=4,
)
wanted_orders = st.lists(
    st.builds(
        lambda lines, days, priority, policy, when_short: NewOrder(
            number="",
            lines=lines,
            placed_at=MONDAY - timedelta(days=days),
            priority=priority,
            ship_policy=policy,
            when_short=when_short,
        ),
        wanted_lines,
        st.integers(0, 3),
        st.sampled_from(["STANDARD", "RUSH", "EXPRESS"]),
        st.sampled_from(["PARTIAL", "PARTIAL", "COMPLETE_LINES", "COMPLETE"]),
        st.sampled_from(["skip", "reserve"]),
    ),
    min_size=1,
    max_size=12,
)
receipts = st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 15)), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def numbers() -> "count[int]":
    """Each example lives in a warehouse of its own, in the same books."""
    return count(1)


@settings(max_examples=150)
@given(
    orders=wanted_orders,
    first=receipts,
    second=receipts,
    most=st.sampled_from([1, 2, 3, 1500]),
    few_queues=st.sampled_from([0, 2, 64]),
)
def test_a_check_in_pieces_is_the_plan_in_one_go(
    shared_shop: Shop,
    numbers: "count[int]",
    orders: list[NewOrder],
    first: list[tuple[str, int]],
    second: list[tuple[str, int]],
    most: int,
    few_queues: int,
) -> None:
    shop, site = shared_shop, f"W{next(numbers)}"
    shop.do(add_warehouses, [NewWarehouse(site)])
    shop.do(add_locations, [NewLocation("BIN", site, "PICKING")])
    named = [order._replace(number=f"{site}-{place}") for place, order in enumerate(orders)]
    shop.do(place_orders, named, warehouse=site)
    for arriving in (first, second):
        for sku, units in arriving:
            shop.gets(sku, units, bin="BIN", warehouse=site)
        before, planned = shop.do(_whole_plan, site)
        shop.check(most=most, few_queues=few_queues)
        now = shop.do(_allocated, site)
        assert {line: now[line] - before[line] for line in now if now[line] > before[line]} == planned
    assert shop.do(_whole_plan, site)[1] == {}


def _whole_plan(work: Work, site: str) -> tuple[dict[int, int], dict[int, int]]:
    """Give what lines have now, and what the pure plan of the warehouse's whole book would add."""
    warehouse = work.db.all("find_site", code=site)[0][0]
    ids = [row[0] for row in _read(work, "SELECT order_id FROM orders WHERE warehouse_id = %s", warehouse)]
    reading = read_orders(work, warehouse, ids, {})
    orders = waiting_orders(reading)
    variants = sorted({line.variant_id for order in orders for line in order.lines})
    made = plan(Book(orders=orders, units=usable_units(work, warehouse, variants)), as_of=work.today)
    granted: dict[int, int] = {}
    for grant in made.grants:
        granted[grant.line_id] = granted.get(grant.line_id, 0) + grant.units
    return _allocated(work, site), granted


def _allocated(work: Work, site: str) -> dict[int, int]:
    rows = _read(
        work,
        "SELECT l.line_id, l.allocated FROM order_lines l JOIN warehouses w USING (warehouse_id) WHERE code = %s",
        site,
    )
    return {line: units for line, units in rows}


def _read(work: Work, query: str, value: object) -> list[tuple[int, ...]]:
    return work.db._connection.execute(query.encode(), [value]).fetchall()


@pytest.fixture(scope="module")
def shared_shop(module_books: Database) -> Shop:
    """One shop for all examples."""
    return Shop(module_books).sells(*SKUS)
