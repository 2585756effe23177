"""What a second worker process brings: two warehouses drained by one process, and by two."""

from contextlib import ExitStack
from statistics import median
from time import perf_counter

from benchmarks.aside import Signals, beside
from benchmarks.books import Bench
from benchmarks.measures.drains import spread_over
from benchmarks.report import Figure
from benchmarks.run import Pair, Run, ratio
from makegood.entrypoints.worker import settle_in


def measure(run: Run) -> list[Figure]:
    """Drain the same books with one worker and with two, in turn."""
    shape = spread_over(run.scale.large)
    _, ready = run.ready(shape)

    def pair() -> Pair:
        with run.copy(ready) as copy:
            one = _seconds(copy, 1)
        with run.copy(ready) as copy:
            return Pair(one, _seconds(copy, 2))

    pairs = run.alternated("one worker over two", pair)
    one, two = (median(pair[n] for pair in pairs) for n in (0, 1))
    return [Figure("two_workers_speedup", ratio(pairs), f"{shape}: {one:.2f} s with one, {two:.2f} s with two")]


def _seconds(bench: Bench, workers: int) -> float:
    bench.books.close()
    with ExitStack() as stack:
        working = [stack.enter_context(beside(work_through, bench.server, bench.name)) for _ in range(workers)]
        start = perf_counter()
        for worker in working:
            worker.go()
        for worker in working:
            worker.result()
        seconds = perf_counter() - start
    if bench.execute("SELECT count(*) FROM marks") != [(0,)]:
        raise RuntimeError("the workers left marks")
    return seconds


def work_through(signals: Signals, server: str, name: str) -> int:
    """Serve as a worker does, until nothing is left that no other worker is at."""
    bench = Bench(server, name)
    bench.warm()
    settle_in()
    signals.await_go()
    pieces = bench.drain()
    bench.books.close()
    return len(pieces)
