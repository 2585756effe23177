"""When no date mark is left the dates are those of a fresh pegging, whoever was at it and whoever was killed."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from makegood.domain.orders import NewLine, NewOrder
from makegood.jobs.dates import date_queues
from makegood.jobs.station import Station
from makegood.services.dates.keep_dates import keep_dates, note_due
from makegood.services.gates import lock_gates
from makegood.services.place_order import place_order
from makegood.services.work import Work
from tests.judge.judge import judge
from tests.services.backorder_stories import is_sound
from tests.services.date_stories import announce, change_inbound, day, expected, is_current
from tests.shop import MONDAY, Shop

KEEPERS, HANDS = 2, 2
MODULE = "tests.services.dates_process"


@contextmanager
def keepers_are_killed(shop: Shop, hands: list[subprocess.Popen[bytes]]) -> Iterator[None]:
    """While the hands work somebody kills those who keep the dates, and starts others."""
    chance = random.Random(5)
    keepers = [start(shop, "keep", chance.random()) for _ in range(KEEPERS)]
    try:
        while any(hand.poll() is None for hand in hands):
            time.sleep(chance.uniform(0.2, 1.5))
            victim = chance.randrange(KEEPERS)
            end(keepers[victim])
            keepers[victim] = start(shop, "keep", chance.random())
        yield
    finally:
        end(*hands, *keepers)


def end(*processes: subprocess.Popen[bytes]) -> None:
    for process in processes:
        process.kill()
        process.wait()


def start(shop: Shop, role: str, seed: float) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", MODULE, role, shop.books.conninfo, str(seed)])


@pytest.mark.slow
def test_dates_are_those_of_a_fresh_pegging_though_those_who_keep_them_are_killed(shop: Shop) -> None:
    shop.sells("MUG", "CUP", "TEA")
    server = start(shop, "serve", 0)
    hands = [start(shop, "change", number) for number in range(HANDS)]
    with keepers_are_killed(shop, hands):
        end(server)
        assert [hand.returncode for hand in hands] == [0] * HANDS
    shop.check()
    shop.date()
    assert shop.value("SELECT count(*) FROM expected_dates") > 0
    assert is_current(shop)
    assert is_sound(shop)
    assert judge(shop.books.conninfo, MONDAY.date()).broken == {}


@contextmanager
def holding_the_gate(shop: Shop, sku: str, then: NewOrder) -> Iterator[Event]:
    """Somebody holds the gate of a queue, and places an order in it when told to go on."""
    held, go_on = Event(), Event()
    variant = shop.variant(sku)

    def work(work: Work) -> None:
        lock_gates(work, 1, [variant])
        held.set()
        assert go_on.wait(20)
        place_order(work, then)

    thread = Thread(target=lambda: shop.do(work))
    thread.start()
    assert held.wait(20)
    yield go_on
    go_on.set()
    thread.join()


def test_an_order_that_was_being_placed_while_the_first_supply_was_announced_is_dated(shop: Shop) -> None:
    """It looked for supply before there was any, so it left no mark: the dates wait until it is through."""
    shop.sells("MUG").order("A", MUG=1)
    with holding_the_gate(shop, "MUG", NewOrder(number="B", lines=[NewLine("MUG", 2)])) as go_on:
        announce(shop, "MUG", 5, day(9))
        keeper = Thread(target=shop.date)
        keeper.start()
        keeper.join(0.3)
        assert keeper.is_alive()
        go_on.set()
        keeper.join(20)
    assert shop.value("SELECT count(*) FROM marks") == 0
    assert expected(shop, "A", "B") == [day(9), day(9)]


def test_while_one_gate_is_waited_for_the_gates_of_the_batch_before_are_free(shop: Shop) -> None:
    shop.sells("CUP", "MUG").order("A", CUP=1, MUG=1)
    announce(shop, "CUP", 5, day(9))
    announce(shop, "MUG", 5, day(9), reference="PO-2")
    with holding_the_gate(shop, "MUG", NewOrder(number="B", lines=[NewLine("MUG", 2)])):
        keeper = Thread(target=lambda: shop.do(note_due, 1, patience=0, gates=1))
        keeper.start()
        keeper.join(0.3)
        shop.order("C", CUP=1)
        assert keeper.is_alive()
    keeper.join(20)
    shop.date()
    assert expected(shop, "B", "C") == [day(9), day(9)]
    assert is_current(shop)


def test_a_change_after_the_marks_were_noted_is_not_lost(shop: Shop) -> None:
    shop.sells("MUG").order("A", MUG=1)
    supply = announce(shop, "MUG", 5, day(9))
    due = shop.do(note_due, 1, patience=0)
    change_inbound(shop, supply, due=day(12))
    shop.do(keep_dates, due)
    assert shop.value("SELECT count(*) FROM date_marks") == 1
    assert expected(shop, "A") == [day(12)]


def test_two_keepers_do_not_date_one_warehouse_at_the_same_time(shop: Shop) -> None:
    shop.sells("MUG").order("A", MUG=1)
    announce(shop, "MUG", 5, day(9))
    due = shop.do(note_due, 1, patience=0)

    def first(work: Work) -> None:
        assert keep_dates(work, due) is not None
        assert shop.do(keep_dates, due) is None

    shop.do(first)
    assert is_current(shop)


def test_dates_come_in_bounded_transactions_and_only_what_differs_is_written(shop: Shop) -> None:
    shop.sells("MUG")
    for number in range(10):
        shop.order(f"A{number}", MUG=1)
    announce(shop, "MUG", 8, day(9))
    due = shop.do(note_due, 1, patience=0)
    made = [shop.do(keep_dates, due, most=3) for _ in range(4)]
    assert [(one.rows, one.finished) for one in made if one] == [(3, False), (3, False), (2, True), (0, True)]
    assert is_current(shop)
    events = shop.value("SELECT count(*) FROM fulfillment_events WHERE type = 'backorder:expected_date_changed'")
    assert events == 8


def test_dates_wait_for_a_check_that_is_pending_but_not_for_ever(shop: Shop) -> None:
    shop.sells("MUG").order("A", MUG=1)
    announce(shop, "MUG", 5, day(9))
    shop.gets("MUG", 1)
    station = Station(shop.books, clock=lambda: shop.clock)
    assert date_queues(station, patience=60) == 0
    assert shop.value("SELECT count(*) FROM date_marks") == 1
    assert date_queues(station, patience=0) == 0
    assert shop.value("SELECT count(*) FROM date_marks") == 0
    shop.check()
    assert is_sound(shop)


@pytest.mark.parametrize("orders", [3, 30])
def test_the_statements_of_a_transaction_do_not_grow(shop: Shop, orders: int) -> None:
    shop.sells("MUG", "CUP")
    for number in range(orders):
        shop.order(f"A{number}", MUG=1, CUP=1, ship_policy=("COMPLETE", "PARTIAL")[number % 2])
    announce(shop, "MUG", 2 * orders, day(9))
    announce(shop, "CUP", 2 * orders, day(12), reference="PO-2")
    due = shop.do(note_due, 1, patience=0)

    def counted(work: Work) -> int:
        keep_dates(work, due)
        return work.db.statements

    assert shop.do(counted) == 12
