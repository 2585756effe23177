"""The sweep finds exactly what was left lying, says nothing when nothing was, and is quick about it."""

import time
from datetime import UTC, datetime

import pytest

from makegood.domain.catalogue import NewLocation, NewWarehouse
from makegood.services.add_catalogue import add_locations, add_warehouses
from makegood.services.sweep import Swept, sweep
from tests.shop import Shop


def swept(shop: Shop) -> Swept:
    return sweep(shop.books, shop.clock)


def forget(shop: Shop, sku: str) -> None:
    """Lose the marks of a queue, as a forgotten trigger would."""
    shop.change("DELETE FROM marks WHERE variant_id = %s", shop.variant(sku))


def found(shop: Shop, made: Swept) -> dict[str, int]:
    """Give the units left lying by order number."""
    numbers = dict(shop.rows("SELECT order_id, number FROM orders"))
    return {numbers[lying.order_id]: lying.units for lying in made.defects}


def test_nothing_is_left_lying_in_a_book_that_was_served(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("A", MUG=5)
    shop.gets("MUG", 3).check()
    assert swept(shop) == Swept(1, [])
    assert shop.rows("SELECT lines_looked_at, defects FROM sweeps") == [(1, 0)]


def test_a_pending_mark_is_no_defect(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("A", MUG=5)
    shop.gets("MUG", 3)
    assert not swept(shop).defects


def test_one_lost_mark_is_found_recorded_and_made_good(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    shop.order("A", MUG=5)
    shop.order("B", LID=2)
    shop.gets("MUG", 3).gets("LID", 2)
    forget(shop, "MUG")
    assert found(shop, swept(shop)) == {"A": 3}
    assert shop.rows("SELECT s.defects, d.units FROM sweeps s JOIN sweep_defects d USING (sweep_id)") == [(1, 3)]
    mark = shop.rows("SELECT trigger_source FROM marks WHERE variant_id = %s", shop.variant("MUG"))
    assert mark == [(f"sweep:{shop.clock.isoformat()}",)]
    shop.check()
    assert (shop.has("A"), swept(shop).defects) == ({"MUG": 3}, [])


def test_only_those_count_who_would_have_got_something(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("FIRST", MUG=2)
    shop.later(minutes=1).order("WHOLE", ship_policy="COMPLETE_LINES", MUG=9)
    shop.later(minutes=1).order("LAST", MUG=4)
    shop.gets("MUG", 5)
    forget(shop, "MUG")
    assert found(shop, swept(shop)) == {"FIRST": 2, "LAST": 3}


def test_units_kept_back_for_a_complete_order_are_not_left_lying(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    shop.order("SET", ship_policy="COMPLETE", when_short="reserve", MUG=2, LID=2)
    shop.later(minutes=1).order("MUGS", MUG=4)
    shop.gets("MUG", 3).check()
    assert (shop.has("MUGS"), swept(shop).defects) == ({"MUG": 1}, [])


def test_a_complete_order_that_needs_a_marked_queue_is_the_checks_business(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    shop.order("SET", ship_policy="COMPLETE", MUG=2, LID=2)
    shop.gets("MUG", 3).check()
    shop.gets("LID", 2)
    assert not swept(shop).defects
    forget(shop, "LID")
    assert found(shop, swept(shop)) == {"SET": 2}


def test_a_complete_order_keeps_back_while_its_other_queue_is_marked(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    shop.order("SET", ship_policy="COMPLETE", when_short="reserve", MUG=2, LID=2)
    shop.later(minutes=1).order("MUGS", MUG=4)
    shop.gets("MUG", 2).check()
    shop.gets("LID", 2)
    assert not swept(shop).defects


def test_stock_out_of_reach_is_not_left_lying(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("A", MUG=5)
    shop.gets("MUG", 3, bin="DOCK")
    shop.do(add_warehouses, [NewWarehouse("WEST")])
    shop.do(add_locations, [NewLocation("W-1", "WEST")])
    shop.gets("MUG", 3, bin="W-1", warehouse="WEST")
    assert not swept(shop).defects


def test_each_warehouse_is_swept(shop: Shop) -> None:
    shop.sells("MUG").do(add_warehouses, [NewWarehouse("WEST")])
    shop.do(add_locations, [NewLocation("W-1", "WEST")])
    shop.order("EAST-1", MUG=5)
    shop.order("WEST-1", warehouse="WEST", MUG=5)
    shop.gets("MUG", 1).gets("MUG", 2, bin="W-1", warehouse="WEST")
    forget(shop, "MUG")
    assert found(shop, swept(shop)) == {"EAST-1": 1, "WEST-1": 2}


@pytest.mark.slow
def test_it_costs_little_when_nothing_is_wrong(shop: Shop) -> None:
    """100,000 waiting lines of 2,000 variants without free stock."""
    shop.change("""
        INSERT INTO variants (merchant_id, sku) SELECT 1, 'S' || n FROM generate_series(1, 2000) n;
        INSERT INTO orders (order_id, merchant_id, number, root_order_id, warehouse_id, placed_at, status,
                            changed_at)
        OVERRIDING SYSTEM VALUE
        SELECT n, 1, 'N' || n, n, 1, now(), 'BACKORDERED', now() FROM generate_series(1, 100000) n;
        INSERT INTO order_lines (order_id, line_number, root_line_number, sku_text, variant_id, quantity,
                                 warehouse_id, rank_priority, placed_at, root_order_id, ship_policy,
                                 keeps_back, waiting)
        SELECT n, 1, 1, '', v.variant_id, 3, 1, 30, o.placed_at, n, 'PARTIAL', false, true
        FROM generate_series(1, 100000) n JOIN variants v ON v.sku = 'S' || (1 + n % 2000)
        JOIN orders o ON o.order_id = n;
        INSERT INTO inventory_units (variant_id, warehouse_id, location_id, received_at, quantity, reserved)
        SELECT variant_id, 1, 1, now(), 5, 5 FROM variants
    """)
    shop.change("ANALYZE")
    taken = []
    for _ in range(3):
        begun = time.perf_counter()
        assert sweep(shop.books, datetime(2026, 3, 2, tzinfo=UTC)) == Swept(100_000, [])
        taken.append(time.perf_counter() - begun)
    assert min(taken) < 0.7
