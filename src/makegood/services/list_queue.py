"""What is to be done, what rests, what failed and who works: the state of the queue for a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from makegood.services.note_runs import PATIENCE
from makegood.services.work import Work


class JobDepth(NamedTuple):
    """How many jobs of one name wait and are being done, how old the oldest is, and the most tries of one."""

    job: str
    queued: int
    running: int
    oldest_seconds: float
    most_tries: int


class SiteMarks(NamedTuple):
    """How many queues of a warehouse are marked, by how many marks, and how old the oldest is."""

    warehouse: str
    queues: int
    marks: int
    oldest_seconds: float


class ParkedJob(NamedTuple):
    """Work that rests: until a moment, or, without one, until a person retries it."""

    job: str
    subject: str
    because: str
    times: int
    parked_at: datetime
    until: datetime | None


class JobFailure(NamedTuple):
    """Something that failed, told once, with how often and when."""

    job: str
    subject: str
    error: str
    message: str
    times: int
    first_at: datetime
    last_at: datetime


class OrderAside(NamedTuple):
    """An order that is left out until a person has looked at it, with what it caused."""

    order: str
    job: str
    error: str
    message: str
    set_aside_at: datetime


class WorkerState(NamedTuple):
    """A worker: whether it is alive, for how long it has been silent, and what it is at."""

    worker: int
    host: str
    pid: int
    version: str
    started_at: datetime
    alive: bool
    silent_seconds: float
    at: Sequence[str]


class QueueState(NamedTuple):
    """All of it at one instant."""

    jobs: Sequence[JobDepth]
    marks: Sequence[SiteMarks]
    parked: Sequence[ParkedJob]
    failures: Sequence[JobFailure]
    aside: Sequence[OrderAside]
    workers: Sequence[WorkerState]


def list_queue(work: Work, *, most: int = 100, patience: float = PATIENCE) -> QueueState:
    """Give the state of the queue; of failures and orders set aside at most so many, the latest first."""
    return QueueState(
        jobs=work.db.records(JobDepth, "queue_depth"),
        marks=work.db.records(SiteMarks, "marks_by_site"),
        parked=work.db.records(ParkedJob, "parked_jobs"),
        failures=work.db.records(JobFailure, "job_failures", most=most),
        aside=work.db.records(OrderAside, "orders_set_aside", most=most),
        workers=work.db.records(WorkerState, "workers", patience=patience),
    )
