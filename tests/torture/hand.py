"""One of those who work in the warehouse: `python -m tests.torture.hand ADDRESS FOLDER ROLE NAME SEED`.

It does the verbs of its role one after the other until SIGTERM, and notes every request. When the server is gone
it waits for it and goes on, as a person would.
"""

import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any, Concatenate, ParamSpec

import psycopg

from makegood.domain.errors import MakegoodError, Unavailable
from makegood.jobs.desk import Desk
from makegood.services.work import Work, now
from makegood.store.database import Database
from tests.torture.journal import End, Journal

P = ParamSpec("P")
LONGEST_SILENCE = 60.0


class Hand:
    """A process's way to ask for things: under a name, noted before and after."""

    def __init__(self, address: str, journal: Journal, name: str, seed: str) -> None:
        self.address, self.journal, self.name, self.seed = address, journal, name, seed
        self.chance = Random(f"{seed} {name}")
        self.stops = False
        self._number = 0

    def _open(self) -> None:
        self.books = Database(self.address, most=2)
        self._eyes = psycopg.connect(self.address, autocommit=True)

    def ask(
        self,
        kind: str,
        facts: Mapping[str, Any],
        use_case: Callable[Concatenate[Work, P], object],
        *args: P.args,
        **named: P.kwargs,
    ) -> End:
        """Ask for something once; its name is the actor of whatever it leaves in the books."""

        def done(desk: Desk) -> object:
            result = desk(use_case, *args, **named)
            return list(result) if kind == "session" else None  # type: ignore[call-overload]

        return self.does(kind, facts, done)

    def does(
        self, kind: str, facts: Mapping[str, Any], deed: Callable[[Desk], object], *, in_parts: bool = False
    ) -> End:
        """Do something at a desk and note what came of it; what is done `in_parts` may be refused half-way."""
        self._number += 1
        request = f"{self.name}.{self._number}"
        self.journal.asks(request, kind, facts)
        self._began = time.monotonic()
        try:
            result = deed(Desk(self.books, now(), request, f"manual:{request}"))
        except Unavailable as lost:
            self.journal.ends(request, End.UNKNOWN, str(lost))
            raise
        except MakegoodError as refused:
            return self._end(request, End.UNKNOWN if in_parts else End.REFUSED, refused.code)
        except Exception:
            return self._end(request, End.CRASHED, traceback.format_exc())
        return self._end(request, End.DONE, result)

    def _end(self, request: str, end: End, result: object) -> End:
        self.journal.ends(request, end, result, time.monotonic() - self._began)
        return end

    def sees(self, query: str, *values: object) -> list[Any]:
        """Look at the tables as they are, to choose what to do next; one value of each row."""
        return [row[0] for row in self._eyes.execute(query.encode(), values).fetchall()]

    def order(self, *statuses: str) -> str | None:
        """Choose one of the latest orders in these statuses."""
        found = self.sees(
            "SELECT number FROM orders WHERE status = ANY (%s) ORDER BY order_id DESC LIMIT 40", list(statuses)
        )
        return self.chance.choice(found) if found else None

    def works(self, verbs: Mapping[Callable[["Hand"], object], int]) -> None:
        """Do one thing after the other until told to stop."""
        while not self.stops:
            verb = self.chance.choices(list(verbs), weights=list(verbs.values()))[0]
            try:
                verb(self)
            except (Unavailable, psycopg.OperationalError, psycopg.InterfaceError):
                self.books.close()
                self.opens_the_books()

    def opens_the_books(self) -> None:
        """Connect as soon as the server answers."""
        until = time.monotonic() + LONGEST_SILENCE
        while not self.stops:
            try:
                self._open()
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return


def main(address: str, folder: str, role: str, name: str, seed: str) -> None:
    """Work until told to stop."""
    from tests.torture.verbs import ROLES

    hand = Hand(address, Journal(Path(folder) / f"{name}.journal"), name, seed)

    def told(*_: object) -> None:
        hand.stops = True

    signal.signal(signal.SIGTERM, told)
    hand.opens_the_books()
    hand.works(ROLES[role])


if __name__ == "__main__":
    main(*sys.argv[1:])
