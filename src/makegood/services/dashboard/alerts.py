"""What needs a person now, as figures for the head of every page."""

from typing import NamedTuple

from makegood.services.list_queue import WorkerState
from makegood.services.note_runs import PATIENCE
from makegood.services.work import Work

# A mark that is older was not looked at as it should have been.
LATE_SECONDS = 60


class Alerts(NamedTuple):
    """Orders that wait, are on hold, or have a promise that will not be kept; and what is wrong with the queue."""

    backorders: int
    holds: int
    at_risk: int
    queue_trouble: str


def read_alerts(work: Work) -> Alerts:
    """Count what needs a person; `queue_trouble` is empty while whoever can be served is served at once."""
    backorders, holds, at_risk, oldest, aside = work.db.all("alerts", today=work.today)[0]
    workers = work.db.records(WorkerState, "workers", patience=PATIENCE)
    alive = any(worker.alive for worker in workers)
    return Alerts(backorders, holds, at_risk, _trouble(oldest, aside, alive=alive))


def _trouble(oldest: float, aside: int, *, alive: bool) -> str:
    if aside:
        return f"{aside} set aside"
    if oldest and not alive:
        return "no worker"
    return "queue is late" if oldest > LATE_SECONDS else ""
