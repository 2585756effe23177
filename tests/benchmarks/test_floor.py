"""The floor writes every row that a drain leaves, and nothing else."""

from typing import Any

import psycopg
import pytest
from benchmarks.books import Bench
from benchmarks.floor import APPENDED, CHANGED, EMPTY, before, strip, write_floor, written_since
from benchmarks.run import Run
from benchmarks.work import Shape

SHAPE = Shape(300, 30)
# When and by which transaction a row was written differs by nature.
NOT_COMPARED = {"recorded_at", "transaction_id", "marked_at"}
# What a drain takes away, and where it notes how far it has come: no row is left of that.
NOT_LEFT = {"marks", "checks"}
COLUMNS = """
    SELECT table_name, column_name
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
    ORDER BY table_name, ordinal_position
"""


def contents(bench: Bench) -> dict[str, list[Any]]:
    """Every row of every table, in a fixed sequence."""
    columns: dict[str, list[str]] = {}
    for table, column in bench.execute(COLUMNS):
        if column not in NOT_COMPARED:
            columns.setdefault(table, []).append(column)
    return {
        table: bench.execute(f"SELECT {', '.join(names)} FROM {table} t ORDER BY t::text")
        for table, names in columns.items()
    }


def test_the_floor_leaves_what_the_drain_left(quick: Run) -> None:
    _, ready = quick.ready(SHAPE)
    with quick.copy(ready) as copy:
        untouched, start = contents(copy), before(copy)
        copy.drain()
        drained, written = contents(copy), written_since(copy, start)
    with quick.copy(ready) as copy:
        write_floor(copy, written)
        floor = contents(copy)
    changed = {table for table in drained if drained[table] != untouched[table]}
    assert changed - NOT_LEFT <= {*APPENDED, *CHANGED}
    assert {table: floor[table] for table in changed - NOT_LEFT} == {
        table: drained[table] for table in changed - NOT_LEFT
    }
    for table in ("allocations", "attempts", "fulfillment_events"):
        assert len(drained[table]) > len(untouched[table])


def test_only_rows_that_the_drain_changed_are_written(quick: Run) -> None:
    _, ready = quick.ready(SHAPE)
    with quick.copy(ready) as copy:
        start = before(copy)
        nothing = written_since(copy, start)
        copy.execute("UPDATE orders SET priority = priority WHERE order_id = (SELECT min(order_id) FROM orders)")
        one = written_since(copy, start)
    assert set(nothing.appended.values()) | set(nothing.changed.values()) == {EMPTY}
    assert [table for table, rows in one.changed.items() if rows != EMPTY] == ["orders"]


def test_several_drains_are_several_durable_transactions(quick: Run) -> None:
    _, ready = quick.ready(SHAPE)
    with quick.copy(ready) as copy:
        start = before(copy)
        copy.drain()
        written = written_since(copy, start)
        nothing = written_since(copy, before(copy))
    with quick.copy(ready) as copy:
        assert len(write_floor(copy, nothing, written, nothing)) == 3


def test_the_bare_floor_has_primary_keys_only(quick: Run) -> None:
    _, ready = quick.ready(SHAPE)
    with quick.copy(ready) as copy:
        strip(copy)
        kinds = copy.execute(
            "SELECT DISTINCT contype::text FROM pg_constraint "
            "WHERE connamespace = 'public'::regnamespace AND conrelid <> 0"
        )
        others = copy.execute(
            "SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class c ON c.oid = indrelid "
            "WHERE c.relnamespace = 'public'::regnamespace AND NOT indisprimary"
        )
    assert {kind for (kind,) in kinds} <= {"p", "n"}
    assert others == []


def test_a_copy_that_is_not_durable_would_be_noticed(embedded: str) -> None:
    with psycopg.connect(embedded) as connection:
        row = connection.execute("SELECT current_setting('fsync'), current_setting('full_page_writes')").fetchone()
    assert row == ("on", "on")


@pytest.mark.parametrize("table", [*APPENDED, *CHANGED])
def test_the_written_tables_exist(quick: Run, table: str) -> None:
    _, ready = quick.ready(SHAPE)
    assert ready.execute(f"SELECT to_regclass('{table}') IS NOT NULL") == [(True,)]
