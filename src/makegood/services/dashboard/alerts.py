"""What needs a person now, as figures for the head of every page."""

from typing import NamedTuple

from makegood.services.business_settings import business_settings
from makegood.services.list_queue import WorkerState
from makegood.services.note_runs import PATIENCE
from makegood.services.work import Work


class Alerts(NamedTuple):
    """Orders that wait, are on hold, or have a promise that will not be kept; and what is wrong with the queue.

    `raised` alerts are open; they concern the whole house, and are shown to whoever may see all of it.
    """

    backorders: int
    holds: int
    at_risk: int
    queue_trouble: str
    raised: int


def read_alerts(work: Work) -> Alerts:
    """Count what needs a person; `queue_trouble` is empty while whoever can be served is served at once."""
    backorders, holds, at_risk, oldest, aside, raised = work.db.all("alerts", today=work.today)[0]
    workers = work.db.records(WorkerState, "workers", patience=PATIENCE)
    alive = any(worker.alive for worker in workers)
    late = bool(oldest) and oldest > business_settings(work.db).alert_queue_seconds
    return Alerts(backorders, holds, at_risk, _trouble(oldest, aside, alive=alive, late=late), raised)


def _trouble(oldest: float, aside: int, *, alive: bool, late: bool) -> str:
    if aside:
        return f"{aside} set aside"
    if oldest and not alive:
        return "no worker"
    return "queue is late" if late else ""
