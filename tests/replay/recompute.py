"""Recompute the figures of a replay, from the files and from plain rows of its tables.

It shares no code and no statement with the product: the files are parsed anew, the tables are read row by row
with plain SELECTs, and everything is summed here. `python -m tests.replay.recompute CONNINFO DIR FIGURES`, where
FIGURES is what `makegood replay DIR --keep --json` printed, shows all sides and ends with 1 where they disagree.
"""

import csv
import gzip
import json
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

NOT_GOODS = {"POST", "D", "M", "DOT", "BANK CHARGES", "AMAZONFEE", "C2", "S", "B", "CRUK", "ADJUST", "ADJUST2"}
SHORT = {"BACKORDERED", "PARTIALLY_ALLOCATED"}


def rows_of(folder: Path) -> Iterator[dict[str, str]]:
    for file in sorted(folder.iterdir()):
        if file.name.endswith(".csv.gz"):
            with gzip.open(file, "rt", encoding="utf-8", newline="") as stream:
                yield from csv.DictReader(stream)
        elif file.name.endswith(".csv"):
            with file.open(encoding="utf-8", newline="") as stream:
                yield from csv.DictReader(stream)


def from_files(folder: Path) -> dict[str, Any]:
    """What the shop sold and took back, by its invoices."""
    sold: dict[str, list[tuple[str, int]]] = defaultdict(list)
    returned = 0
    for row in rows_of(folder):
        code, units = row["StockCode"].strip().upper(), int(row["Quantity"])
        if code in NOT_GOODS or code.startswith("GIFT_"):
            continue
        if row["InvoiceNo"].upper().startswith("C"):
            returned += max(-units, 0)
        elif units > 0 and float(row["UnitPrice"]) > 0:
            sold[row["InvoiceNo"].strip().upper()].append((code, units))
    return {
        "orders": len(sold),
        "lines": sum(len(lines) for lines in sold.values()),
        "units_ordered": sum(units for lines in sold.values() for _, units in lines),
        "units_returned": returned,
        "by order": {number: sorted(lines) for number, lines in sold.items()},
    }


def from_tables(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    """What the books say, summed from plain rows."""
    orders = read(connection, "orders")
    lines = read(connection, "order_lines")
    numbers = {order["order_id"]: order["number"] for order in orders}
    by_order: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for line in lines:
        by_order[numbers[line["order_id"]]].append((line["sku_text"].strip().upper(), line["quantity"]))
    days = days_waited(read(connection, "fulfillment_events"))
    return {
        "orders": len(orders),
        "lines": len(lines),
        "units_ordered": sum(line["quantity"] for line in lines),
        **granted(lines, read(connection, "attempts"), read(connection, "allocations")),
        "units_waiting": sum(
            line["quantity"] - line["cancelled"] - line["fulfilled"] - line["allocated"] for line in lines
        ),
        "units_cancelled": sum(line["cancelled"] for line in lines),
        "orders_resolved": len({order for order, _ in days}),
        "orders_held": sum(order["hold_kind"] == "STALE" for order in orders),
        "units_returned": sum(
            max(one["delta"], 0)
            for one in read(connection, "stock_movements")
            if one["trigger_source"].startswith("return:")
        ),
        "median_days_waited": rounded(share(sorted(waited for _, waited in days), 0.5)),
        "p90_days_waited": rounded(share(sorted(waited for _, waited in days), 0.9)),
        "by order": {number: sorted(found) for number, found in by_order.items()},
    }


def granted(
    lines: list[dict[str, Any]], attempts: list[dict[str, Any]], allocations: list[dict[str, Any]]
) -> dict[str, int]:
    """Units that orders have or have shipped: by their first attempt, and by later ones."""
    order_of = {line["line_id"]: line["order_id"] for line in lines}
    first: dict[int, int] = {}
    for attempt in sorted(attempts, key=lambda one: int(one["attempt_id"])):
        first.setdefault(attempt["order_id"], attempt["attempt_id"])
    kept = [one for one in allocations if one["state"] in ("RESERVED", "CONFIRMED", "FULFILLED")]
    at_once = sum(one["quantity"] for one in kept if one["attempt_id"] == first.get(order_of[one["line_id"]], -1))
    return {
        "units_filled_at_once": at_once,
        "units_filled_after_waiting": sum(one["quantity"] for one in kept) - at_once,
    }


def days_waited(events: list[dict[str, Any]]) -> list[tuple[int, float]]:
    """For each time an order became whole, the days since it had become short."""
    short_since: dict[int, Any] = {}
    found = []
    for event in sorted(events, key=lambda one: int(one["event_id"])):
        order, before = event["order_id"], event["payload"].get("previousStatus")
        becomes_short = event["type"] in ("order:backordered", "order:partially_allocated")
        if becomes_short and before not in SHORT | {"ON_HOLD"}:
            short_since[order] = event["occurred_at"]
        if event["type"] == "order:backorder_resolved":
            found.append((order, (event["occurred_at"] - short_since[order]).total_seconds() / 86400))
    return found


def share(ordered: list[float], part: float) -> float | None:
    """The value below which so big a part lies, between neighbours in proportion."""
    if not ordered:
        return None
    if part == 0.5:
        return statistics.median(ordered)
    place = (len(ordered) - 1) * part
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def rounded(days: float | None) -> float | None:
    return None if days is None else round(days, 2)


def read(connection: psycopg.Connection[Any], table: str) -> list[dict[str, Any]]:
    """All rows of a table as they are."""
    cursor = connection.execute(f"SELECT * FROM {table}".encode())
    names = [column.name for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def disagreements(figures: dict[str, Any], files: dict[str, Any], tables: dict[str, Any]) -> list[str]:
    """Every figure that the files or the tables tell differently, and the sum that must come out."""
    found = [
        f"{name}: told {figures[name]}, {where} say {said[name]}"
        for where, said in (("files", files), ("tables", tables))
        for name in said
        if name in figures and not same(figures[name], said[name])
    ]
    if files["by order"] != tables["by order"]:
        found.append("the orders in the tables are not the invoices in the files")
    parts = ("units_filled_at_once", "units_filled_after_waiting", "units_waiting", "units_cancelled")
    if figures["units_ordered"] != sum(figures[name] for name in parts):
        found.append("units_ordered is not the sum of its parts")
    return found


def same(one: float | None, other: float | None) -> bool:
    return one == other or (one is not None and other is not None and abs(one - other) <= 0.011)


def main() -> int:
    conninfo, folder = sys.argv[1], Path(sys.argv[2])
    with psycopg.connect(conninfo) as connection:
        tables = from_tables(connection)
    files = from_files(folder)
    figures = json.loads(Path(sys.argv[3]).read_text())
    for name in tables:
        if name != "by order":
            sys.stdout.write(f"{name:28} told {figures[name]!s:>10}  tables {tables[name]!s:>10}  "
                             f"files {files.get(name, '-')!s:>10}\n")  # fmt: skip
    wrong = disagreements(figures, files, tables)
    sys.stdout.write("".join(f"WRONG {words}\n" for words in wrong) or "all figures agree\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
