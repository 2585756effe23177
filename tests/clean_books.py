"""Empty books for a test: a copy of a migrated template, swept clean afterwards and given to the next test.

To make and drop a database is to make and drop its hundreds of files; to sweep the few tables that a test wrote to
costs a fraction of that. A copy whose tables, settings or rights a test has changed is dropped.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from makegood.store.database import Database
from makegood.store.migrate import migrate

MIGRATIONS = Path(__file__).parent.parent / "src" / "makegood" / "store" / "migrations"

# Rows that were deleted leave their room behind: big tables are truncated, and a copy does not live for ever.
BIG = 256 * 1024
MOST_USES = 50

TABLES = """
    SELECT relname, pg_relation_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
# What autovacuum found out about an earlier test's rows would mislead the planner about those of the next.
FORGET = """
    SET LOCAL allow_system_table_mods = on;
    UPDATE pg_class SET relpages = 0, reltuples = -1, relallvisible = 0
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i') AND reltuples >= 0;
    DELETE FROM pg_statistic s USING pg_class c WHERE c.oid = starelid AND relnamespace = 'public'::regnamespace;
"""
COUNTERS = (
    "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
)
# All that a test can change besides rows. A copy has the numbers and transactions of the template's catalogue.
SHAPE = """
    WITH ours AS (SELECT * FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    SELECT md5(string_agg(thing, ' ' ORDER BY thing)) FROM (
        SELECT concat_ws('/', oid, relname, relowner, relacl, reloptions) AS thing FROM ours
        UNION ALL SELECT concat_ws('/', attrelid, attnum, a.xmin) FROM pg_attribute a JOIN ours ON oid = attrelid
        UNION ALL SELECT concat_ws('/', t.oid, t.xmin) FROM pg_trigger t JOIN ours ON ours.oid = tgrelid
        UNION ALL SELECT concat_ws('/', c.oid, c.xmin) FROM pg_constraint c JOIN ours ON ours.oid = conrelid
        UNION ALL SELECT concat_ws('/', p.oid, p.xmin) FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_'
        UNION ALL SELECT concat_ws('/', s.*) FROM pg_db_role_setting s
            JOIN pg_database d ON d.oid = setdatabase WHERE datname = current_database()
    ) things
"""


class Template(NamedTuple):
    """What empty books are: the database to copy, its shape, the rows that migrations left, and the counters."""

    name: str
    shape: str
    rows: dict[str, bytes]
    counters: dict[str, int]


class Copy(NamedTuple):
    """A database that was copied, and by how many tests it has been used."""

    name: str
    uses: int


SHELVES: dict[str, list[Copy]] = {}


@contextmanager
def shelf(server: str) -> Iterator[None]:
    """Keep clean copies of this server for as long as the block lasts."""
    SHELVES[server] = []
    try:
        yield
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            for copy in SHELVES.pop(server):
                _drop(admin, copy.name)


@contextmanager
def fresh_books(server: str) -> Iterator[Database]:
    """Give empty books in a database of their own, under a name that no other test has had."""
    template = _template(server)
    copy = _take(server, template)
    database = Database(make_conninfo(server, dbname=copy.name))
    try:
        yield database
    finally:
        database.close()
        _give_back(server, copy, template)


def _take(server: str, template: Template) -> Copy:
    """Rename a clean copy, so that nobody who is left of an earlier test finds it, or make one."""
    name = f"books_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(server, autocommit=True) as admin:
        if SHELVES.get(server):
            copy = SHELVES[server].pop()
            admin.execute(_said("ALTER DATABASE {} RENAME TO {}", copy.name, name))
            return Copy(name, copy.uses + 1)
        admin.execute(_said("CREATE DATABASE {} TEMPLATE {}", name, template.name))
        return Copy(name, 1)


def _give_back(server: str, copy: Copy, template: Template) -> None:
    with psycopg.connect(server, autocommit=True) as admin:
        if server in SHELVES and copy.uses < MOST_USES:
            admin.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (copy.name,)
            )
            if _swept(make_conninfo(server, dbname=copy.name), template):
                SHELVES[server].append(copy)
                return
        _drop(admin, copy.name)


def _swept(conninfo: str, template: Template) -> bool:
    """Bring books back to what they were when they were copied; False when more than rows was changed."""
    with psycopg.connect(conninfo) as own:
        if _shape(own) != template.shape:
            return False
        # Neither the ledger's guard nor any key keeps the broom out.
        own.execute("SET LOCAL session_replication_role = replica")
        sizes: list[tuple[str, int]] = own.execute(TABLES).fetchall()
        big = [sql.Identifier(table) for table, size in sizes if size > BIG]
        if big:
            own.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(big)))
        for table, size in sizes:
            if size <= BIG:
                own.execute(_said("DELETE FROM {}", table))
        for table, rows in template.rows.items():
            with own.cursor().copy(_said("COPY {} FROM STDIN", table)) as copy:
                copy.write(rows)
        own.execute(FORGET)
        for counter, _ in own.execute(COUNTERS).fetchall():
            before = template.counters.get(counter)
            own.execute("SELECT setval(%s, %s, %s)", (counter, before or 1, before is not None))
    return True


@cache
def _template(server: str) -> Template:
    with psycopg.connect(server, autocommit=True) as admin:
        name = _made(admin, server)
    with psycopg.connect(make_conninfo(server, dbname=name)) as own:
        rows = {}
        for table, _ in own.execute(TABLES).fetchall():
            with own.cursor().copy(_said("COPY {} TO STDOUT", table)) as copy:
                rows[table] = b"".join(copy)
        return Template(name, _shape(own), rows, dict(own.execute(COUNTERS).fetchall()))


def _made(admin: psycopg.Connection[Any], server: str) -> str:
    """Migrate a template once per state of the migrations; several test processes may ask at the same time."""
    text = "".join(file.read_text() for file in sorted(MIGRATIONS.glob("*.sql")))
    name = f"template_{uuid5(NAMESPACE_URL, text).hex}"
    admin.execute("SELECT pg_advisory_lock(1)")
    try:
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            draft = f"draft_{os.getpid()}"
            admin.execute(_said("CREATE DATABASE {}", draft))
            migrate(make_conninfo(server, dbname=draft))
            admin.execute(_said("ALTER DATABASE {} RENAME TO {}", draft, name))
    finally:
        admin.execute("SELECT pg_advisory_unlock(1)")
    return name


def _shape(own: psycopg.Connection[Any]) -> str:
    row = own.execute(SHAPE).fetchone()
    assert row is not None
    return str(row[0])


def _drop(admin: psycopg.Connection[Any], name: str) -> None:
    admin.execute(_said("DROP DATABASE {} WITH (FORCE)", name))


def _said(words: str, *names: str) -> sql.Composed:
    return sql.SQL(words).format(*map(sql.Identifier, names))
