"""Fresh books for the demo: its own database is made anew, and no other is touched."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import TupleRow

from makegood.domain.errors import InvalidValue

# Any number, as long as nobody else in the maintenance database takes it.
ADVISORY_LOCK = 6_253_664
NOTE = "made by makegood demo"


@contextmanager
def fresh_books(conninfo: str, folder: object) -> Iterator[None]:
    """Make the database anew and keep other demos away from it for the length of the block.

    Raises `InvalidValue` when the folder holds books that no demo has made.
    """
    name = str(conninfo_to_dict(conninfo)["dbname"])
    with psycopg.connect(make_conninfo(conninfo, dbname="postgres"), autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", (ADVISORY_LOCK,))
        if not _is_ours(admin, name) and _has_tables(conninfo):
            raise InvalidValue("home", str(folder), "a folder of the demo's own: other books are kept there")
        database = sql.Identifier(name)
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(database))
        admin.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(database, sql.Literal(NOTE)))
        yield


def holds_demo(conninfo: str) -> bool:
    """Tell whether a demo has made these books."""
    name = str(conninfo_to_dict(conninfo)["dbname"])
    with psycopg.connect(make_conninfo(conninfo, dbname="postgres"), autocommit=True) as admin:
        return _is_ours(admin, name)


def _is_ours(admin: psycopg.Connection[TupleRow], name: str) -> bool:
    row = admin.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", (name,)
    ).fetchone()
    return row is not None and row[0] == NOTE


def _has_tables(conninfo: str) -> bool:
    with psycopg.connect(conninfo, autocommit=True) as books:
        row = books.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    return row is not None and row[0] > 0
