"""Orders that something outside makegood has damaged, and a look at the tables behind it."""

from typing import Any

import psycopg

from tests.shop import Shop


def sql(shop: Shop, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Write to the tables past the services."""
    with psycopg.connect(shop.books.conninfo, autocommit=True) as connection:
        cursor = connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []


def unwritable(shop: Shop, number: str) -> None:
    """Let an order's reserved figure be so wrong that no grant makes it valid again: writing it fails."""
    sql(shop, "ALTER TABLE order_lines DROP CONSTRAINT IF EXISTS order_lines_allocated_check")
    sql(
        shop,
        "UPDATE order_lines SET allocated = -100 WHERE order_id = (SELECT order_id FROM orders WHERE number = %s)",
        number,
    )
    sql(
        shop,
        "ALTER TABLE order_lines ADD CONSTRAINT order_lines_allocated_check CHECK (allocated >= 0) NOT VALID",
    )


def unreadable(shop: Shop, number: str) -> None:
    """Let an order be placed at a time that no program can hold: reading its queue fails."""
    sql(
        shop,
        "UPDATE order_lines SET placed_at = '-infinity' "
        "WHERE order_id = (SELECT order_id FROM orders WHERE number = %s)",
        number,
    )
