"""What a second worker process brings: two warehouses drained by one process, and by two."""

import os
import sys
from contextlib import ExitStack
from statistics import median
from time import perf_counter

from benchmarks.aside import PATIENCE, Signals, beside
from benchmarks.books import Bench
from benchmarks.measures.drains import spread_over
from benchmarks.report import Figure
from benchmarks.run import Pair, Run, ratio
from benchmarks.work import END
from makegood.entrypoints.memory import settle_in
from makegood.entrypoints.worker import SWITCH_INTERVAL
from makegood.jobs.drain import drain, sites_to_check
from makegood.jobs.shift import LOOK_AGAIN
from makegood.jobs.station import Station
from makegood.services.note_runs import Crew, sign_on
from makegood.store.database import Database


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
        working = [stack.enter_context(beside(work_through, bench.address)) for _ in range(workers)]
        start = perf_counter()
        for worker in working:
            worker.go()
        seconds = max(worker.result() for worker in working) - start
    if bench.execute("SELECT count(*) FROM marks") != [(0,)]:
        raise RuntimeError("the workers left marks")
    return seconds


def work_through(signals: Signals, address: str) -> float:
    """Serve as a worker does, until nothing is marked; give when the last piece was through."""
    books = Database(address)
    # No heart beats here: a worker is not to be taken for dead meanwhile.
    station = Station(books, patience=PATIENCE, clock=lambda: END)
    station.worker = station.desk("sign-on")(sign_on, Crew("bench", os.getpid(), ""))
    sys.setswitchinterval(SWITCH_INTERVAL)
    settle_in()
    signals.await_go()
    through = perf_counter()
    while sites_to_check(station):
        if drain(station):
            through = perf_counter()
        else:
            station.rest(LOOK_AGAIN)
    books.close()
    return through
