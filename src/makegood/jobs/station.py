"""A worker's place: the books, its clock, its number, and a note of what it is at."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Event

from makegood.domain.errors import Unavailable
from makegood.domain.mails import Post
from makegood.jobs.desk import Desk
from makegood.jobs.outside import Outside
from makegood.services.at_hand import at_hand
from makegood.services.note_runs import PATIENCE, end_run, start_run
from makegood.services.tally import Tally
from makegood.services.work import now
from makegood.store.database import Database

log = logging.getLogger(__name__)


class Station:
    """Where work is done that nobody waits for.

    Without a `worker` number no notes are taken: somebody who serves the queue after an own command is not
    on the list of workers. Without a `post` no mails are queued or sent here.
    """

    def __init__(
        self,
        books: Database,
        *,
        worker: int | None = None,
        clock: Callable[[], datetime] = now,
        stop: Event | None = None,
        patience: float = PATIENCE,
        outside: Outside | None = None,
        post: Post | None = None,
    ) -> None:
        self.books, self.worker, self.clock, self.patience = books, worker, clock, patience
        self.outside, self.post = outside or Outside(), post
        self.tally = Tally()
        self._stop = stop or Event()

    @property
    def goes_on(self) -> bool:
        """Whether a next piece of work may be begun."""
        return not self._stop.is_set()

    def rest(self, seconds: float) -> None:
        """Do nothing for so long, or until the work is to end."""
        self._stop.wait(seconds)

    def desk(self, source: str, *, wakes: bool = True) -> Desk:
        """Give a desk at this moment's business time."""
        return Desk(self.books, self.clock(), "worker", source, wakes=wakes)

    @contextmanager
    def running(self, job: str, subject: str = "", *, order: int | None = None) -> Iterator[None]:
        """Note what is done within the block; only a kill leaves the note behind.

        With `order` the note says that this order is served alone.
        """
        if self.worker is None:
            yield
            return
        run = self.desk(job)(start_run, self.worker, job, subject, order)
        through = False
        try:
            with self._telling(job, subject, run):
                yield
            through = order is None
        finally:
            # When the books are away the note goes with the worker's number, at its next sign-on.
            with suppress(Unavailable):
                self.desk(job)(end_run, run, job, subject, through=through, patience=self.patience)

    @contextmanager
    def _telling(self, job: str, subject: str, job_run: int) -> Iterator[None]:
        """Tell of a piece of work by a line in the log, a span and the figures."""
        began, came = time.perf_counter(), "failed"
        with at_hand("job", job=job, subject=subject, job_run=job_run, worker=self.worker) as hand:
            hand.name = f"job {job}"
            try:
                yield
                came = "done"
            finally:
                seconds = time.perf_counter() - began
                self.tally.note(job, seconds, failed=came == "failed")
                log.info("job", extra={"came": came, "ms": round(seconds * 1000, 1), **hand.noted})
