"""Laws that the database itself keeps, whoever writes: on each server that we run on."""

from collections.abc import Iterator

import psycopg
import pytest

from makegood.store.database import Database
from tests.shop import Shop


@pytest.fixture
def lived_in(books_of_each: Database) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Books with some stock, of which an order has a part, open to any SQL."""
    shop = Shop(books_of_each).sells("MUG").gets("MUG", 5)
    shop.check()
    shop.order("A", MUG=7)
    with psycopg.connect(books_of_each.conninfo, autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize(
    ("law", "deed"),
    [
        ("law_1_reserved_within_quantity", "UPDATE inventory_units SET reserved = quantity + 1"),
        ("law_1_reserved_within_quantity", "UPDATE inventory_units SET reserved = -1"),
        ("law_2_line_not_overfilled", "UPDATE order_lines SET allocated = quantity + 1, waiting = false"),
        ("a_waiting_line_lacks_something", "UPDATE order_lines SET quantity = 5"),
        ("a_hold_has_a_kind", "UPDATE orders SET status = 'ON_HOLD'"),
        ("open_until_closed", "UPDATE allocations SET state = 'RELEASED'"),
        ("forced_has_a_reason", "UPDATE allocations SET forced = true"),
        ("one_open_backorder_per_line", "INSERT INTO backorders (number, line_id, opened_at) "
                                        "SELECT 'BO-X', line_id, now() FROM order_lines"),
        ("one_unit_per_place", "INSERT INTO inventory_units (variant_id, warehouse_id, location_id, received_at, "
                               "quantity) SELECT variant_id, warehouse_id, location_id, now(), 1 "
                               "FROM inventory_units"),
        ("orders_merchant_id_number_key", "INSERT INTO orders (merchant_id, number, root_order_id, warehouse_id, "
                                          "placed_at, status, changed_at) SELECT merchant_id, number, "
                                          "root_order_id, warehouse_id, now(), 'PENDING', now() FROM orders"),
        ("variants_merchant_id_sku_key_key", "INSERT INTO variants (merchant_id, sku) VALUES (1, ' mug ')"),
    ],
)  # fmt: skip
def test_what_breaks_a_law_is_refused(
    lived_in: psycopg.Connection[tuple[object, ...]], law: str, deed: str
) -> None:
    with pytest.raises(psycopg.IntegrityError) as refused:
        lived_in.execute(deed.encode())
    assert refused.value.diag.constraint_name == law


INBOUND = (
    "INSERT INTO inbound_lines (merchant_id, kind, reference, variant_id, warehouse_id, quantity{}) "
    "SELECT merchant_id, '{}', 'X', variant_id, 1, 5{} FROM variants"
)


@pytest.mark.parametrize(
    ("law", "deed"),
    [
        ("sourced_within_outstanding", INBOUND.format(", sourced", "PRODUCTION", ", 6")),
        ("sourced_within_outstanding", INBOUND.format(", sourced, received", "PRODUCTION", ", 3, 3")),
        ("given_within_received", INBOUND.format(", given", "PRODUCTION", ", 1")),
        ("cancelled_within_quantity", INBOUND.format(", cancelled, closed_at", "PRODUCTION", ", 6, now()")),
        ("closed_when_nothing_comes", INBOUND.format(", received", "PRODUCTION", ", 5")),
        ("a_transfer_comes_from_elsewhere", INBOUND.format("", "TRANSFER", "")),
        ("a_transfer_comes_from_elsewhere", INBOUND.format(", from_warehouse_id", "TRANSFER", ", 1")),
        ("a_variant_of_its_merchant", "INSERT INTO merchants (code) VALUES ('other'); "
                                      "INSERT INTO inbound_lines (merchant_id, kind, reference, variant_id, "
                                      "warehouse_id, quantity) SELECT 2, 'PRODUCTION', 'X', variant_id, 1, 5 "
                                      "FROM variants"),
        ("sourced_within_shortfall", "UPDATE order_lines SET sourced = 3"),
    ],
)  # fmt: skip
def test_supply_that_is_due_is_not_promised_twice(
    lived_in: psycopg.Connection[tuple[object, ...]], law: str, deed: str
) -> None:
    with pytest.raises(psycopg.IntegrityError) as refused:
        lived_in.execute(deed.encode())
    assert refused.value.diag.constraint_name == law


@pytest.mark.parametrize("table", ["stock_movements", "fulfillment_events", "inbound_history"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET actor = 'nobody'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_history_is_only_appended(lived_in: psycopg.Connection[tuple[object, ...]], table: str, deed: str) -> None:
    with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
        lived_in.execute(deed.format(table).encode())
