"""A write with a key is done once: called again, called at the same time, or after a kill."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psutil  # type: ignore[import-untyped]
import psycopg
import pytest

from tests.meanwhile import held_up
from tests.shop import Shop

from .agents import Agent, command, over_stdio

AS_OF = ("--as-of", "2026-03-02T09:00Z", "--actor", "agent")
FULFIL = {"backorder_id": "BO-2026-0001", "quantity": 1, "idempotency_key": "k1"}


def fulfilled(shop: Shop) -> int:
    return int(shop.value("SELECT fulfilled FROM backorder_records WHERE number = 'BO-2026-0001'"))


def test_called_again_it_answers_the_same_and_does_nothing(doer: Agent, shop: Shop) -> None:
    first = doer.asks("fulfill_backorder", **FULFIL)
    again = doer.asks("fulfill_backorder", **FULFIL)
    assert (first.told, fulfilled(shop)) == (again.told, 1)
    assert (first.talk, "done before" in again.talk[0]) == ([], True)


def test_a_key_belongs_to_one_request(doer: Agent, shop: Shop) -> None:
    doer.does("fulfill_backorder", **FULFIL)
    assert doer.is_refused("fulfill_backorder", **FULFIL | {"quantity": 2}) == "key_reused"
    assert doer.is_refused("cancel_backorder", **FULFIL) == "key_reused"
    assert fulfilled(shop) == 1


def test_what_was_refused_may_be_tried_again_under_its_key(doer: Agent, shop: Shop) -> None:
    wish = {"backorder_id": "BO-2026-0002", "quantity": 1, "idempotency_key": "k2"}
    assert doer.is_refused("fulfill_backorder", **wish) == "not_enough"
    shop.gets("MUG", 5).check()
    assert doer.does("fulfill_backorder", **wish)["quantity_fulfilled"] == 1


@pytest.mark.slow
def test_at_the_same_time_it_is_done_once(shop: Shop) -> None:
    address = shop.books.conninfo
    with (
        over_stdio(address, "--apply", before=AS_OF) as one,
        over_stdio(address, "--apply", before=AS_OF) as other,
        ThreadPoolExecutor(8) as crowd,
    ):
        calls = [crowd.submit(agent.asks, "fulfill_backorder", **FULFIL) for agent in [one, other] * 4]
        answers = [call.result() for call in calls]
    assert [answer.told for answer in answers] == [answers[0].told] * 8
    assert (answers[0].told["quantity_fulfilled"], fulfilled(shop)) == (1, 1)
    assert sum("done before" in " ".join(answer.talk) for answer in answers) == 7


@pytest.mark.slow
def test_killed_in_the_middle_it_is_done_once(shop: Shop) -> None:
    with psycopg.connect(shop.books.conninfo) as blocker:
        blocker.execute("SELECT FROM order_lines FOR UPDATE")
        with pytest.raises(BaseException), over_stdio(shop.books.conninfo, "--apply", before=AS_OF) as agent:  # noqa: B017, PT012
            threading.Thread(target=kill_once_it_waits, args=(shop,)).start()
            agent.asks("fulfill_backorder", **FULFIL)
    wait_until_nobody_waits(shop)
    assert (fulfilled(shop), shop.value("SELECT count(*) FROM idempotency_keys")) == (0, 0)
    for _ in range(2):
        with over_stdio(shop.books.conninfo, "--apply", before=AS_OF) as agent:
            assert agent.does("fulfill_backorder", **FULFIL)["quantity_fulfilled"] == 1
    assert fulfilled(shop) == 1


def kill_once_it_waits(shop: Shop) -> None:
    """Kill the server with the call that waits for a lock of ours."""
    while not held_up(shop):
        time.sleep(0.02)
    for child in psutil.Process().children(recursive=True):
        if command(shop.books.conninfo).args[1] in child.cmdline() and "mcp" in child.cmdline():
            child.kill()


def wait_until_nobody_waits(shop: Shop) -> None:
    """PostgreSQL undoes the transaction of a client that is gone once it notices."""
    busy = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' "
        "AND pid <> pg_backend_pid()"
    )
    for _ in range(500):
        if not shop.value(busy):
            return
        time.sleep(0.02)
