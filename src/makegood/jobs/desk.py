"""Where use-cases are done: one transaction each, with the wake-up written in it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from makegood.jobs.wake import WAKE_UP, enqueue, shout
from makegood.services.at_hand import note_attempts
from makegood.services.work import Work
from makegood.store.database import Database, Db

P = ParamSpec("P")
T = TypeVar("T")


class Desk:
    """Use-cases done at this business time, by this actor, set off by this source.

    `wakes` is off for whoever serves the queue until it is quiet: nobody has to be woken for that. `merchants`
    are those that the actor may see, None for all.
    """

    def __init__(
        self,
        books: Database,
        as_of: datetime,
        actor: str,
        source: str,
        *,
        wakes: bool = True,
        merchants: Sequence[int] | None = None,
    ) -> None:
        self.books, self.as_of, self.actor, self.source = books, as_of, actor, source
        self.wakes, self.merchants = wakes, merchants

    def __call__(self, use_case: Callable[Concatenate[Work, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Do the use-case, wake the workers in the same transaction if it left work for them, and commit."""

        def work(db: Db) -> tuple[T, bool, Sequence[int]]:
            task = self._work(db)
            result = use_case(task, *args, **named)
            jobs = task.woken | ({WAKE_UP} if task.marked and self.wakes else set())
            if jobs:
                enqueue(db, jobs)
            return result, bool(jobs), task.attempts

        result, woken, attempts = self.books.transaction(work)
        note_attempts(attempts)
        if woken:
            shout(self.books)
        return result

    def read(self, use_case: Callable[Concatenate[Work, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Read the books as they stand at one instant; nothing can be written."""
        with self.books.snapshot() as db:
            return use_case(self._work(db), *args, **named)

    def _work(self, db: Db) -> Work:
        return Work(db=db, as_of=self.as_of, actor=self.actor, source=self.source, merchants=self.merchants)
