"""The server's look at the workers: where none is alive none could raise the alarm, so the server does."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from makegood.domain.errors import MakegoodError
from makegood.entrypoints.lobby.front import Front
from makegood.services.alerts.watch import watch_workers

log = logging.getLogger(__name__)

# Workers that are started with the server need a moment; then it is looked so often.
FIRST, EVERY = 60.0, 15.0


@contextmanager
def keeping_watch(front: Front, *, first: float = FIRST, every: float = EVERY) -> Iterator[None]:
    """Raise and end the alert about silent workers for as long as the block lasts."""
    over = Event()

    def look() -> None:
        pause = first
        while not over.wait(pause):
            pause = every
            try:
                front.desk("sentry")(watch_workers)
            except MakegoodError as away:
                log.warning("the workers cannot be looked after now: %s", away)
            except Exception:
                log.exception("the look at the workers stumbled and goes on")

    thread = Thread(target=look, name="sentry", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(5)
