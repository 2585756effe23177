"""A connection that is lost in the middle of a use-case, and a server that is killed in the middle of a drain."""

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from makegood.domain.errors import DatabaseUnavailable
from makegood.domain.orders import NewLine, NewOrder
from makegood.domain.sessions import CountedLine, ReceivedLine
from makegood.jobs.drain import drain
from makegood.jobs.station import Station
from makegood.services.cancel_order import cancel_order
from makegood.services.check_backorders import check_backorders
from makegood.services.count_stock import count
from makegood.services.edit_order import edit_order
from makegood.services.move_stock import move_stock
from makegood.services.pick_order import confirm_pick, release_to_pick, short_pick
from makegood.services.place_order import place_order, place_orders
from makegood.services.receive_stock import receive
from makegood.services.work import Work
from makegood.store.database import Database
from makegood.store.embedded import served
from makegood.store.migrate import migrate
from tests.judge.judge import judge
from tests.shop import MONDAY, Shop

Deed = tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]
DEEDS: dict[str, Deed] = {
    "place": (place_order, (NewOrder("NEW", [NewLine("MUG", 9), NewLine("LID", 1)]),), {}),
    "edit": (edit_order, ("WAITS",), {"quantities": {1: 1}, "priority": "EXPRESS"}),
    "cancel": (cancel_order, ("FULL",), {}),
    "receive": (receive, ("R9", [ReceivedLine("MUG", 5, "A-01"), ReceivedLine("LID", 2, "DOCK")]), {}),
    "count": (count, ("C9", [CountedLine("MUG", 0, "A-01")]), {}),
    "move": (move_stock, ("MUG", 3), {"from_location": "A-01", "to_location": "DOCK"}),
    "check": (check_backorders, (1,), {}),
    "pick": (confirm_pick, (["PICK"],), {}),
    "short pick": (short_pick, ("PICK",), {"line_number": 1, "missing": 1, "quarantine": True}),
}
TABLES = ("orders", "order_lines", "allocations", "inventory_units", "stock_movements", "marks", "stock_sessions",
          "stock_session_lines", "backorders", "fulfillment_events", "attempts", "pgqueuer")  # fmt: skip


@pytest.fixture
def story(shop: Shop) -> Shop:
    """Orders in every stage, and a queue that is marked."""
    shop.sells("MUG", "LID").gets("MUG", 6)
    shop.order("PICK", MUG=2)
    shop.do(release_to_pick, ["PICK"])
    shop.order("FULL", MUG=2)
    shop.order("WAITS", MUG=6, LID=2)
    shop.check()
    return shop.gets("LID", 5)


def as_it_stands(shop: Shop) -> list[object]:
    return [shop.rows(f"SELECT to_jsonb(t) FROM {table} t ORDER BY 1::text") for table in TABLES]


def cut(shop: Shop, work: Work) -> None:
    """Cut the connection on which this work is done, from outside."""
    pid = work.db.connection.info.backend_pid
    shop.rows("SELECT pg_terminate_backend(%s, 5000)", pid)


@pytest.mark.parametrize("deed", DEEDS)
def test_a_connection_that_is_lost_before_the_commit_leaves_nothing(story: Shop, deed: str) -> None:
    use_case, args, named = DEEDS[deed]
    before = as_it_stands(story)

    def cut_short(work: Work) -> None:
        use_case(work, *args, **named)
        cut(story, work)

    with pytest.raises(DatabaseUnavailable):
        story.do(cut_short)
    assert as_it_stands(story) == before
    story.do(use_case, *args, **named)
    assert as_it_stands(story) != before
    story.check()
    assert judge(story.books.conninfo, story.clock.date()).broken == {}


@pytest.mark.parametrize("deed", ["place", "receive", "check", "short pick"])
def test_a_connection_may_be_lost_at_any_statement(story: Shop, deed: str) -> None:
    use_case, args, named = DEEDS[deed]
    before = as_it_stands(story)
    lost = 0
    while True:

        def cut_at(work: Work, statement: int = lost) -> None:
            execute = work.db._execute

            def counted(name: str, values: dict[str, object]) -> psycopg.Cursor[Any]:
                if work.db.statements == statement:
                    cut(story, work)
                return execute(name, values)

            work.db._execute = counted  # type: ignore[method-assign]
            use_case(work, *args, **named)

        try:
            story.do(cut_at)
        except DatabaseUnavailable:
            assert as_it_stands(story) == before
            lost += 1
            continue
        break
    assert lost > 3
    story.check()
    assert judge(story.books.conninfo, story.clock.date()).broken == {}


@pytest.mark.slow
def test_a_server_that_is_killed_during_a_drain_loses_nothing(tmp_path: Path) -> None:
    with served(tmp_path / "home") as address:
        migrate(address)
        shop = Shop(Database(address)).sells("MUG")
        orders = [NewOrder(f"O{number}", [NewLine("MUG", 2)]) for number in range(600)]
        shop.do(place_orders, orders, warehouse="EAST")
        shop.gets("MUG", 1000)
        for moment in (0.02, 0.1):
            killer = killed_after(moment, address)
            with suppress(DatabaseUnavailable):
                drains(shop)
            killer.join()
            shop = at_the_same_address(shop)
            shop.gets("MUG", 10)
        drains(shop)
        assert shop.value("SELECT sum(allocated) FROM order_lines") == 1020
        assert judge(address, shop.clock.date()).broken == {}
        shop.books.close()


def drains(shop: Shop) -> None:
    drain(Station(shop.books, clock=lambda: MONDAY))


def killed_after(moment: float, address: str) -> threading.Timer:
    """Let the server be killed in a moment."""
    killer = threading.Timer(moment, kill_the_postmaster, (address,))
    killer.start()
    return killer


def kill_the_postmaster(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        found = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
    assert found
    os.kill(int(found[0].splitlines()[0]), signal.SIGKILL)


def at_the_same_address(shop: Shop) -> Shop:
    """Wait for the server to be back, and take up the work with fresh connections."""
    shop.books.close()
    shop.books = Database(shop.books.conninfo)
    until = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(shop.books.conninfo, connect_timeout=2).close()
        except psycopg.OperationalError:
            assert time.monotonic() < until
            time.sleep(0.1)
        else:
            return shop
