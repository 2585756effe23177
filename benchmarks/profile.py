"""Where the time of a drain goes: `python -m benchmarks.profile LINES SKUS`, by statement and by function."""

import cProfile
import pstats
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.floor import before, write_floor, written_since
from benchmarks.run import Scale, running
from benchmarks.work import Shape
from makegood.store.database import Db
from makegood.store.embedded import served

Spent = dict[str, list[float]]


@contextmanager
def statements_timed() -> Iterator[Spent]:
    """Collect the seconds of each statement by name; of a COPY, those for making its rows too."""
    spent: Spent = defaultdict(list)
    originals = {name: getattr(Db, name) for name in ("_execute", "copy")}

    def timing(original: Callable[..., Any], prefix: str) -> Callable[..., Any]:
        def timed(db: Db, name: str, *values: object) -> Any:
            start = perf_counter()
            try:
                return original(db, name, *values)
            finally:
                spent[prefix + name].append(perf_counter() - start)

        return timed

    for name, prefix in (("_execute", ""), ("copy", "COPY ")):
        setattr(Db, name, timing(originals[name], prefix))
    try:
        yield spent
    finally:
        for name, original in originals.items():
            setattr(Db, name, original)


def main(lines: int, skus: int, all_partial: bool) -> None:
    """Drain once for the statements and once for the functions, and print both."""
    with served(Path(".makegood") / "bench") as server, running(server, Scale()) as run:
        _, ready = run.ready(Shape(lines, skus, all_partial))
        with run.copy(ready) as copy, statements_timed() as spent:
            start, began = before(copy), perf_counter()
            pieces = len(copy.drain())
            seconds = perf_counter() - began
            written = written_since(copy, start)
        with run.copy(ready) as copy:
            floor = write_floor(copy, written)[0]
        print(f"{pieces} pieces in {seconds:.2f} s, floor {floor:.2f} s, {seconds / floor:.2f} times")
        _print(spent, seconds)
        with run.copy(ready) as copy, cProfile.Profile() as profile:
            copy.drain()
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)


def _print(spent: Spent, seconds: float) -> None:
    by_time = sorted(spent.items(), key=lambda one: -sum(one[1]))
    for name, times in by_time:
        print(f"{sum(times):8.3f} s {sum(times) / seconds:6.1%}  {len(times):5} times  {name}")
    between = seconds - sum(sum(times) for times in spent.values())
    print(f"{between:8.3f} s {between / seconds:6.1%}               between the statements: deciding, and commits")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), "--all-partial" in sys.argv)
