"""Builds the parts from the settings: every door opens a `House` and does its use-cases through it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from makegood.domain.mails import Post
from makegood.domain.runs import Run
from makegood.jobs.dates import date_queues
from makegood.jobs.desk import Desk
from makegood.jobs.drain import drain
from makegood.jobs.outside import Outside
from makegood.jobs.serve_runs import follow_run
from makegood.jobs.station import Station
from makegood.services.check_backorders import Piece
from makegood.services.work import Work, now
from makegood.settings import Settings
from makegood.store.connections import read_address
from makegood.store.database import Database
from makegood.store.embedded import served
from makegood.store.migrate import migrate

__all__ = [
    "Desk",
    "House",
    "Settings",
    "missing_for_mails",
    "open_house",
    "read_outside",
    "read_post",
    "read_settings",
]

P = ParamSpec("P")
T = TypeVar("T")


class House:
    """The books, opened and migrated, with one way to do a use-case on them.

    A use-case that leaves marks wakes the workers. `wakes` is off for a door that serves the queue itself after
    each change: workers would only find that nothing is left, or look within a second.
    """

    def __init__(self, books: Database, *, wakes: bool = True) -> None:
        self.books, self.wakes = books, wakes

    def follow_run(self, run: int, told: Callable[[Run], None], as_of: datetime | None = None) -> Run:
        """Serve a run until it ends or rests, together with the workers there are, telling how far it has come."""
        return follow_run(Station(self.books, clock=lambda: as_of or now()), run, told)

    def do(
        self,
        use_case: Callable[Concatenate[Work, P], T],
        *args: P.args,
        **named: P.kwargs,
    ) -> T:
        """Do a use-case now, as the person at the keyboard."""
        return self.at(now(), "operator", "manual:operator")(use_case, *args, **named)

    def at(self, as_of: datetime, actor: str, source: str, merchants: Sequence[int] | None = None) -> Desk:
        """Give a desk at which use-cases are done at this business time, by this actor, set off by this source.

        `merchants` limits what can be seen and changed; None is all of it.
        """
        return Desk(self.books, as_of, actor, source, wakes=self.wakes, merchants=merchants)

    def check_until_quiet(self, as_of: datetime | None = None) -> list[Piece]:
        """Serve whoever can be served, piece by piece, until no queue is marked or others are at the rest.

        The expected dates that change by that, or changed before, are kept current too.
        """
        station = Station(self.books, clock=lambda: as_of or now())
        pieces = drain(station)
        date_queues(station)
        return pieces


@contextmanager
def open_house(
    *, home: Path | None = None, database_url: str | None = None, migrated: bool = True, wakes: bool = True
) -> Iterator[House]:
    """Open the books that the settings name, or these; an embedded server runs for as long as the block lasts."""
    settings = Settings()
    with ExitStack() as stack:
        address = database_url or (None if home else settings.database_url)
        address = read_address(address) if address else stack.enter_context(served(home or settings.home))
        if migrated:
            migrate(address)
        books = Database(address, most=settings.connections)
        stack.callback(books.close)
        yield House(books, wakes=wakes)


def read_post() -> Post | None:
    """Give the server that takes mails, if the settings say enough to write any."""
    settings = Settings()
    if missing_for_mails(settings):
        return None
    ports = {"none": 25, "starttls": 587, "tls": 465}
    return Post(
        host=settings.smtp_host or "",
        port=settings.smtp_port or ports[settings.smtp_tls],
        tls=settings.smtp_tls,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
        sender=settings.mail_from or "",
        site=(settings.public_url or "").rstrip("/"),
        ca=settings.smtp_ca,
    )


def missing_for_mails(settings: Settings) -> list[str]:
    """Name the settings without which no mails are queued or sent here."""
    needed = {
        "MAKEGOOD_SMTP_HOST": settings.smtp_host,
        "MAKEGOOD_MAIL_FROM": settings.mail_from,
        "MAKEGOOD_PUBLIC_URL": settings.public_url,
    }
    return [name for name, value in needed.items() if not value]


def read_settings() -> Settings:
    """Read what the one who runs makegood decided; a value that makes no sense is refused by name."""
    return Settings()


def read_outside() -> Outside:
    """Give how far outward a webhook may go, as the settings say."""
    return Outside(networks=read_settings().webhook_networks)
