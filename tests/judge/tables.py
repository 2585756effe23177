"""Read the tables as they are, at one instant, into dictionaries; nothing is computed in the database."""

from datetime import date
from typing import Any

import psycopg
from psycopg.rows import dict_row

Row = dict[str, Any]

TABLES = (
    "merchants",
    "warehouses",
    "locations",
    "variants",
    "inventory_units",
    "stock_movements",
    "orders",
    "order_lines",
    "allocations",
    "backorders",
    "marks",
    "stock_sessions",
    "stock_session_lines",
    "orders_set_aside",
    "inbound_lines",
    "suppliers",
    "sourcings",
    "transfer_loads",
    "business_settings",
    "expected_dates",
    "date_marks",
)


class Tables:
    """The rows of each table, and the few ways in which they are looked up."""

    def __init__(self, rows: dict[str, list[Row]], today: date) -> None:
        self.rows, self.today = rows, today
        self.orders = {row["order_id"]: row for row in rows["orders"]}
        self.lines = {row["line_id"]: row for row in rows["order_lines"]}
        self.units = {row["unit_id"]: row for row in rows["inventory_units"]}
        self.locations = {row["location_id"]: row for row in rows["locations"]}
        self.variants = {row["variant_id"]: row for row in rows["variants"]}
        self.inbound = {row["inbound_line_id"]: row for row in rows["inbound_lines"]}
        self.warehouses = {row["warehouse_id"]: row for row in rows["warehouses"]}
        self.lines_of: dict[int, list[Row]] = {order_id: [] for order_id in self.orders}
        for line in rows["order_lines"]:
            self.lines_of[line["order_id"]].append(line)
        self.open = [row for row in rows["allocations"] if row["state"] in ("RESERVED", "CONFIRMED")]
        self.set_aside = {row["order_id"] for row in rows["orders_set_aside"]}
        self.marked = {(row["variant_id"], row["warehouse_id"]) for row in rows["marks"]}

    def name(self, line: Row) -> str:
        """Name a line as a person would."""
        return f"{self.orders[line['order_id']]['number']}/{line['line_number']} {line['sku_text']}"

    def place(self, unit: Row) -> str:
        """Name the place of a unit as a person would."""
        location = self.locations[unit["location_id"]]
        return f"{self.variants[unit['variant_id']]['sku']} in {location['code']} (unit {unit['unit_id']})"


def read(conninfo: str) -> Tables:
    """Read all tables in one snapshot."""
    with psycopg.connect(conninfo, row_factory=dict_row) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        rows = {table: connection.execute(f"SELECT * FROM {table}".encode()).fetchall() for table in TABLES}
        (clock,) = connection.execute("SELECT (now() AT TIME ZONE 'UTC')::date AS today").fetchall()
        return Tables(rows, clock["today"])


def short(line: Row) -> int:
    """Give what a line still lacks."""
    return int(line["quantity"] - line["cancelled"] - line["fulfilled"] - line["allocated"])
