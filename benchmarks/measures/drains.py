"""How long a drain takes over the floor, how that grows with its size, and how many statements it needs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import log
from statistics import median
from typing import NamedTuple

import psycopg

from benchmarks.books import Bench
from benchmarks.floor import Written, before, strip, write_floor, written_since
from benchmarks.report import Figure
from benchmarks.run import Pair, Run, ratio, tell, timed
from benchmarks.work import Shape


class Drains(NamedTuple):
    """The drains of one work: pairs of seconds with the floor, and the statements of each piece."""

    shape: Shape
    pairs: list[Pair]
    statements: list[int]

    @property
    def seconds(self) -> float:
        """Give the usual time of a drain."""
        return median(pair.ours for pair in self.pairs)

    @property
    def note(self) -> str:
        """Say what stands behind the ratio."""
        ratios = sorted(pair.ratio for pair in self.pairs)
        floor = median(pair.floor for pair in self.pairs)
        return f"{self.shape}: {self.seconds:.2f} s over {floor:.2f} s, {ratios[0]:.2f} to {ratios[-1]:.2f}"


def measure(run: Run) -> list[Figure]:
    """Drain spread work, work on one SKU and work that ships in parts, each over its floor."""
    small, large, *huge = run.scale.sizes
    spread = {size: drains(run, spread_over(size)) for size in (small, large, *huge)}
    single = {size: drains(run, Shape(size, 1)) for size in (small, large)}
    parts = drains(run, spread_over(large, all_partial=True))
    named = zip(("10k", "100k", "1m"), spread.values(), strict=False)
    figures = [_figure(f"drain_{name}_ratio", made) for name, made in named]
    figures += [
        _figure("drain_10k_one_sku_ratio", single[small]),
        _figure("drain_100k_one_sku_ratio", single[large]),
        _figure("drain_100k_all_partial_ratio", parts),
        growth("growth_exponent", {size: made.seconds for size, made in spread.items()}),
        growth("growth_exponent_one_sku", {size: made.seconds for size, made in single.items()}),
    ]
    return figures + _statements([*spread.values(), *single.values(), parts])


def spread_over(lines: int, *, all_partial: bool = False) -> Shape:
    """Give the shape of work that is spread over a tenth as many variants."""
    return Shape(lines, lines // 10, all_partial)


def drains(run: Run, shape: Shape) -> Drains:
    """Drain copies of the same books, each before its floor is written to another copy."""
    _, ready = run.ready(shape)
    statements: list[int] = []

    def pair() -> Pair:
        seconds, written = _drain(run, ready, statements)
        with run.copy(ready) as copy:
            return Pair(seconds, write_floor(copy, written)[0])

    return Drains(shape, run.alternated(f"drain {shape}", pair), statements)


def _drain(run: Run, ready: Bench, statements: list[int]) -> tuple[float, Written]:
    with run.copy(ready) as copy:
        start = before(copy)
        seconds = timed(lambda: statements.extend(copy.drain()))
        return seconds, written_since(copy, start)


def _figure(name: str, made: Drains) -> Figure:
    return Figure(name, ratio(made.pairs), made.note)


def growth(name: str, seconds: dict[int, float]) -> Figure:
    """Give the exponent of the time as a power of the size, by least squares of the logarithms."""
    told = ", ".join(f"{size:,}: {took:.2f} s" for size, took in seconds.items())
    return Figure(name, slope([(log(size), log(took)) for size, took in seconds.items()]), told)


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Give the slope of the straight line that fits best.

    >>> slope([(0, 1), (1, 3), (2, 5)])
    2.0
    """
    x, y = (sum(point[n] for point in points) / len(points) for n in (0, 1))
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


def _statements(made: Sequence[Drains]) -> list[Figure]:
    small, large = max(made[0].statements), max(most for one in made[1:] for most in one.statements)
    told = f"per piece, least {min(min(one.statements) for one in made)}, pieces of {len(made)} works"
    return [
        Figure("statements_per_drain", max(small, large), told),
        Figure("statements_growth", large / small, "the most in any larger drain over the most in the smallest"),
    ]


def under_an_open_snapshot(run: Run) -> list[Figure]:
    """Drain while another session holds a snapshot, so that no dead row can be cleared away."""
    seconds = {}
    for size in run.scale.sizes:
        _, ready = run.ready(spread_over(size))
        taken = []
        for number in range(1, run.scale.pairs + 1):
            with run.copy(ready) as copy, _snapshot(copy):
                taken.append(timed(copy.drain))
            tell(f"drain of {size:,} under an open snapshot {number}/{run.scale.pairs}: {taken[-1]:.3f} s")
        seconds[size] = median(taken)
    return [growth("growth_exponent_open_snapshot", seconds)]


@contextmanager
def _snapshot(bench: Bench) -> Iterator[None]:
    with psycopg.connect(bench.address) as session:
        session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        session.execute("SELECT count(*) FROM order_lines")
        yield


def floors(run: Run) -> list[Figure]:
    """Write the same rows to the product's tables and to tables with primary keys only."""
    shape = spread_over(run.scale.large)
    _, ready = run.ready(shape)
    _, written = _drain(run, ready, [])

    def pair() -> Pair:
        with run.copy(ready) as copy:
            floor = write_floor(copy, written)[0]
        with run.copy(ready) as copy:
            strip(copy)
            copy.settle()
            return Pair(floor, write_floor(copy, written)[0])

    pairs = run.alternated("floor over bare floor", pair)
    floor, bare = (median(pair[n] for pair in pairs) for n in (0, 1))
    return [Figure("floor_over_bare_floor", ratio(pairs), f"{shape}: {floor:.2f} s over {bare:.2f} s")]
