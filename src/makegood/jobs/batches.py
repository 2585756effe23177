"""Do work that has no natural end in bounded batches; an order that makes its batch fail is put aside."""

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

from makegood.domain.errors import BooksBusy, Unavailable
from makegood.jobs.desk import Desk
from makegood.jobs.station import Station
from makegood.services.set_aside import set_aside
from makegood.services.work import Work

log = logging.getLogger(__name__)


class Batch(Protocol):
    """What a batch came to, as far as it matters here."""

    @property
    def more(self) -> bool:
        """Whether there may be more to do."""


B = TypeVar("B", bound=Batch)
B_co = TypeVar("B_co", bound=Batch, covariant=True)


class Verb(Protocol[B_co]):
    """A use-case that does its next batch, or that of the orders named."""

    def __call__(self, work: Work, orders: Sequence[int] | None = None) -> B_co:
        """Do it."""


class Batches(NamedTuple, Generic[B]):
    """The use-case, and the one that lists the orders of its next batch."""

    job: str
    act: Verb[B]
    find: Callable[[Work], list[int]]


def in_batches(station: Station, batches: Batches[B]) -> Iterator[B]:
    """Do batches until there is nothing more or the worker is to stop; give what each came to."""
    more = True
    while more and station.goes_on:
        done = _batch(station.desk(batches.job), batches)
        yield done
        more = done.more


def _batch(desk: Desk, batches: Batches[B]) -> B:
    try:
        return desk(batches.act)
    except (Unavailable, BooksBusy):
        raise
    except Exception:
        failed = _each_alone(desk, batches)
        if not failed:
            raise
        desk(set_aside, failed, job=batches.job)
        log.error("%s failed for orders %s, which were set aside", batches.job, list(failed))
        return desk(batches.act)


class _Undone(Exception):
    """The trial came through; its transaction is to be rolled back."""


def _each_alone(desk: Desk, batches: Batches[B]) -> dict[int, BaseException]:
    """Try the orders of the batch one by one, undo it each time, and give those that fail."""

    def tried(work: Work, order: int) -> None:
        batches.act(work, [order])
        raise _Undone

    failed: dict[int, BaseException] = {}
    for order in desk(batches.find):
        try:
            desk(tried, order)
        except _Undone:
            continue
        except (Unavailable, BooksBusy):
            raise
        except Exception as error:
            failed[order] = error
    return failed
