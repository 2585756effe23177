"""One run of the benchmarks: its size, the books that are prepared once for it, and alternated pairs."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import NamedTuple

from benchmarks.books import Bench, copy_of, new_bench
from benchmarks.work import Shape, Workload, workload
from makegood.entrypoints.memory import settle_in


class Scale(NamedTuple):
    """How much is measured. The figures keep their names when it is less than what they name."""

    small: int = 10_000
    large: int = 100_000
    huge: int | None = None
    pairs: int = 5
    waiting: tuple[int, ...] = (1_000, 10_000, 100_000)
    receipts: int = 20
    requests: int = 2_000
    rate: int = 40
    planned_lines: int = 1_000_000
    board: int = 300_000
    planned_units: int = 40_000
    records: tuple[int, int] = (10_000, 50_000)
    record_skus: int = 500
    year: int = 100_000

    @property
    def sizes(self) -> list[int]:
        """Give the sizes of the drains, smallest first."""
        return [self.small, self.large, *([self.huge] if self.huge else [])]


FULL = Scale(huge=1_000_000)
QUICK = Scale(
    small=150, large=600, pairs=1, waiting=(30, 60, 120), receipts=2, requests=6, rate=20,
    board=300, planned_lines=3_000, planned_units=300, records=(40, 120), record_skus=8, year=300,
)  # fmt: skip


class Pair(NamedTuple):
    """Two measurements that were taken one right after the other; `ours` over `floor` is the ratio."""

    ours: float
    floor: float

    @property
    def ratio(self) -> float:
        """How many times the floor ours took."""
        return self.ours / self.floor


def ratio(pairs: list[Pair]) -> float:
    """Give the median of the ratios, which one disturbed pair cannot move far."""
    return median(pair.ratio for pair in pairs)


@dataclass
class Run:
    """What the measurements of one run share: the server, the scale, and books that were made for several."""

    server: str
    scale: Scale
    _stack: ExitStack
    _made: dict[tuple[str, Shape], tuple[Workload, Bench]] = field(default_factory=dict)

    def sold(self, shape: Shape) -> tuple[Workload, Bench]:
        """Give books in which the variants are sold and nothing was ordered."""
        return self._prepare("sold", shape, lambda bench, work: None)

    def waiting(self, shape: Shape) -> tuple[Workload, Bench]:
        """Give books in which all orders wait and there is no stock."""
        return self._prepare("waiting", shape, _let_wait)

    def ready(self, shape: Shape) -> tuple[Workload, Bench]:
        """Give books in which the receipts are committed and nobody was served yet."""
        return self._prepare("ready", shape, _receive)

    def _prepare(
        self, stage: str, shape: Shape, fill: Callable[[Bench, Workload], object]
    ) -> tuple[Workload, Bench]:
        if (stage, shape) not in self._made:
            work = workload(shape)
            with telling(f"preparing {shape} {stage}"):
                bench = self._stack.enter_context(new_bench(self.server))
                bench.catalogue(work)
                fill(bench, work)
                bench.settle()
            self._made[stage, shape] = (work, bench)
            # A worker has no workload in its memory: what stays to the end is not gone over for garbage.
            settle_in()
        return self._made[stage, shape]

    @contextmanager
    def copy(self, bench: Bench) -> Iterator[Bench]:
        """Copy prepared books for one measurement."""
        with copy_of(bench) as copy:
            yield copy

    def alternated(self, name: str, pair: Callable[[], Pair]) -> list[Pair]:
        """Take the pairs of one ratio, and tell each."""
        pairs = []
        for number in range(1, self.scale.pairs + 1):
            pairs.append(pair())
            tell(f"{name} {number}/{self.scale.pairs}: {pairs[-1].ours:.3f} s over {pairs[-1].floor:.3f} s"
                 f" = {pairs[-1].ratio:.2f}")  # fmt: skip
        return pairs


def _let_wait(bench: Bench, work: Workload) -> None:
    bench.place(work)
    bench.hold(work)


def _receive(bench: Bench, work: Workload) -> None:
    _let_wait(bench, work)
    bench.receive(work)


@contextmanager
def running(server: str, scale: Scale) -> Iterator[Run]:
    """Keep what is prepared until the end of the run."""
    with ExitStack() as stack:
        yield Run(server, scale, stack)


def timed(work: Callable[[], object]) -> float:
    """Give the seconds that it takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def tell(what: str) -> None:
    """Say on stderr how far it has come."""
    print(what, file=sys.stderr, flush=True)


@contextmanager
def telling(what: str) -> Iterator[None]:
    """Say on stderr what is being done, and how long it took."""
    start = perf_counter()
    yield
    tell(f"{what}: {perf_counter() - start:.1f} s")
