"""How long the expected dates take over only writing them, and how little moves when one unit comes.

The floor of a dating is one durable transaction with a binary COPY of every row that it left: the dates that
are kept and the events that tell them. Nothing is read, pegged or compared.
"""

from datetime import timedelta
from statistics import median
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.books import Bench
from benchmarks.measures.drains import growth, spread_over
from benchmarks.measures.receipts import receive_unit, shelf
from benchmarks.report import Figure
from benchmarks.run import Pair, Run, ratio, timed
from benchmarks.work import COVERED, END, Shape, Workload
from makegood.jobs.dates import date_queues
from makegood.jobs.station import Station
from makegood.services.mark_dates import mark_inbound
from makegood.services.work import Work
from makegood.store import tables

DELIVERIES = 5
DATES = ("variant_id", "warehouse_id", "line_id", "order_id", "line_due", "due")
WRITTEN = {"expected_dates": DATES, "fulfillment_events": tuple(name for name, _ in tables.EVENTS)}
OURS = {"expected_dates": "true", "fulfillment_events": "type = 'backorder:expected_date_changed'"}


def measure(run: Run) -> list[Figure]:
    """Date queues for the first time, spread and on one SKU, each over its floor; then after single units."""
    small, large = run.scale.small, run.scale.large
    spread = _pairs(run, spread_over(large))
    single = {size: _pairs(run, one_sku(size)) for size in (small, large)}
    few, _, many = run.scale.waiting
    after = {waiting: _after_a_unit(run, waiting) for waiting in (few, many)}
    return [
        _over_floor("dates_100k_ratio", spread, spread_over(large)),
        _over_floor("dates_100k_one_sku_ratio", single[large], one_sku(large)),
        growth("dates_growth_exponent", {size: median(p.ours for p in made) for size, made in single.items()}),
        Figure("dates_after_a_unit_ms", after[many][0] * 1000,
               f"{many:,} dated lines, {after[many][1]} rows written; {after[few][0] * 1000:.1f} ms with {few:,}"),
    ]  # fmt: skip


def one_sku(lines: int) -> Shape:
    """Give the shape of work in which all wait for one variant in one warehouse."""
    return Shape(lines, 1, all_partial=True, sites=("W1",))


def announce(bench: Bench, work: Workload) -> None:
    """Let supply be due that covers 60 % of each SKU's demand, in a few deliveries on different days."""

    def add(one: Work) -> None:
        added = one.db.connection.execute(
            "INSERT INTO inbound_lines (merchant_id, kind, reference, variant_id, warehouse_id, quantity, due) "
            "SELECT 1, 'PURCHASE_ORDER', format('PO-%%s-%%s-%%s', d.site, d.sku, n), v.variant_id, "
            "w.warehouse_id, GREATEST(1, (d.units * %s / %s)::int), %s::date + n "
            "FROM unnest(%s::text[], %s::text[], %s::int[]) AS d (site, sku, units) "
            "JOIN variants v ON v.sku = d.sku JOIN warehouses w ON w.code = d.site "
            "CROSS JOIN generate_series(1, %s) n RETURNING inbound_line_id",
            (COVERED, DELIVERIES, (END + timedelta(days=1)).date(), *_demand(work), DELIVERIES),
        ).fetchall()
        mark_inbound(one, [row[0] for row in added])

    bench.do(add)


def date_all(bench: Bench) -> int:
    """Keep the dates current as a worker does, and give how many rows that took."""
    return date_queues(Station(bench.books, clock=lambda: END))


def _demand(work: Workload) -> tuple[list[str], list[str], list[int]]:
    gates = sorted(work.demand.items())
    return [site for (site, _), _ in gates], [f"SKU-{sku}" for (_, sku), _ in gates], [units for _, units in gates]


def _pairs(run: Run, shape: Shape) -> list[Pair]:
    work, waiting = run.waiting(shape)
    return run.alternated(f"dates of {shape}", lambda: _pair(run, work, waiting))


def _pair(run: Run, work: Workload, waiting: Bench) -> Pair:
    with run.copy(waiting) as copy:
        announce(copy, work)
        copy.settle()
        ours = timed(lambda: date_all(copy))
        rows = _rows(copy)
    with run.copy(waiting) as copy:
        return Pair(ours, _write(copy, rows))


def _rows(bench: Bench) -> dict[str, bytes]:
    """Take what a dating left out of the books, as bytes of binary COPY."""
    with psycopg.connect(bench.address) as connection:
        return {table: _copied(connection, table, columns) for table, columns in WRITTEN.items()}


def _copied(connection: psycopg.Connection[Any], table: str, columns: tuple[str, ...]) -> bytes:
    query = sql.SQL("COPY (SELECT {} FROM {} WHERE {}) TO STDOUT (FORMAT binary)").format(
        _names(columns), sql.Identifier(table), sql.SQL(OURS[table])
    )
    with connection.cursor() as cursor, cursor.copy(query) as stream:
        return b"".join(stream)


def _write(bench: Bench, rows: dict[str, bytes]) -> float:
    with psycopg.connect(bench.address) as connection:
        return timed(lambda: _write_rows(connection, rows))


def _write_rows(connection: psycopg.Connection[Any], rows: dict[str, bytes]) -> None:
    for table, columns in WRITTEN.items():
        query = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(sql.Identifier(table), _names(columns))
        with connection.cursor() as cursor, cursor.copy(query) as stream:
            stream.write(rows[table])
    connection.commit()


def _names(columns: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _after_a_unit(run: Run, waiting: int) -> tuple[float, int]:
    """Receive single units that nobody announced; give the usual seconds of dating, and the most rows."""
    work, books = run.waiting(one_sku(waiting))
    with run.copy(books) as copy:
        announce(copy, work)
        date_all(copy)
        copy.settle()
        place, seconds, rows = shelf(copy), [], []
        for _ in range(run.scale.receipts):
            receive_unit(copy, place)
            seconds.append(timed(lambda: rows.append(date_all(copy))))
    return median(seconds), max(rows)


def _over_floor(name: str, pairs: list[Pair], shape: Shape) -> Figure:
    ours, floor = median(pair.ours for pair in pairs), median(pair.floor for pair in pairs)
    return Figure(name, ratio(pairs), f"{shape}: {ours:.2f} s over {floor:.2f} s")
