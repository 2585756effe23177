"""How long one order waits at the door while a drain runs on other goods.

The orders come in at a fixed rate, whether or not those before them are through, and are placed by a process of
its own through the desk that every door uses. The time of an order counts from the moment at which it was due.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from random import Random
from time import perf_counter

from benchmarks.aside import Aside, Signals, beside
from benchmarks.books import Bench
from benchmarks.measures.drains import spread_over
from benchmarks.report import Figure
from benchmarks.run import Run, tell
from benchmarks.work import END, SITES
from makegood.domain.catalogue import NewVariant, Place
from makegood.domain.orders import NewLine, NewOrder
from makegood.services.add_catalogue import add_variants, find_locations
from makegood.services.new_orders import match_skus
from makegood.services.place_order import place_order
from makegood.services.post_stock import add_stock
from makegood.store.database import Database
from makegood.wiring import Desk, House

OTHERS = [f"OTHER-{number}" for number in range(200)]
UNITS_EACH = 20
THREADS = 4

Ask = Callable[[Desk, Random, int], None]


def measure(run: Run) -> list[Figure]:
    """Let orders come in while nothing else happens, then during a drain, until there were enough of them."""
    idle, busy = waits(run, run.ready(spread_over(run.scale.large))[1], place_one)
    note = f"{len(busy):,} orders at {run.scale.rate} a second, through the desk, not HTTP"
    return [
        Figure("intake_p99_during_drain_over_idle", p99(busy) / p99(idle), note),
        Figure("intake_p99_idle_ms", p99(idle), f"half under {_share(idle, 0.5):.1f} ms"),
        Figure("intake_p99_during_drain_ms", p99(busy), f"half under {_share(busy, 0.5):.1f} ms"),
    ]


def waits(run: Run, ready: Bench, ask: Ask) -> tuple[list[float], list[float]]:
    """Give the milliseconds of requests while nothing else happens, and of as many during a drain."""
    idle: list[float] = []
    busy: list[float] = []
    while len(busy) < run.scale.requests:
        with run.copy(ready) as copy:
            _sell_others(copy)
            during = _during_a_drain(run, copy, ask)
        with run.copy(ready) as copy:
            _sell_others(copy)
            idle += _while_nothing_happens(run, copy, ask, len(during))
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


def _during_a_drain(run: Run, bench: Bench, ask: Ask) -> list[float]:
    with _door(run, bench, ask) as door:
        bench.drain()
        door.stop()
        return door.result()


def _while_nothing_happens(run: Run, bench: Bench, ask: Ask, requests: int) -> list[float]:
    with _door(run, bench, ask, requests) as door:
        return door.result()


@contextmanager
def _door(run: Run, bench: Bench, ask: Ask, most: int = 10**9) -> Iterator[Aside[list[float]]]:
    with beside(keep_the_door, bench.address, run.scale.rate, most, ask) as door:
        door.go()
        yield door


def keep_the_door(signals: Signals, address: str, rate: int, most: int, ask: Ask) -> list[float]:
    """Do what is asked at this rate until told to stop, and give the milliseconds of each."""
    house, chance = House(Database(address)), Random(1)
    desk = house.at(END, "clerk", "manual:clerk")
    with ThreadPoolExecutor(THREADS) as clerks:
        list(clerks.map(lambda number: ask(desk, chance, -number), range(1, 4 * THREADS)))
        signals.await_go()
        start, number, placed = perf_counter(), 0, list[Future[float]]()
        while number < most and not signals.wait(max(start + number / rate - perf_counter(), 0)):
            placed.append(clerks.submit(_timed, ask, desk, chance, number, start + number / rate))
            number += 1
        times = [one.result() for one in placed]
    house.books.close()
    return times


def _order(chance: Random, number: int) -> NewOrder:
    lines = [NewLine(sku, chance.randint(1, 3)) for sku in chance.sample(OTHERS, chance.randint(1, 5))]
    return NewOrder(f"NEW-{number}", lines, warehouse=chance.choice(SITES))


def place_one(desk: Desk, chance: Random, number: int) -> None:
    """Place an order of other goods."""
    desk(place_order, _order(chance, number))


def _timed(ask: Ask, desk: Desk, chance: Random, number: int, due: float) -> float:
    ask(desk, chance, number)
    return (perf_counter() - due) * 1000
