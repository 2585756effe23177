"""How long one order waits at the door while a drain runs on other goods.

The orders come in over HTTP at a fixed rate, whether or not those before them are through: one process sends them,
`makegood serve` in another answers. The time of an order counts from the moment at which it was due.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from random import Random
from subprocess import PIPE, Popen
from threading import Thread
from time import perf_counter
from typing import TypeVar

import httpx

from benchmarks.aside import PATIENCE, Aside, Signals, beside
from benchmarks.books import Bench
from benchmarks.measures.drains import spread_over
from benchmarks.report import Figure
from benchmarks.run import Run, tell
from benchmarks.work import END, SITES
from makegood.domain.accounts import Role
from makegood.domain.catalogue import NewVariant, Place
from makegood.services.accounts.tokens import create_token
from makegood.services.add_catalogue import add_variants, find_locations
from makegood.services.new_orders import match_skus
from makegood.services.post_stock import add_stock
from makegood.store.database import Database
from makegood.wiring import Desk, House

OTHERS = [f"OTHER-{number}" for number in range(200)]
UNITS_EACH = 20
THREADS = 4

W = TypeVar("W")
Ask = Callable[[W, Random, int], None]
Enter = Callable[[str], AbstractContextManager[W]]


def measure(run: Run) -> list[Figure]:
    """Let orders come in while nothing else happens, then during a drain, until there were enough of them."""
    idle, busy = waits(run, run.ready(spread_over(run.scale.large))[1], place_one, over_http)
    note = f"{len(busy):,} orders at {run.scale.rate} a second, over HTTP"
    return [
        Figure("intake_p99_during_drain_over_idle", p99(busy) / p99(idle), note),
        Figure("intake_p99_idle_ms", p99(idle), f"half under {_share(idle, 0.5):.1f} ms"),
        Figure("intake_p99_during_drain_ms", p99(busy), f"half under {_share(busy, 0.5):.1f} ms"),
    ]


@contextmanager
def over_http(address: str) -> Iterator[httpx.Client]:
    """Serve these books in a process of its own, and give a client who may place orders there."""
    books = Database(address)
    made = Desk(books, END, "bench", "manual:bench")(create_token, f"bench-{os.getpid()}", role=Role.STAFF)
    books.close()
    serve = [sys.executable, "-m", "makegood", "--as-of", END.isoformat(), "serve", "--port", "0", "--no-worker"]
    surroundings = os.environ | {"MAKEGOOD_DATABASE_URL": address}
    with Popen(serve, env=surroundings, stderr=PIPE, text=True) as door:
        try:
            assert door.stderr
            at = next(found[0] for line in door.stderr if (found := re.findall(r"http://[\d.:]+", line)))
            # It writes a line for each request, and would stop at the first that nobody takes.
            Thread(target=door.stderr.read, daemon=True).start()
            bearer = {"Authorization": f"Bearer {made.secret}"}
            with httpx.Client(base_url=at, headers=bearer, timeout=PATIENCE) as client:
                yield client
        finally:
            door.terminate()


@contextmanager
def at_the_desk(address: str) -> Iterator[Desk]:
    """Give the desk that every door uses."""
    house = House(Database(address))
    yield house.at(END, "clerk", "manual:clerk")
    house.books.close()


def waits(run: Run, ready: Bench, ask: Ask[W], enter: Enter[W]) -> tuple[list[float], list[float]]:
    """Give the milliseconds of requests while nothing else happens, and of as many during a drain."""
    idle: list[float] = []
    busy: list[float] = []
    while len(busy) < run.scale.requests:
        with run.copy(ready) as copy:
            _sell_others(copy)
            during = _during_a_drain(run, copy, ask, enter)
        with run.copy(ready) as copy:
            _sell_others(copy)
            idle += _while_nothing_happens(run, copy, ask, enter, len(during))
        busy += during
        told = f"p99 {p99(busy):.1f} ms, idle {p99(idle):.1f} ms"
        tell(f"intake: {len(busy):,} of {run.scale.requests:,} requests; {told}")
    return idle, busy


def p99(times: list[float]) -> float:
    """Give the time that 99 of 100 stay under."""
    return _share(times, 0.99)


def _share(times: list[float], share: float) -> float:
    return sorted(times)[min(int(len(times) * share), len(times) - 1)]


def _sell_others(bench: Bench) -> None:
    """Put other goods on the shelves, enough for some of the orders, and let no check be due for them."""
    bench.do(add_variants, [NewVariant(sku) for sku in OTHERS])
    ids = bench.do(match_skus, [(1, sku) for sku in OTHERS])
    bins = bench.do(find_locations, [(site, "BIN") for site in SITES])
    shelves = [
        (Place(variant or 0, warehouse, location), UNITS_EACH)
        for location, warehouse in bins.values()
        for variant in ids
    ]
    bench.do(add_stock, shelves, reason="receipt")
    bench.execute(
        "DELETE FROM marks WHERE variant_id IN (SELECT variant_id FROM variants WHERE sku LIKE 'OTHER-%')"
    )
    bench.settle()


def _during_a_drain(run: Run, bench: Bench, ask: Ask[W], enter: Enter[W]) -> list[float]:
    with _door(run, bench, ask, enter) as door:
        bench.drain()
        door.stop()
        return door.result()


def _while_nothing_happens(run: Run, bench: Bench, ask: Ask[W], enter: Enter[W], requests: int) -> list[float]:
    with _door(run, bench, ask, enter, requests) as door:
        return door.result()


@contextmanager
def _door(run: Run, bench: Bench, ask: Ask[W], enter: Enter[W], most: int = 10**9) -> Iterator[Aside[list[float]]]:
    with beside(keep_the_door, bench.address, run.scale.rate, most, ask, enter) as door:
        door.go()
        yield door


def keep_the_door(
    signals: Signals, address: str, rate: int, most: int, ask: Ask[W], enter: Enter[W]
) -> list[float]:
    """Do what is asked at this rate until told to stop, and give the milliseconds of each."""
    chance = Random(1)
    with enter(address) as way, ThreadPoolExecutor(THREADS) as clerks:
        list(clerks.map(lambda number: ask(way, chance, -number), range(1, 4 * THREADS)))
        signals.await_go()
        start, number, placed = perf_counter(), 0, list[Future[float]]()
        while number < most and not signals.wait(max(start + number / rate - perf_counter(), 0)):
            placed.append(clerks.submit(_timed, ask, way, chance, number, start + number / rate))
            number += 1
        return [one.result() for one in placed]


def place_one(visitor: httpx.Client, chance: Random, number: int) -> None:
    """Place an order of other goods."""
    lines = [{"sku": sku, "quantity": chance.randint(1, 3)} for sku in chance.sample(OTHERS, chance.randint(1, 5))]
    order = {"number": f"NEW-{number}", "lines": lines, "warehouse": chance.choice(SITES)}
    visitor.post("/orders", json=order).raise_for_status()


def _timed(ask: Ask[W], way: W, chance: Random, number: int, due: float) -> float:
    ask(way, chance, number)
    return (perf_counter() - due) * 1000
