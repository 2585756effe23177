"""The worker, with real processes: woken at once, killed at any time, cut off and taken up again."""

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from makegood.entrypoints.worker import run_worker
from makegood.jobs.desk import Desk
from makegood.jobs.shift import Orders
from makegood.services.list_queue import list_queue
from makegood.store.database import Database
from makegood.store.embedded import served
from makegood.store.migrate import migrate
from makegood.wiring import House
from tests.conftest import ROOT
from tests.meanwhile import soon
from tests.shop import Shop, _add_stock, cut_all

Process = subprocess.Popen[bytes]


@contextmanager
def working(address: str, like: str = "plain") -> Iterator[Process]:
    """A worker process, told to stop at the end and killed if it does not."""
    with started([sys.executable, "-m", "tests.entrypoints.worker_process", address, like]) as process:
        yield process


@contextmanager
def started(command: list[str], extra: Mapping[str, str] | None = None) -> Iterator[Process]:
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **(extra or {})}, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def alive(shop: Shop) -> int:
    return sum(worker.alive for worker in shop.do(list_queue).workers)


def receives(shop: Shop, units: int) -> None:
    """Receive goods as a door does: with the wake-up."""
    Desk(shop.books, shop.clock, "clerk", "receiving:1")(_add_stock, "MUG", units, "A-01", "EAST", "", None)


