"""Builds the parts from the settings: every door opens a `House` and does its use-cases through it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from makegood.services.check_backorders import Piece, check_backorders
from makegood.services.work import Work, now
from makegood.settings import Settings
from makegood.store.database import Database, Db
from makegood.store.embedded import served
from makegood.store.migrate import migrate

P = ParamSpec("P")
T = TypeVar("T")


class House:
    """The books, opened and migrated, with one way to do a use-case on them."""

    def __init__(self, books: Database) -> None:
        self.books = books

    def do(
        self,
        use_case: Callable[Concatenate[Work, P], T],
        *args: P.args,
        **named: P.kwargs,
    ) -> T:
        """Do a use-case now, as the person at the keyboard."""
        return self.at(now(), "operator", "manual:operator")(use_case, *args, **named)

    def at(self, as_of: datetime, actor: str, source: str) -> "Desk":
        """Give a desk at which use-cases are done at this business time, by this actor, set off by this source."""
        return Desk(self.books, as_of, actor, source)

    def check_until_quiet(self, as_of: datetime | None = None) -> list[Piece]:
        """Serve whoever can be served, piece by piece, until no queue is marked or others are at the rest."""
        pieces: list[Piece] = []
        while True:
            made = [
                piece
                for site in self.books.transaction(lambda db: [row[0] for row in db.all("marked_warehouses")])
                if (piece := self.at(as_of or now(), "worker", "check")(check_backorders, site))
            ]
            if not made:
                return pieces
            pieces += made


class Desk:
    """Where use-cases are done, each in a transaction of its own."""

    def __init__(self, books: Database, as_of: datetime, actor: str, source: str) -> None:
        self.books, self.as_of, self.actor, self.source = books, as_of, actor, source

    def __call__(self, use_case: Callable[Concatenate[Work, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Do the use-case, wake the workers in the same transaction if it left marks, and commit."""

        def work(db: Db) -> T:
            task = Work(db=db, as_of=self.as_of, actor=self.actor, source=self.source)
            return use_case(task, *args, **named)

        return self.books.transaction(work)


@contextmanager
def open_house(
    *, home: Path | None = None, database_url: str | None = None, migrated: bool = True
) -> Iterator[House]:
    """Open the books that the settings name, or these; an embedded server runs for as long as the block lasts."""
    settings = Settings()
    with ExitStack() as stack:
        address = database_url or (None if home else settings.database_url)
        if address is None:
            address = stack.enter_context(served(home or settings.home))
        if migrated:
            migrate(address)
        books = Database(address, most=settings.connections)
        stack.callback(books.close)
        yield House(books)
