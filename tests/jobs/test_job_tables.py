"""pgqueuer's tables come with the books, once, whoever starts first, and follow its versions forward."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from makegood.store.migrate import migrate, pending

EMPTY = "job_tables_test"


@pytest.fixture
def empty(each_server: str) -> Iterator[str]:
    """A database in which nothing is."""
    with psycopg.connect(each_server, autocommit=True) as admin:
        name = sql.Identifier(f"{EMPTY}_{admin.info.backend_pid}")
        admin.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            yield make_conninfo(each_server, dbname=f"{EMPTY}_{admin.info.backend_pid}")
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def test_three_that_start_at_once_install_them_once(empty: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        applied = list(pool.map(migrate, [empty] * 3))
    assert sum(any(name.startswith("pgqueuer") for name in names) for names in applied) == 1
    assert pending(empty) == []


def test_an_older_pgqueuer_is_brought_forward_and_a_newer_one_left_alone(empty: str) -> None:
    migrate(empty)
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute("DROP INDEX pgqueuer_picked_slot_idx")
        connection.execute("ALTER TABLE pgqueuer DROP COLUMN slot")
        connection.execute("UPDATE job_tables SET version = '0.9.1'")
        assert [name.split("-")[0] for name in pending(empty)] == ["pgqueuer"]
        migrate(empty)
        columns = (
            "SELECT count(*) FROM information_schema.columns "
            "WHERE table_name = 'pgqueuer' AND column_name = 'slot'"
        )
        assert connection.execute(columns).fetchone() == (1,)
        connection.execute("UPDATE job_tables SET version = '99.0'")
        assert pending(empty) == []


def test_their_trigger_is_off(empty: str) -> None:
    migrate(empty)
    with psycopg.connect(empty, autocommit=True) as connection:
        found = connection.execute("SELECT tgenabled FROM pg_trigger WHERE tgname = 'tg_pgqueuer_changed'")
        assert found.fetchall() == [("D",)]
