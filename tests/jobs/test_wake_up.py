"""Whoever leaves marks wakes the workers: in the same transaction, and without making anybody wait."""

import time
from collections.abc import Sequence
from threading import Barrier, Thread

import psycopg
import pytest

from makegood.domain.errors import InvalidValue
from makegood.jobs.desk import Desk
from makegood.services.work import Work
from makegood.store.database import Database
from tests.shop import MONDAY, Shop, _add_stock

COMMITS = 4


def desk(shop: Shop, *, wakes: bool = True) -> Desk:
    return Desk(shop.books, shop.clock, "clerk", "receiving:1", wakes=wakes)


def receive(work: Work, units: int = 1) -> None:
    _add_stock(work, "MUG", units, "A-01", "EAST", "", None)


def wake_ups(shop: Shop) -> int:
    return int(shop.value("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'check_backorders'"))


def test_a_use_case_that_leaves_marks_leaves_one_wake_up(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    desk(shop)(receive)
    assert wake_ups(shop) == 1


def test_a_use_case_that_leaves_no_mark_wakes_nobody(shop: Shop) -> None:
    shop.sells("MUG")
    desk(shop)(receive, units=0)
    assert wake_ups(shop) == 0


def test_a_door_that_serves_the_queue_itself_wakes_nobody(shop: Shop) -> None:
    shop.sells("MUG")
    desk(shop, wakes=False)(receive)
    assert (wake_ups(shop), shop.value("SELECT count(*) FROM marks")) == (0, 1)


def test_what_is_refused_wakes_nobody(shop: Shop) -> None:
    shop.sells("MUG")

    def refused(work: Work) -> None:
        receive(work)
        raise InvalidValue("units", 1, "what was delivered")

    with pytest.raises(InvalidValue):
        desk(shop)(refused)
    assert (wake_ups(shop), shop.value("SELECT count(*) FROM marks")) == (0, 0)


def test_wake_ups_are_never_merged(shop: Shop) -> None:
    shop.sells("MUG")
    for _ in range(3):
        desk(shop)(receive)
    assert wake_ups(shop) == 3


def test_a_listener_hears_of_it_only_after_the_commit(shop: Shop) -> None:
    shop.sells("MUG")
    with psycopg.connect(shop.books.conninfo, autocommit=True) as listener:
        listener.execute("LISTEN ch_pgqueuer")
        desk(shop)(receive)
        heard = list(listener.notifies(timeout=20, stop_after=1))
        assert listener.execute("SELECT count(*) FROM marks").fetchone() == (1,)
    assert [note.channel for note in heard] == ["ch_pgqueuer"]


def test_two_who_receive_at_the_same_time_do_not_wait_for_each_others_wake_up(books: Database) -> None:
    """Each commit is made to take a tenth of a second, which all can spend together unless a wake-up locks."""
    slow_commits(books)
    anew = Database(books.conninfo)
    receivers = [Desk(anew, MONDAY, "clerk", f"receiving:{number}") for number in range(8)]
    seconds_for(receivers)
    one_by_one = len(receivers) * COMMITS * 0.1
    assert seconds_for(receivers) < one_by_one / 2
    anew.close()


def slow_commits(books: Database) -> None:
    """Let whoever commits wait for others before the disk is asked."""
    with psycopg.connect(books.conninfo, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f'ALTER DATABASE "{name}" SET commit_delay = 100000'.encode())
        connection.execute(f'ALTER DATABASE "{name}" SET commit_siblings = 0'.encode())


def seconds_for(receivers: Sequence[Desk]) -> float:
    """Let them all leave marks at once, several times each."""
    ready = Barrier(len(receivers) + 1)

    def work(one: Desk) -> None:
        ready.wait()
        for _ in range(COMMITS):
            one(_mark)

    threads = [Thread(target=work, args=(one,)) for one in receivers]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.monotonic()
    for thread in threads:
        thread.join()
    return time.monotonic() - began


def _mark(work: Work) -> None:
    work.mark([(1, 1)])
