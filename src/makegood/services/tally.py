"""What a worker did is summed up in its process, and added to the books with its beat, for all servers to read."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from makegood.services.work import Work

# Bounds of time in seconds; what the rows in the books count by.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


@dataclass(slots=True)
class Sum:
    """What was done of one job since it was added to the books last."""

    times: int = 0
    failures: int = 0
    seconds: float = 0.0
    lines: int = 0
    units: int = 0
    took: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))


class Tally:
    """Sums up in one process what its worker does, until it is added to the books."""

    def __init__(self) -> None:
        self._lock, self._sums = Lock(), dict[str, Sum]()

    def note(self, job: str, seconds: float, *, failed: bool = False, lines: int = 0, units: int = 0) -> None:
        """Count a piece of work that is over, and whom it served."""
        with self._lock:
            one = self._sums.setdefault(job, Sum())
            one.times += 1
            one.failures += failed
            one.seconds += seconds
            one.lines += lines
            one.units += units
            one.took[bisect_left(BOUNDS, seconds)] += 1

    def take(self) -> dict[str, Sum]:
        """Give what was summed up and begin anew."""
        with self._lock:
            taken, self._sums = self._sums, {}
        return taken


def add_figures(work: Work, sums: Mapping[str, Sum]) -> None:
    """Add what a worker did to the books; of what a killed one did a second may be missing."""
    if not sums:
        return
    took = [(job, bound, count) for job, one in sums.items() for bound, count in enumerate(one.took)]
    work.db.run(
        "add_job_figures",
        jobs=list(sums),
        times=[one.times for one in sums.values()],
        failures=[one.failures for one in sums.values()],
        seconds=[one.seconds for one in sums.values()],
        lines=[one.lines for one in sums.values()],
        units=[one.units for one in sums.values()],
        took_jobs=[row[0] for row in took],
        bounds=[row[1] for row in took],
        counts=[row[2] for row in took],
    )