def test_until_idle_serves_what_is_there_and_ends(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("A", MUG=3)
    receives(shop, 3)
    run_worker(House(shop.books), until_idle=True)
    assert shop.status("A") == "ALLOCATED"
    assert shop.value("SELECT count(*) FROM pgqueuer") == 0
    assert shop.do(list_queue).workers == []


def test_until_idle_on_quiet_books_ends_at_once(shop: Shop) -> None:
    run_worker(House(shop.books), until_idle=True)


def test_a_receipt_is_served_well_under_a_second(shop: Shop) -> None:
    shop.sells("MUG")
    with in_a_thread(shop):
        taken = []
        for number in range(7):
            shop.order(f"O{number}", MUG=1)
            receives(shop, 1)
            taken.append(soon(lambda number=number: shop.status(f"O{number}") == "ALLOCATED"))  # type: ignore[misc]
    assert statistics.median(taken) < 0.9


def test_marks_whose_wake_up_was_lost_are_found(shop: Shop) -> None:
    shop.sells("MUG")
    with in_a_thread(shop):
        shop.order("A", MUG=1)
        shop.gets("MUG", 1)
        assert shop.value("SELECT count(*) FROM pgqueuer") == 0
        soon(lambda: shop.status("A") == "ALLOCATED", within=30)


@contextmanager
def in_a_thread(shop: Shop) -> Iterator[None]:
    """A worker in this process."""
    stop = Event()
    thread = Thread(target=run_worker, args=(House(shop.books),), kwargs={"orders": Orders(stop=stop)})
    thread.start()
    try:
        soon(lambda: alive(shop) == 1)
        yield
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()


@pytest.mark.slow
def test_a_worker_that_is_told_to_stop_signs_off(shop: Shop) -> None:
    with working(shop.books.conninfo) as process:
        soon(lambda: alive(shop) == 1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert shop.do(list_queue).workers == []
    assert shop.value("SELECT count(*) FROM job_runs") == 0


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_a_check_is_replaced_and_nothing_is_lost(shop: Shop) -> None:
    shop.sells("MUG")
    for number in range(20):
        shop.order(f"O{number}", MUG=1)
    receives(shop, 15)
    with working(shop.books.conninfo, "stalls") as process:
        soon(lambda: shop.value("SELECT count(*) FROM job_runs") == 1)
        time.sleep(0.5)
        process.kill()
        process.wait()
    assert shop.free("MUG") == 15
    with working(shop.books.conninfo):
        soon(lambda: shop.free("MUG") == 0)
        soon(lambda: shop.value("SELECT count(*) FROM marks") == 0)
    assert shop.value("SELECT sum(allocated) FROM order_lines") == 15


@pytest.mark.slow
def test_an_order_that_kills_its_workers_is_put_aside_and_the_rest_is_served(shop: Shop) -> None:
    shop.sells("MUG")
    for number in ("A", "KILLER", "C"):
        shop.order(number, MUG=1)
    receives(shop, 3)
    died = 0
    while not shop.do(list_queue).aside:
        with working(shop.books.conninfo, "dies") as process:
            soon(lambda: process.poll() is not None or bool(shop.do(list_queue).aside), within=40)
            died += process.poll() == -signal.SIGKILL
        assert died < 12
    with working(shop.books.conninfo, "dies") as process:
        soon(lambda: shop.status("A") == shop.status("C") == "ALLOCATED")
        assert process.poll() is None
    assert [(one.order, one.error) for one in shop.do(list_queue).aside] == [("KILLER", "WorkerDied")]
    assert died >= 4


@pytest.mark.slow
def test_two_workers_share_the_work_and_give_nothing_twice(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    with working(shop.books.conninfo), working(shop.books.conninfo):
        soon(lambda: alive(shop) == 2)
        for number in range(60):
            shop.order(f"O{number}", MUG=1, LID=1)
            receives(shop, 1)
        shop.gets("LID", 60)
        soon(lambda: shop.value("SELECT count(*) FROM orders WHERE status <> 'ALLOCATED'") == 0)
    assert (shop.free("MUG"), shop.free("LID")) == (0, 0)
    assert shop.value("SELECT count(*) FROM allocations") == 120


@pytest.mark.slow
def test_a_job_by_the_clock_runs_once_over_many_workers(shop: Shop) -> None:
    shop.change("CREATE TABLE ticks (at timestamptz DEFAULT clock_timestamp(), pid int)")
    with ExitStack() as workers:
        for _ in range(3):
            workers.enter_context(working(shop.books.conninfo, "ticks"))
        soon(lambda: shop.value("SELECT count(*) FROM ticks") >= 6, within=40)
    ticks, seconds = shop.rows("SELECT count(*), extract(epoch FROM max(at) - min(at)) FROM ticks")[0]
    # One may come late and the next in time; three a second, each worker for itself, they may not be.
    assert ticks - 1 <= seconds + 1


@pytest.mark.slow
def test_a_worker_whose_connections_are_cut_takes_them_up_again(shop: Shop) -> None:
    shop.sells("MUG")
    with working(shop.books.conninfo) as process:
        soon(lambda: alive(shop) == 1)
        for number in ("A", "B", "C", "D", "E"):
            cut_all(shop)
            shop.order(number, MUG=1)
            receives(shop, 1)
            soon(lambda number=number: shop.status(number) == "ALLOCATED", within=30)  # type: ignore[misc]
            soon(lambda: len(shop.do(list_queue).workers) == 1, within=30)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@pytest.mark.slow
def test_a_worker_that_is_there_before_the_database_waits_for_it(embedded: str) -> None:
    name = f"late_{os.getpid()}"
    address = make_conninfo(embedded, dbname=name)
    code = "from makegood.entrypoints.worker import run_worker; run_worker()"
    with psycopg.connect(embedded, autocommit=True) as admin:
        try:
            with started([sys.executable, "-c", code], {"MAKEGOOD_DATABASE_URL": address}) as process:
                time.sleep(3)
                assert process.poll() is None
                admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
                migrate(address)
                books = Database(address)
                shop = Shop(books)
                soon(lambda: alive(shop) == 1)
                books.close()
        finally:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.mark.slow
def test_a_worker_outlives_its_embedded_server(tmp_path: Path) -> None:
    code = "from makegood.entrypoints.worker import run_worker; run_worker()"
    with (
        started([sys.executable, "-c", code], {"MAKEGOOD_HOME": str(tmp_path)}) as process,
        served(tmp_path) as address,
    ):
        migrate(address)
        shop = Shop(Database(address)).sells("MUG")
        soon(lambda: alive(shop) == 1)
        shop.order("A", MUG=1)
        with psycopg.connect(address, autocommit=True) as connection:
            found = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
        assert found
        os.kill(int(found[0].splitlines()[0]), signal.SIGKILL)
        soon(lambda: answers(address))
        shop.books.close()
        shop.books = Database(address)
        receives(shop, 1)
        soon(lambda: shop.status("A") == "ALLOCATED", within=30)
        assert process.poll() is None
        shop.books.close()


def answers(address: str) -> bool:
    try:
        psycopg.connect(address, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
