"""Do one job of the catalogue, guarded: what kills its workers is parked, what fails is tried again in time."""

import logging

from makegood.jobs.catalogue import Job
from makegood.jobs.drain import MOST_DEATHS
from makegood.jobs.retry import Again, after_failure
from makegood.jobs.station import Station
from makegood.services.note_runs import deaths, forget_deaths
from makegood.services.park_job import find_parked, note_failure, park_job

log = logging.getLogger(__name__)


def run_job(station: Station, job: Job, tries: int) -> Again | None:
    """Do a job unless it is parked, and tell when it is to be done again; never raises.

    `tries` is the number of this try. After so many deaths of workers as `MOST_DEATHS` it is parked until a
    person retries it.
    """
    try:
        return None if _is_parked(station, job) else _run(station, job)
    except Exception as error:
        return _note(station, job, error, tries)


def _is_parked(station: Station, job: Job) -> bool:
    desk = station.desk(job.name, wakes=False)
    if desk(find_parked, job.name).rests:
        return True
    died = len(desk(deaths, job.name, "", patience=station.patience))
    if died < MOST_DEATHS:
        return False
    desk(park_job, job.name, because=f"{died} workers died while they did it")
    desk(forget_deaths, job.name, "", patience=station.patience)
    return True


def _run(station: Station, job: Job) -> Again | None:
    with station.running(job.name):
        return job.run(station)


def _note(station: Station, job: Job, error: Exception, tries: int) -> Again | None:
    after = after_failure(tries, error)
    log.warning("%s failed: %s: %s; %s", job.name, type(error).__name__, error, after)
    try:
        station.desk(job.name, wakes=False)(note_failure, job.name, "", error)
    except Exception:
        # The books are away: that is what the failure says too.
        return Again(seconds=1)
    return after if isinstance(after, Again) else None
