"""How long one unit takes from its receipt to its order, with few and with many who wait for it."""

from statistics import median
from time import perf_counter
from typing import NamedTuple

from benchmarks.books import Bench
from benchmarks.floor import Written, before, write_floor, written_since
from benchmarks.report import Figure
from benchmarks.run import Run, tell
from benchmarks.work import Shape
from makegood.domain.catalogue import Place
from makegood.services.add_catalogue import find_locations
from makegood.services.check_backorders import check_backorders
from makegood.services.new_orders import match_skus
from makegood.services.post_stock import add_stock


class Taken(NamedTuple):
    """The usual seconds of a receipt with its check, and of only writing what the check left."""

    receipt: float
    floor: float


def measure(run: Run) -> list[Figure]:
    """Receive single units into queues of each length, in turn, and compare the medians of each round."""
    few, some, many = run.scale.waiting
    rounds: list[dict[int, Taken]] = []
    for number in range(1, run.scale.pairs + 1):
        rounds.append({waiting: _taken(run, waiting) for waiting in run.scale.waiting})
        told = ", ".join(
            f"{waiting:,} waiting: {taken.receipt * 1000:.1f} ms" for waiting, taken in rounds[-1].items()
        )
        tell(f"unit receipts {number}/{run.scale.pairs}: {told}")
    return [
        Figure("unit_receipt_100k_over_1k", median(one[many].receipt / one[few].receipt for one in rounds),
               f"{_told(rounds, many)} with {many:,} waiting, {_told(rounds, few)} with {few:,}"),
        _over_floor("unit_receipt_10k_over_f1", rounds, some),
        _over_floor("unit_receipt_100k_over_f1", rounds, many),
    ]  # fmt: skip


def _told(rounds: list[dict[int, Taken]], waiting: int) -> str:
    return f"{median(one[waiting].receipt for one in rounds) * 1000:.1f} ms"


def _over_floor(name: str, rounds: list[dict[int, Taken]], waiting: int) -> Figure:
    floor = median(one[waiting].floor for one in rounds) * 1000
    value = median(one[waiting].receipt / one[waiting].floor for one in rounds)
    return Figure(name, value, f"{_told(rounds, waiting)} over F(1) of {floor:.1f} ms")


def _taken(run: Run, waiting: int) -> Taken:
    _, books = run.waiting(Shape(waiting, 1, all_partial=True, sites=("W1",)))
    with run.copy(books) as copy:
        place = shelf(copy)
        taken = [_receive_and_keep(copy, place) for _ in range(run.scale.receipts)]
    with run.copy(books) as copy:
        # The floor writes to the units that are there once all has come.
        copy.do(add_stock, [(place, run.scale.receipts)], reason="receipt")
        copy.settle()
        floor = write_floor(copy, *(written for _, written in taken))
    return Taken(median(seconds for seconds, _ in taken), median(floor))


def _receive_and_keep(bench: Bench, place: Place) -> tuple[float, Written]:
    start = before(bench)
    seconds = receive_unit(bench, place)
    if bench.execute("SELECT count(*) FROM marks") != [(0,)]:
        raise RuntimeError("a check that was through left a mark")
    return seconds, written_since(bench, start)


def shelf(bench: Bench) -> Place:
    """Give the place in which the one SKU of a warehouse lies."""
    location, warehouse = bench.do(find_locations, [("W1", "BIN")])["W1", "BIN"]
    (variant,) = bench.do(match_skus, [(1, "SKU-0")])
    return Place(variant or 0, warehouse, location)


def receive_unit(bench: Bench, place: Place) -> float:
    """Let one unit arrive and go to whoever is first; give the seconds."""
    start = perf_counter()
    bench.do(add_stock, [(place, 1)], reason="receipt")
    while not (piece := bench.do(check_backorders, place.warehouse_id)) or not piece.finished:
        pass
    return perf_counter() - start
