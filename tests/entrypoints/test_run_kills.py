"""Runs under kill: whoever serves one may die at any moment, and each order is tried once all the same."""

import time

import pytest

from makegood.domain.orders import NewLine, NewOrder
from makegood.domain.runs import OrderChoice, Run
from makegood.jobs.desk import Desk
from makegood.services.place_order import place_orders
from makegood.services.runs.show_runs import run_results, show_run
from makegood.services.runs.start_run import start_run
from makegood.services.work import now
from tests.entrypoints.cli.conftest import Terminal
from tests.entrypoints.test_worker import working
from tests.meanwhile import soon
from tests.services.split_stories import insist_sound
from tests.shop import Shop

ORDERS = 2000
SERVED = 1200


def crowd(shop: Shop, count: int) -> None:
    """Let many orders wait for one unit each, some of them with a line that nobody knows."""
    shop.sells("MUG")
    orders = [
        NewOrder(number=f"A{n:04}", lines=[NewLine("MUG", 2), *([NewLine("PLUM", 1)] * (n % 10 == 0))])
        for n in range(count)
    ]
    for first in range(0, count, 500):
        shop.do(place_orders, orders[first : first + 500], warehouse="EAST")


def quietly(shop: Shop, units: int) -> None:
    """Let stock appear that marked no queue, so that only the run can give it out."""
    shop.gets("MUG", units)
    shop.change("DELETE FROM marks")


def progress(shop: Shop, run: int) -> Run:
    return shop.do(show_run, run)


@pytest.mark.slow
def test_a_batch_killed_half_way_ends_with_each_order_tried_once(shop: Shop) -> None:
    shop.clock = now()
    crowd(shop, ORDERS)
    quietly(shop, SERVED * 2 - 1)
    run = Desk(shop.books, shop.clock, "ann", "manual:ann")(start_run, "ALLOCATE", orders=names(ORDERS)).run_id
    with working(shop.books.conninfo) as worker:
        soon(lambda: progress(shop, run).done > ORDERS // 3, within=120)
        worker.kill()
        worker.wait()
    half = progress(shop, run).done
    assert ORDERS // 3 < half < ORDERS
    with working(shop.books.conninfo), working(shop.books.conninfo):
        soon(lambda: progress(shop, run).ended, within=120)
    made = progress(shop, run)
    # Those with an unknown line are on hold: they are refused, for they have to be matched first.
    assert made.outcomes == {"FULFILLED": SERVED - 1, "PARTIALLY": 1, "BACKORDERED": 600, "FAILED": 200}
    tried = "SELECT count(*), count(DISTINCT order_id) FROM attempts WHERE trigger_sources = %s"
    assert shop.rows(tried, [f"run:{run}"]) == [(1800, 1800)]
    insist_sound(shop)


def names(count: int) -> list[str]:
    """Name the orders of the crowd, the last one first."""
    return [f"A{n:04}" for n in reversed(range(count))]


@pytest.mark.slow
def test_an_order_that_kills_its_workers_is_given_up_and_the_rest_go_on(shop: Shop) -> None:
    shop.clock = now()
    shop.sells("MUG")
    for number in ("FIRST", "KILLER", "LAST"):
        shop.order(number, MUG=1)
    run = Desk(shop.books, shop.clock, "ann", "manual:ann")(start_run, "ALLOCATE", choice=OrderChoice()).run_id
    deadline = time.monotonic() + 120
    while not progress(shop, run).ended and time.monotonic() < deadline:
        with working(shop.books.conninfo, "dies_in_run") as worker:
            soon(lambda worker=worker: worker.poll() is not None or progress(shop, run).ended)  # type: ignore[misc]
    found = {one.order: (one.outcome, one.code) for one in shop.do(run_results, run).results}
    assert found["KILLER"] == ("FAILED", "WorkerDied")
    assert (found["FIRST"][0], found["LAST"][0]) == ("BACKORDERED", "BACKORDERED")


@pytest.mark.slow
def test_ctrl_c_lets_a_run_rest_and_it_is_resumed_where_it_stopped(shop: Shop) -> None:
    shop.clock = now()
    crowd(shop, 600)
    clerk = Terminal(shop.books.conninfo)
    with clerk.starts("orders", "allocate", "--all") as process:
        soon(lambda: shop.value("SELECT COALESCE(max(done), 0) FROM runs") > 50)
        process.send_signal(2)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Go on with `makegood runs resume 1`" in err
    half = progress(shop, 1)
    assert half.status == "PAUSED"
    assert 50 < half.done < 540
    resumed = clerk.does("runs resume 1")
    assert resumed.out.endswith("Run 1, allocate: 540 of 540 orders; 540 backordered.\n")
    assert shop.value("SELECT count(*) FROM attempts WHERE trigger_sources = '{run:1}'") == 540
