"""A database of one's own on a server that holds others: made empty, and dropped when it is done with."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from makegood.domain.errors import DatabaseUnavailable


@contextmanager
def database_beside(conninfo: str, name: str, *, keep: bool = False) -> Iterator[str]:
    """Make a new database on the same server and give its address; it goes with the block, unless it is kept.

    The database that `conninfo` names is not touched. Raises `DatabaseUnavailable` when none can be made.
    """
    named = sql.Identifier(name)
    _do(conninfo, sql.SQL("CREATE DATABASE {}").format(named))
    try:
        yield make_conninfo(conninfo, dbname=name)
    finally:
        if not keep:
            _do(conninfo, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(named))


def _do(conninfo: str, command: sql.Composed) -> None:
    try:
        with psycopg.connect(conninfo, autocommit=True) as admin:
            admin.execute(command)
    except (psycopg.OperationalError, psycopg.ProgrammingError) as refused:
        raise DatabaseUnavailable(str(refused).strip()) from refused
