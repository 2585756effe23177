"""The state of the queue over HTTP: what is to be done, what rests or failed, who works."""

from typing import Annotated, NamedTuple

from fastapi import Path
from pydantic import Field

from makegood.entrypoints.api.bodies import Body, Text, Word
from makegood.entrypoints.api.orders import OrderId
from makegood.services.list_queue import QueueState, list_queue
from makegood.services.park_job import retry_job
from makegood.services.set_aside import retry_set_aside
from makegood.services.work import Work

Job = Annotated[
    Word, Path(description="The job's name; GET /queue lists what rests.", examples=["check_backorders"])
]


class Subject(Body):
    """What the job is about."""

    subject: Text = Field(default="", examples=["EAST"])


class Retried(NamedTuple):
    """Whether something rested, was aside or failed, and is tried again now."""

    retried: bool


def show(work: Work) -> QueueState:
    """Show the state of the queue.

    What is marked and how old that is, which jobs wait, rest or failed, which orders are set aside, and which
    workers are alive.
    """
    return list_queue(work)


def retry(work: Work, job: Job, about: Subject = Subject()) -> Retried:
    """Have a job tried again at once.

    One that rests, or that failed and would be tried again by itself later.
    """
    return Retried(retry_job(work, job, about.subject))


def take_back(work: Work, order: OrderId) -> Retried:
    """Take an order back into the queue that was set aside.

    It was left out because it made a check fail; mend what was wrong first.
    """
    return Retried(retry_set_aside(work, order))
