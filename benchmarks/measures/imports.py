"""How long bulk intake takes, first allocation included, over only writing the same rows."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import psycopg
from psycopg import sql

from benchmarks.books import Bench
from benchmarks.measures.drains import spread_over
from benchmarks.report import Figure
from benchmarks.run import Pair, Run, ratio, timed
from benchmarks.work import Workload
from makegood.services.files.columns import Columns
from makegood.services.files.entries import OrderEntry
from makegood.services.files.importing import Import
from makegood.services.files.rows import Terms
from makegood.services.files.source import opened
from makegood.services.import_orders import KIND
from makegood.store import tables

# What an import appends, in the order in which rows refer to each other.
APPENDED: dict[str, tables.Columns] = {
    "gates": (("variant_id", "int8"), ("warehouse_id", "int8")),
    "orders": tables.ORDERS,
    "order_lines": tables.ORDER_LINES,
    "attempts": tables.ATTEMPTS,
    "backorders": tables.BACKORDERS,
    "fulfillment_events": tables.EVENTS,
}
HEADERS = ("number", "sku", "quantity", "warehouse", "placed_at", "priority", "ship_policy", "when_short")


def measure(run: Run) -> list[Figure]:
    """Import a file of orders, and place the same orders without a file, each over the floor."""
    shape = spread_over(run.scale.large)
    work, sold = run.sold(shape)
    with TemporaryDirectory() as folder:
        file = Path(folder, "orders.csv")
        write_file(work, file)
        from_file = _over_floor(run, "import of a file", sold, lambda bench: import_file(bench, file))
        placed = _over_floor(run, "placing in batches", sold, lambda bench: bench.place(work))
    return [
        Figure("import_ratio", ratio(from_file), f"{shape}, from a CSV file: {_told(from_file)}"),
        Figure("import_services_ratio", ratio(placed), f"place_orders, 1000 at a time: {_told(placed)}"),
    ]


def _told(pairs: list[Pair]) -> str:
    ours, floor = (median(pair[n] for pair in pairs) for n in (0, 1))
    return f"{ours:.2f} s over {floor:.2f} s"


def _over_floor(run: Run, name: str, sold: Bench, take: Callable[[Bench], object]) -> list[Pair]:
    def pair() -> Pair:
        with run.copy(sold) as copy:
            seconds = timed(lambda: take(copy))
            rows = _rows(copy)
        with run.copy(sold) as copy:
            return Pair(seconds, _write(copy, rows))

    return run.alternated(name, pair)


def write_file(work: Workload, file: Path) -> None:
    """Write the orders as a file that `makegood import orders` takes."""
    with file.open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(HEADERS)
        for orders in work.orders.values():
            for order in orders:
                said = (order.warehouse, order.placed_at, order.priority, order.ship_policy, order.when_short)
                rows.writerows((order.number, line.sku, line.quantity, *said) for line in order.lines)


def import_file(bench: Bench, file: Path) -> None:
    """Take the file as the command does; lines with unknown SKUs are kept."""
    columns = Columns(OrderEntry, {})
    with opened(file, recognised=columns.knows) as source:
        summary = Import(bench.do, KIND, terms=Terms(keep_unmatched=True)).take(str(file), source.rows, columns)
    if summary.bad or summary.landed != summary.read:
        raise RuntimeError(f"{summary.bad} of {summary.read} rows were refused: {summary.problems[:1]}")


def _rows(bench: Bench) -> dict[str, bytes]:
    with psycopg.connect(bench.address) as connection:
        return {table: b"".join(_copied(connection, table)) for table in APPENDED}


def _copied(connection: psycopg.Connection[tuple[object, ...]], table: str) -> Iterator[bytes]:
    with _copying(connection, "COPY {} ({}) TO STDOUT (FORMAT binary)", table) as stream:
        yield from (bytes(part) for part in stream)


@contextmanager
def _copying(
    connection: psycopg.Connection[tuple[object, ...]], command: str, table: str
) -> Iterator[psycopg.Copy]:
    names = sql.SQL(", ").join(sql.Identifier(name) for name, _ in APPENDED[table])
    query = sql.SQL(command).format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(query) as stream:
        yield stream


def _write(bench: Bench, rows: dict[str, bytes]) -> float:
    with psycopg.connect(bench.address) as connection:
        start = perf_counter()
        for table, content in rows.items():
            with _copying(connection, "COPY {} ({}) FROM STDIN (FORMAT binary)", table) as stream:
                stream.write(content)
        connection.commit()
        return perf_counter() - start
