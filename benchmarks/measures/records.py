"""How the work on backorder records grows with their number, on one SKU and on many.

Orders of one line are placed in bulk, one receipt covers them all, and all goes out again; on the way the open
records are summed up and listed. Each is timed with few and with many records. Then single records are created
for other goods while a receipt drains those of one SKU, as in `intake.py`.
"""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from benchmarks.books import BATCH, LOTS, Bench
from benchmarks.measures.drains import growth
from benchmarks.measures.intake import OTHERS, at_the_desk, p99, waits
from benchmarks.report import Figure
from benchmarks.run import Run, tell, timed
from benchmarks.work import END, Shape
from makegood.domain.catalogue import Place
from makegood.domain.orders import NewLine, NewOrder
from makegood.services.add_catalogue import find_locations
from makegood.services.backorders.create_backorder import create_backorder
from makegood.services.backorders.fulfil_reserved import fulfil_reserved
from makegood.services.backorders.list_backorders import list_backorders
from makegood.services.backorders.summarize_backorders import summarize_backorders
from makegood.services.new_orders import match_skus
from makegood.services.place_order import place_orders
from makegood.services.post_stock import add_stock
from makegood.wiring import Desk

UNITS = 2
READS = 5


class Taken(NamedTuple):
    """The seconds of each piece of work."""

    create: float
    summary: float
    list: float
    allocate: float
    fulfil: float


def measure(run: Run) -> list[Figure]:
    """Measure the growth on one SKU and on many, and the peace of others during a drain."""
    figures = []
    for name, skus in (("one_sku", 1), ("many_skus", run.scale.record_skus)):
        taken = {size: _taken(run, size, skus) for size in run.scale.records}
        figures += [
            growth(f"records_{work}_growth_{name}", {size: getattr(one, work) for size, one in taken.items()})
            for work in Taken._fields
        ]
    idle, busy = waits(run, run.ready(Shape(run.scale.large, 1))[1], create_one, at_the_desk)
    note = f"{p99(busy):.1f} ms during a drain of one SKU, {p99(idle):.1f} ms idle, {len(busy):,} records"
    return [*figures, Figure("records_p99_during_drain_over_idle", p99(busy) / p99(idle), note)]


def create_one(desk: Desk, chance: Random, number: int) -> None:
    """Create a record for goods that nobody else wants."""
    desk(create_backorder, chance.choice(OTHERS), chance.randint(1, 3), warehouse="W1")


def _taken(run: Run, size: int, skus: int) -> Taken:
    _, sold = run.sold(Shape(3, skus, sites=("W1",)))
    with run.copy(sold) as copy:
        create = timed(lambda: _create(copy, size, skus))
        copy.settle()
        summary = timed(_often(lambda: copy.do(summarize_backorders))) / READS
        page = timed(_often(lambda: copy.do(list_backorders, sort="priority"))) / READS
        allocate = timed(lambda: _allocate(copy, size, skus))
        copy.settle()
        fulfil = timed(lambda: _fulfil(copy, size, skus))
    tell(f"{size:,} records on {skus:,} SKU: {Taken(create, summary, page, allocate, fulfil)}")
    return Taken(create, summary, page, allocate, fulfil)


def _often(read: Callable[[], object]) -> Callable[[], None]:
    def reads() -> None:
        for _ in range(READS):
            read()

    return reads


def _create(bench: Bench, size: int, skus: int) -> None:
    for start in range(0, size, BATCH):
        orders = [
            NewOrder(f"R-{number}", [NewLine(f"SKU-{number % skus}", UNITS)], placed_at=END)
            for number in range(start, min(start + BATCH, size))
        ]
        bench.do(place_orders, orders, warehouse="W1")


def _allocate(bench: Bench, size: int, skus: int) -> None:
    """Let one receipt bring all that is wanted, and serve until nobody waits."""
    location, warehouse = bench.do(find_locations, [("W1", "BIN")])["W1", "BIN"]
    ids = bench.do(match_skus, [(1, f"SKU-{number}") for number in range(skus)])
    units = UNITS * -(-size // skus)
    lot, expires_on = LOTS[0]
    arriving = [
        (Place(variant or 0, warehouse, location, lot=lot, expires_on=expires_on), units) for variant in ids
    ]
    bench.do(add_stock, arriving, reason="receipt")
    bench.drain()


def _fulfil(bench: Bench, size: int, skus: int) -> None:
    gone, named = 0, [f"SKU-{number}" for number in range(skus)]
    while batch := bench.do(fulfil_reserved, named).units:
        gone += batch
    if gone != UNITS * size:
        raise RuntimeError(f"{gone} units went out of {UNITS * size}")
