"""A copy is taken and brought back while everybody works: the books are those of one instant, and work goes on."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Event

import psycopg
import pytest

from makegood.domain.errors import BooksBusy, DatabaseUnavailable, Unavailable
from makegood.domain.orders import NewLine, NewOrder
from makegood.domain.sessions import ReceivedLine
from makegood.jobs.desk import Desk
from makegood.jobs.drain import drain
from makegood.jobs.station import Station
from makegood.services.doctor import doctor
from makegood.services.place_order import place_order
from makegood.services.receive_stock import receive
from makegood.services.sweep import sweep
from makegood.services.work import now
from makegood.store.copies import AT_IT, back_up
from tests.entrypoints.cli.conftest import Terminal
from tests.entrypoints.test_worker import working
from tests.field.test_failures_of_the_field import wait_for_one_who_waits
from tests.judge.judge import judge
from tests.shop import Shop

CUT_COPIES = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name = %s"
)


@contextmanager
def at_work(shop: Shop) -> Iterator[tuple[list[int], list[int]]]:
    """Orders and deliveries come one after the other, and a worker serves; gives which are known to have come."""
    ended = Event()
    orders: list[int] = []
    deliveries: list[int] = []

    def goes_on(deed: Callable[[Desk, int], object], done: list[int]) -> None:
        for number in count(1):
            if ended.is_set():
                return
            try:
                deed(Desk(shop.books, now(), "clerk", f"manual:{number}"), number)
            except (Unavailable, BooksBusy):
                continue
            done.append(number)

    def orders_come(desk: Desk, number: int) -> None:
        desk(place_order, NewOrder(f"{number:06}", [NewLine("MUG", 2), NewLine("LID", 1)]))

    def goods_come(desk: Desk, number: int) -> None:
        desk(receive, f"{number:06}", [ReceivedLine("MUG", 3, "A-01"), ReceivedLine("LID", 1, "A-02")])

    with working(shop.books.conninfo), ThreadPoolExecutor(2) as hands:
        work = [hands.submit(goes_on, orders_come, orders), hands.submit(goes_on, goods_come, deliveries)]
        try:
            yield orders, deliveries
        finally:
            ended.set()
        for one in work:
            one.result(60)


def until_more(done: list[int], more: int) -> None:
    """Wait until so many more have come."""
    wanted, until = len(done) + more, time.monotonic() + 60
    while len(done) < wanted:
        assert time.monotonic() < until, "nothing goes on"
        time.sleep(0.02)


def insist_sound(shop: Shop) -> None:
    drain(Station(shop.books))
    assert judge(shop.books.conninfo, now().date()).broken == {}
    assert [finding.words for finding in doctor(shop.books, now()).findings] == []
    assert not sweep(shop.books, now()).defects


def test_the_books_of_an_instant_come_back_while_everybody_works(shop: Shop, tmp_path: Path) -> None:
    shop.sells("MUG", "LID")
    copy, clerk = tmp_path / "books.dump", Terminal(shop.books.conninfo)
    with at_work(shop) as (orders, deliveries):
        until_more(orders, 10)
        before = orders[-1], deliveries[-1]
        clerk.does(f"db backup {copy}")
        after = orders[-1] + 1, deliveries[-1] + 1
        until_more(orders, 10)
        lost = orders[-1]
        clerk.does(f"db restore {copy} --yes")
        until_more(orders, 10)
    insist_sound(shop)
    numbers = [int(row[0]) for row in shop.rows("SELECT number FROM orders ORDER BY number")]
    kept = [number for number in numbers if number <= lost]
    assert kept == [number for number in orders if number <= kept[-1]]
    assert before[0] <= kept[-1] <= after[0] < lost < numbers[-1]


def test_a_copy_that_is_cut_off_while_it_is_written_leaves_no_file(shop: Shop, tmp_path: Path) -> None:
    with psycopg.connect(shop.books.conninfo) as in_the_way, ThreadPoolExecutor(1) as other:
        in_the_way.execute("LOCK TABLE orders")
        copying = other.submit(back_up, shop.books.conninfo, tmp_path / "books.dump")
        wait_for_one_who_waits(shop)
        shop.rows(CUT_COPIES, AT_IT)
        with pytest.raises(DatabaseUnavailable, match="pg_dump"):
            copying.result(30)
    assert list(tmp_path.iterdir()) == []
