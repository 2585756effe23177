"""The floor F(n): one durable transaction that only writes what a finished drain left behind.

The rows are taken out of the drained books as ready bytes, so that nothing is computed or encoded while the
clock runs: a COPY for each table of appended rows, and for lines, orders and units one COPY of the new values
into a temporary table, which is there already, with one set-based UPDATE. F0 is the same on tables that have
only their primary keys.
"""

from collections.abc import Sequence
from time import perf_counter
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from benchmarks.books import Bench
from makegood.store import tables

# Appended rows: their key, and the columns that are written.
APPENDED: dict[str, tuple[str, tables.Columns]] = {
    "attempts": ("attempt_id", tables.ATTEMPTS),
    "allocations": ("allocation_id", tables.ALLOCATIONS),
    "fulfillment_events": ("event_id", tables.EVENTS),
    "backorders": ("backorder_id", tables.BACKORDERS),
    "marks": ("mark_id", tuple((name, "") for name in ("variant_id", "warehouse_id", "trigger_source", "actor"))),
}
# Changed rows: their key, and the columns that a drain changes.
CHANGED: dict[str, tuple[str, Sequence[str]]] = {
    "order_lines": ("line_id", ("allocated", "waiting", "waits_since_turn")),
    "orders": (
        "order_id",
        ("status", "hold_kind", "hold_reason", "held_at", "backordered_since", "changed_at"),
    ),
    "inventory_units": ("unit_id", ("reserved",)),
}

Connection = psycopg.Connection[tuple[Any, ...]]


class Before(NamedTuple):
    """Where the books stood before a drain: the last key of each table that only grows, and the transaction."""

    last: dict[str, int]
    transaction: int


class Written(NamedTuple):
    """What a drain left behind, as bytes of binary COPY, by table."""

    appended: dict[str, bytes]
    changed: dict[str, bytes]


def before(bench: Bench) -> Before:
    """Note where a drain starts."""
    with psycopg.connect(bench.address) as connection:
        last = {
            table: _value(connection, sql.SQL("SELECT COALESCE(max({}), 0) FROM {}").format(*_names(key, table)))
            for table, (key, _) in APPENDED.items()
        }
        return Before(last, _value(connection, sql.SQL("SELECT pg_current_xact_id()::xid::text::bigint")))


def written_since(bench: Bench, start: Before) -> Written:
    """Take what was written out of the drained books: rows that came, and rows that are not what they were."""
    with psycopg.connect(bench.address) as connection:
        return Written(
            {
                table: _copy_out(connection, table, key, [name for name, _ in columns], _since(key, start, table))
                for table, (key, columns) in APPENDED.items()
            },
            {
                table: _copy_out(connection, table, key, [key, *columns], _touched(start))
                for table, (key, columns) in CHANGED.items()
            },
        )


def strip(bench: Bench) -> None:
    """Leave tables with nothing but their primary keys."""
    bench.execute(
        """
        DO $$ DECLARE r record; BEGIN
            FOR r IN SELECT conrelid::regclass AS t, conname FROM pg_constraint
                     WHERE contype IN ('f', 'c', 'u') AND connamespace = 'public'::regnamespace AND conrelid <> 0
                     ORDER BY contype <> 'f' LOOP
                EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', r.t, r.conname);
            END LOOP;
            FOR r IN SELECT indexrelid::regclass AS i FROM pg_index JOIN pg_class c ON c.oid = indrelid
                     WHERE c.relnamespace = 'public'::regnamespace AND NOT indisprimary LOOP
                EXECUTE format('DROP INDEX %s', r.i);
            END LOOP;
        END $$
        """
    )


def write_floor(bench: Bench, *drains: Written) -> list[float]:
    """Write what each drain left in one durable transaction per drain, and give the seconds of each."""
    with psycopg.connect(bench.address) as connection:
        for table, (key, columns) in CHANGED.items():
            made = sql.SQL("CREATE TEMP TABLE {} AS SELECT {} FROM {} LIMIT 0")
            connection.execute(made.format(_new(table), _list([key, *columns]), sql.Identifier(table)))
        connection.commit()
        return [_write(connection, written) for written in drains]


def _write(connection: Connection, written: Written) -> float:
    start = perf_counter()
    for table, rows in written.appended.items():
        if len(rows) > len(EMPTY):
            _copy_in(connection, sql.Identifier(table), [name for name, _ in APPENDED[table][1]], rows)
    for table, rows in written.changed.items():
        key, columns = CHANGED[table]
        _copy_in(connection, _new(table), [key, *columns], rows)
        connection.execute(_update(table, key, columns))
    connection.commit()
    seconds = perf_counter() - start
    connection.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(_new, CHANGED))))
    connection.commit()
    return seconds


# What COPY gives for no rows: its header and its end.
EMPTY = b"PGCOPY\n\xff\r\n\0" + bytes(8) + b"\xff\xff"


def _update(table: str, key: str, columns: Sequence[str]) -> sql.Composed:
    sets = [sql.SQL("{0} = n.{0}").format(sql.Identifier(name)) for name in columns]
    return sql.SQL("UPDATE {} t SET {} FROM {} n WHERE t.{} = n.{}").format(
        sql.Identifier(table), sql.SQL(", ").join(sets), _new(table), *_names(key, key)
    )


def _since(key: str, start: Before, table: str) -> sql.Composed:
    return sql.SQL("{} > {}").format(sql.Identifier(key), start.last[table])


def _touched(start: Before) -> sql.Composed:
    """Tell that a row's version was written after the start; transactions are counted in a circle."""
    return sql.SQL("age(xmin) < age({}::text::xid)").format(start.transaction)


def _names(*names: str) -> list[sql.Identifier]:
    return [sql.Identifier(name) for name in names]


def _list(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(_names(*names))


def _new(table: str) -> sql.Identifier:
    return sql.Identifier(f"new_{table}")


def _value(connection: Connection, query: sql.SQL | sql.Composed) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def _copy_out(connection: Connection, table: str, key: str, columns: Sequence[str], where: sql.Composed) -> bytes:
    query = sql.SQL("COPY (SELECT {} FROM {} WHERE {} ORDER BY {}) TO STDOUT (FORMAT binary)").format(
        _list(columns), sql.Identifier(table), where, sql.Identifier(key)
    )
    with connection.cursor() as cursor, cursor.copy(query) as stream:
        return b"".join(bytes(part) for part in stream)


def _copy_in(connection: Connection, target: sql.Identifier, columns: Sequence[str], rows: bytes) -> None:
    command = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(target, _list(columns))
    with connection.cursor() as cursor, cursor.copy(command) as stream:
        stream.write(rows)
