"""Whatever is done to an order and undone again, in whatever sequence, keeps its totals, its age and its rank.

Splits, divisions over the network and substitutes over random orders and stock; in between and at the end the
doctor finds nothing, and what was all undone wants again what was ordered, line by line.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.domain.alternatives import NewAlternative
from makegood.domain.catalogue import NewLocation, NewWarehouse
from makegood.domain.errors import Conflict, NothingToMerge, NothingToRestore
from makegood.domain.orders import NewLine
from makegood.services.add_catalogue import add_locations, add_warehouses
from makegood.services.alternatives.apply_alternatives import apply_alternatives
from makegood.services.alternatives.keep_alternatives import add_alternatives
from makegood.services.alternatives.undo_alternatives import undo_alternatives
from makegood.services.cancel_order import cancel_order
from makegood.services.merge_order import merge_order
from makegood.services.network.divide_network import divide_network
from makegood.services.split_order import split_order
from tests.clean_books import fresh_books
from tests.services.split_stories import AGREED, insist_sound
from tests.shop import Shop

ORDERED = ("MUG", "LID", "CUP")
STOCKED = (*ORDERED, "RED", "TRIPLE")
SITES = ("EAST", "WEST", "NORTH")
LINES = st.lists(st.tuples(st.sampled_from(ORDERED), st.integers(2, 6)), min_size=2, max_size=3)
STOCK = st.lists(
    st.tuples(st.sampled_from(STOCKED), st.sampled_from(["EAST", *SITES]), st.integers(1, 4)),
    min_size=5,
    max_size=9,
)
DEEDS = st.lists(
    st.tuples(st.sampled_from(["lines", "network", "quantities", "alternatives"]), st.integers(0, 3)),
    min_size=2,
    max_size=4,
)
POLICIES = st.sampled_from(["PARTIAL", "PARTIAL", "COMPLETE_LINES", "COMPLETE"])
DONE: list[str] = []


@pytest.fixture(scope="module")
def network(embedded: str) -> Iterator[Shop]:
    """One network for all examples; each brings an order and stock of its own."""
    with fresh_books(embedded) as books:
        shop = Shop(books).sells(*STOCKED)
        shop.do(add_warehouses, [NewWarehouse("WEST", network_rank=2), NewWarehouse("NORTH", network_rank=3)])
        shop.do(add_locations, [NewLocation("A-01", site, "PICKING") for site in SITES[1:]])
        shop.do(
            add_alternatives,
            [
                NewAlternative("MUG", "RED"),
                NewAlternative("LID", "TRIPLE", per=3),
                NewAlternative("CUP", "RED", units=2),
            ],
        )
        yield shop


def family(shop: Shop, name: str) -> list[str]:
    """Name an order and its parts that are open, the last one first."""
    rows = shop.rows(
        "SELECT number FROM orders WHERE (number = %s OR starts_with(number, %s)) AND status <> 'CANCELLED' "
        "ORDER BY order_id DESC",
        name,
        f"{name}-BO",
    )
    return [row[0] for row in rows]


def wanted(shop: Shop, name: str) -> list[tuple[Any, ...]]:
    """Sum what an order and its parts want, in units of what was ordered, with rank and age of each line."""
    return shop.rows(
        "SELECT root_line_number, sku_text, rank_priority, l.placed_at, l.root_order_id, "
        "sum(quantity * COALESCE(instead_per, 1)::numeric / COALESCE(instead_units, 1)) "
        "FROM order_lines l JOIN orders USING (order_id) "
        "WHERE quantity > 0 AND (number = %s OR starts_with(number, %s)) GROUP BY 1, 2, 3, 4, 5 ORDER BY 1",
        name,
        f"{name}-BO",
    )


def lines(shop: Shop, name: str) -> list[tuple[Any, ...]]:
    """Give the lines of an order as it was placed: what was ordered is wanted, from where it belongs."""
    return shop.rows(
        "SELECT v.sku, sum(quantity), w.code FROM order_lines l JOIN orders USING (order_id) "
        "JOIN variants v USING (variant_id) JOIN warehouses w ON w.warehouse_id = l.warehouse_id "
        "WHERE quantity > 0 AND number = %s GROUP BY 1, 3 ORDER BY 1",
        name,
    )


def do(shop: Shop, deed: str, name: str) -> None:
    """Do one thing to an order; a refusal leaves everything as it is."""
    verbs: dict[str, Any] = {
        "network": lambda: shop.do(divide_network, name),
        "alternatives": lambda: shop.do(apply_alternatives, name, consent=AGREED),
        "lines": lambda: shop.do(split_order, name, consent=AGREED),
        "quantities": lambda: shop.do(split_order, name, mode="quantities", consent=AGREED),
    }
    try:
        verbs[deed]()
    except Conflict:
        return
    DONE.append(deed)


def undo_all(shop: Shop, name: str) -> None:
    """Merge all parts from the last one on, then send again what was ordered, and let the order go home."""
    for _ in range(12):
        for verb in (merge_order, undo_alternatives):
            try:
                shop.do(verb, family(shop, name)[0])
            except (NothingToMerge, NothingToRestore):
                continue
            shop.check()
            insist_sound(shop)


@settings(max_examples=40)
@given(ordered=LINES, stock=STOCK, deeds=DEEDS, policy=POLICIES)
def live_through(
    network: Shop,
    ordered: list[tuple[str, int]],
    stock: list[tuple[str, str, int]],
    deeds: list[tuple[str, int]],
    policy: str,
) -> None:
    """Place an order, do things to it and its parts, and undo them all."""
    shop = network.later(hours=1)
    name = f"O{shop.clock:%m%d%H}"
    for sku, site, units in stock:
        shop.gets(sku, units, warehouse=site)
    shop.check()
    shop.order(name, lines=[NewLine(sku, units) for sku, units in ordered], ship_policy=policy, priority="RUSH")
    before, first = wanted(shop, name), lines(shop, name)
    try:
        for deed, which in deeds:
            parts = family(shop, name)
            do(shop, deed, parts[which % len(parts)])
            shop.check()
            assert wanted(shop, name) == before, deed
            insist_sound(shop)
        undo_all(shop, name)
        assert (family(shop, name), wanted(shop, name), lines(shop, name)) == ([name], before, first)
    finally:
        clear(shop)


def clear(shop: Shop) -> None:
    """Cancel what is open and empty the shelves, so that the next example begins with an empty network."""
    for number, status in shop.rows("SELECT number, status FROM orders"):
        if status not in ("CANCELLED", "SHIPPED"):
            shop.do(cancel_order, number)
    shop.check()
    shop.change(
        "INSERT INTO stock_movements (unit_id, delta, reason, trigger_source, actor, moved_at) "
        "SELECT unit_id, -quantity, 'cleared', 'test', 'test', now() FROM inventory_units WHERE quantity > 0"
    )
    shop.change("UPDATE inventory_units SET quantity = 0")  # fmt: skip


@pytest.mark.slow
def test_what_is_done_and_undone_keeps_totals_age_and_rank(network: Shop) -> None:
    live_through(network)
    # A property in which hardly anything was done would say nothing.
    assert all(DONE.count(deed) >= 3 for deed in ("network", "alternatives", "lines", "quantities")), Counter(DONE)
