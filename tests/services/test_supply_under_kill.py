"""Several processes do the same to the same supply, and some are killed: each unit moves and goes out once."""

import subprocess
import sys
import time

import pytest

from tests.judge.judge import judge
from tests.services.backorder_stories import all_numbers, is_sound
from tests.services.inbound_stories import announce, comes, opens_west, send, sources
from tests.shop import Shop

LINES = 20


def starts(shop: Shop, verb: str, names: list[str]) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.services.supply_process", verb, shop.books.conninfo, *names]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def all_begin(begun: "list[subprocess.Popen[str]]") -> None:
    """Let all begin at once, as soon as each is ready."""
    for process in begun:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in begun:
        assert process.stdin is not None
        process.stdin.close()


def does(shop: Shop, verb: str, names: list[str]) -> None:
    """Let one process do it, by itself and to its end."""
    alone = starts(shop, verb, names)
    all_begin([alone])
    assert alone.wait(120) == 0


def kills_some_and_waits(shop: Shop, begun: "list[subprocess.Popen[str]]", until: str) -> None:
    """Kill every other process as soon as something was done, then let the others end."""
    all_begin(begun)
    deadline = time.monotonic() + 60
    while not shop.value(until) and time.monotonic() < deadline:
        time.sleep(0.01)
    for process in begun[::2]:
        process.kill()
    assert all(process.wait(120) in (0, -9) for process in begun)


def is_right(shop: Shop) -> bool:
    shop.check()
    assert judge(shop.books.conninfo, shop.clock.date()).broken == {}
    return is_sound(shop)


@pytest.mark.slow
def test_transfers_received_and_cancelled_at_once_lose_and_double_nothing(shop: Shop) -> None:
    opens_west(shop).sells("MUG").gets("MUG", 2 * LINES, warehouse="WEST", bin="W-01").check()
    shop.order("A", MUG=LINES)
    names = [f"T-{number}" for number in range(LINES)]
    for name in names:
        send(shop, name, "MUG", 2)
        sources(shop, "A", name, 1)
    begun = [
        starts(shop, verb, order)
        for verb, order in (
            ("receive", names),
            ("cancel", names[::-1]),
            ("receive", names[::-1]),
            ("receive", names),
            ("cancel", names),
        )
    ]
    kills_some_and_waits(shop, begun, "SELECT sum(received + cancelled) > 3 FROM inbound_lines")
    does(shop, "receive", names)
    assert shop.value("SELECT sum(quantity) FROM inventory_units") == 2 * LINES
    came, back, outstanding = shop.rows(
        "SELECT sum(received), sum(cancelled), sum(outstanding) FROM inbound_lines"
    )[0]
    assert (came + back, outstanding) == (2 * LINES, 0)
    assert shop.value("SELECT coalesce(sum(quantity), 0) FROM inventory_units WHERE warehouse_id = 1") == came
    assert is_right(shop)


@pytest.mark.slow
def test_processes_that_fulfil_the_same_backorders_let_each_unit_go_once(shop: Shop) -> None:
    shop.sells("MUG")
    for number in range(LINES):
        shop.order(f"O{number}", MUG=2)
    announce(shop, "PO-7", "MUG", 3 * LINES)
    for number in range(0, LINES, 2):
        sources(shop, f"O{number}", "PO-7", 2)
    comes(shop, "PO-7", 2 * LINES - 5)
    shop.check()
    numbers = all_numbers(shop)
    orders = [numbers, numbers[::-1], numbers, numbers[::-1]]
    begun = [starts(shop, "fulfil", names) for names in orders]
    kills_some_and_waits(shop, begun, "SELECT sum(fulfilled) > 3 FROM order_lines")
    for names in orders[:2]:
        does(shop, "fulfil", names)
    gone = shop.value("SELECT sum(fulfilled) FROM order_lines")
    assert gone == 2 * LINES - 5
    assert shop.value("SELECT sum(quantity) FROM inventory_units") == 0
    assert shop.value("SELECT given FROM inbound_lines") == gone
    assert is_right(shop)
