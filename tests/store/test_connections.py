"""The connections to the books: cut, away, too few and closed, with a real server that is told to cut them."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event, Thread

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from makegood.store import connections
from makegood.store.connections import Connections
from makegood.store.database import Database
from tests.shop import Shop, cut_all


def backend(some: Connections) -> int:
    with some.one() as connection:
        return connection.info.backend_pid


def test_a_connection_that_was_cut_is_replaced_at_once(shop: Shop) -> None:
    some = Connections(shop.books.conninfo, most=4)
    with ExitStack() as lent:
        before = {lent.enter_context(some.one()).info.backend_pid for _ in range(4)}
    cut_all(shop)
    began = time.monotonic()
    assert backend(some) not in before
    assert time.monotonic() - began < 2
    some.close()


def test_a_connection_is_used_again(shop: Shop) -> None:
    some = Connections(shop.books.conninfo, most=4)
    assert backend(some) == backend(some)
    some.close()


def test_one_that_is_given_back_in_the_middle_of_a_transaction_is_not_lent_again(shop: Shop) -> None:
    some = Connections(shop.books.conninfo, most=4)
    with some.one() as connection:
        pid = connection.info.backend_pid
        connection.execute("BEGIN")
    assert backend(some) != pid
    assert connection.closed
    some.close()


def test_there_are_never_more_than_agreed(shop: Shop) -> None:
    some = Connections(shop.books.conninfo, most=3)
    used: set[int] = set()

    def use(_: int) -> None:
        with some.one() as connection:
            used.add(connection.info.backend_pid)
            connection.execute("SELECT pg_sleep(0.01)")

    with ThreadPoolExecutor(12) as many:
        list(many.map(use, range(40)))
    assert len(used) <= 3
    some.close()


def test_who_waits_for_a_server_that_is_away_learns_at_once_that_the_books_are_closed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 30.0)
    some = Connections(make_conninfo(shop.books.conninfo, dbname="nowhere"), most=2)
    told = Event()

    def wait() -> None:
        with pytest.raises(psycopg.OperationalError, match="closed"), some.one():
            pass
        told.set()

    waiting = Thread(target=wait)
    waiting.start()
    time.sleep(0.3)
    some.close()
    assert told.wait(15)
    waiting.join()


def test_a_server_that_stays_away_is_named_with_its_reason(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.5)
    some = Connections(make_conninfo(shop.books.conninfo, dbname="nowhere"), most=2)
    with pytest.raises(psycopg.OperationalError, match='"nowhere" does not exist'), some.one():
        pass


def test_closed_books_leave_no_session_behind(shop: Shop) -> None:
    books = Database(shop.books.conninfo)
    seen = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s"
    with books.snapshot() as db:
        pid = db.connection.info.backend_pid
        books.close()
    assert shop.value("SELECT pg_stat_clear_snapshot()") == ""
    until = time.monotonic() + 20
    while shop.value(seen, pid):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_machine_that_vanished_is_noticed_in_half_a_minute_unless_the_address_says_otherwise() -> None:
    given = "host=db.example.com keepalives_idle=60"
    some = Connections(given, most=1)
    assert (some.address["keepalives_idle"], some.address["tcp_user_timeout"]) == ("60", 30_000)
