"""Serve the open runs, each for a moment in turn, order by order; no order and no run keeps the others waiting.

What the books refuse is the result of that order. What breaks outside of its own transaction is tried a few times
and then put on record as failed. An order that kills its worker is found as a check finds one (`culprits`): after
the third death orders are tried alone, with a note before each, and the one that is noted twice is given up.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from makegood.domain.errors import BooksBusy, Unavailable
from makegood.domain.runs import Run
from makegood.jobs.culprits import DEATHS_OF_A_KILLER, WorkerDied
from makegood.jobs.desk import Desk
from makegood.jobs.drain import MOST_BUSY, MOST_DEATHS
from makegood.jobs.station import Station
from makegood.services.note_runs import deaths, forget_deaths, someone_tries
from makegood.services.runs.serve_run import NextOrder, give_up_order, next_of_run, serve_next
from makegood.services.runs.show_runs import show_run
from makegood.services.runs.start_run import SERVE_RUNS
from makegood.services.work import Work

log = logging.getLogger(__name__)

# A run is served for so long before it is another's turn.
SECONDS_A_VISIT = 0.5
# Whoever serves a run together with a worker looks again after so many seconds whether it is free.
SECONDS_BETWEEN_LOOKS = 0.1


class OpenRun(NamedTuple):
    """A run that goes on: who asked for it, and how many workers died at it."""

    run_id: int
    asked_by: str
    deaths: int


def serve_runs(station: Station) -> None:
    """Serve all open runs until none is left, others are at the rest, or the worker is to stop."""
    while station.goes_on and any([visit(station, run) for run in runs_to_serve(station)]):
        pass


def runs_to_serve(station: Station) -> list[OpenRun]:
    """List the runs that go on, the oldest first."""

    def read(work: Work) -> list[OpenRun]:
        return work.db.records(OpenRun, "runs_to_serve", job=SERVE_RUNS, patience=station.patience)

    return station.desk(SERVE_RUNS)(read)


def visit(station: Station, run: OpenRun) -> int:
    """Serve a run for a moment, and give the number of orders tried."""
    if run.deaths >= MOST_DEATHS:
        return _alone(station, run)
    until, tried = time.monotonic() + SECONDS_A_VISIT, 0
    with station.running(SERVE_RUNS, str(run.run_id)):
        while station.goes_on and time.monotonic() < until and _serve(station, run):
            tried += 1
    return tried


def follow_run(station: Station, run_id: int, told: Callable[[Run], None]) -> Run:
    """Serve a run until it ends or rests, together with whoever else is at it, telling how far it has come."""
    while True:
        run = station.desk(SERVE_RUNS)(show_run, run_id)
        told(run)
        if run.ended or run.status == "PAUSED":
            return run
        if not visit(station, OpenRun(run_id, run.asked_by, 0)):
            time.sleep(SECONDS_BETWEEN_LOOKS)


def _serve(station: Station, run: OpenRun) -> bool:
    """Try the next order; False when there is none for us now. Only a lost database raises."""
    desk = _desk(station, run)
    seen: list[NextOrder] = []
    for tries in range(1, MOST_BUSY + 1):
        try:
            return desk(serve_next, run.run_id, seen.append)
        except Unavailable:
            raise
        except Exception as error:
            if not seen:
                raise
            if tries == MOST_BUSY or not isinstance(error, BooksBusy):
                return _give_up(desk, run, seen[-1], error)
    return False


def _give_up(desk: Desk, run: OpenRun, order: NextOrder, error: BaseException) -> bool:
    log.error("order %s of run %s was given up: %s", order.name, run.run_id, error)
    desk(give_up_order, run.run_id, order.place, error)
    return True


def _alone(station: Station, run: OpenRun) -> int:
    """Try one order with a note of it, or give it up when that killed its worker before."""
    desk, subject = _desk(station, run), str(run.run_id)
    order = desk(next_of_run, run.run_id)
    if order is None or desk(someone_tries, SERVE_RUNS, subject, patience=station.patience):
        return 0
    died = Counter(desk(deaths, SERVE_RUNS, subject, patience=station.patience))
    if died[order.order_id] >= DEATHS_OF_A_KILLER:
        _give_up(desk, run, order, WorkerDied("workers died while they tried this order"))
    else:
        with station.running(SERVE_RUNS, subject, order=order.order_id):
            _serve(station, run)
    desk(forget_deaths, SERVE_RUNS, subject, patience=station.patience)
    return 1


def _desk(station: Station, run: OpenRun) -> Desk:
    """Give a desk at which things are done for whoever asked for the run."""
    return Desk(station.books, station.clock(), run.asked_by, f"run:{run.run_id}", wakes=False)
