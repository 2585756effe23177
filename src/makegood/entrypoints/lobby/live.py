"""One follower of the events for all who listen in this process; no listener has a queue that grows for ever.

A listener joins at the place where the follower stands: what came before is read from the books, what comes after
is put into its queue, so that nothing is told twice and nothing is left out. One that does not keep up is let go,
and comes back with the id of the last event that it got.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from threading import Event, Lock, Thread

from starlette.concurrency import run_in_threadpool

from makegood.domain.errors import MakegoodError
from makegood.services.follow_events import (
    ALL,
    EventFilter,
    FollowedEvent,
    Position,
    end_of_events,
    follow_events,
)
from makegood.store.database import Database

log = logging.getLogger(__name__)

# The books are asked so often for what is new, and by one reader only.
EVERY = 0.2
MOST_AT_ONCE = 500
# A listener that has so many events before it is too slow.
MOST_WAITING = 2_000


class Listener:
    """Somebody who listens from an event loop; `merchants` and `only` say what they hear of."""

    def __init__(self, only: EventFilter, merchants: Sequence[int] | None) -> None:
        self.only, self.merchants = only, merchants
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[Sequence[FollowedEvent]] = asyncio.Queue()
        self._waiting = 0
        self.over = False

    def tell(self, events: Sequence[FollowedEvent]) -> None:
        """Hand events over, from any thread."""
        meant = [one for one in events if self._hears(one)]
        if meant:
            self._loop.call_soon_threadsafe(self._put, meant)

    def let_go(self) -> None:
        """Send the listener away, from any thread."""
        self._loop.call_soon_threadsafe(self._end)

    async def next(self, within: float) -> Sequence[FollowedEvent]:
        """Give what has come, or nothing when nothing does within so many seconds."""
        try:
            events = await asyncio.wait_for(self._queue.get(), within)
        except TimeoutError:
            return []
        self._waiting -= len(events)
        return events

    def _hears(self, event: FollowedEvent) -> bool:
        seen = self.merchants is None or event.merchant_id in self.merchants
        return seen and self.only.lets_pass(event)

    def _put(self, events: Sequence[FollowedEvent]) -> None:
        if self.over:
            return
        self._waiting += len(events)
        if self._waiting > MOST_WAITING:
            log.warning("a listener is let go: it does not keep up with the events")
            self._end()
        else:
            self._queue.put_nowait(events)

    def _end(self) -> None:
        self.over = True
        self._queue.put_nowait([])


class Live:
    """Follows the events while anybody listens."""

    def __init__(self, books: Database) -> None:
        self._books = books
        self._listeners: set[Listener] = set()
        self._lock = Lock()
        self._at: Position | None = None
        self._over = Event()

    @property
    def listeners(self) -> int:
        """How many listen now."""
        return len(self._listeners)

    def close(self) -> None:
        """Send everybody away, for good."""
        self._over.set()
        with self._lock:
            for listener in self._listeners:
                listener.let_go()

    async def listen(
        self,
        after: Position | None,
        *,
        only: EventFilter = ALL,
        merchants: Sequence[int] | None = None,
        beat: float = 15.0,
    ) -> AsyncIterator[Sequence[FollowedEvent]]:
        """Give events as they become final: all after a position, or from now on; nothing now and then is a beat.

        The first is always such a beat: from then on the listener stands in its place, and is told what happens.
        It ends when the listener is too slow or the server comes to its end.
        """
        listener = Listener(only, merchants)
        joined = await run_in_threadpool(self._join, listener)
        try:
            yield []
            reached = after or joined
            # What was before the place of joining is read from the books.
            while reached < joined:
                events = await run_in_threadpool(self._read, reached, only, merchants)
                events = [one for one in events if one.position <= joined]
                reached = events[-1].position if events else joined
                if events:
                    yield events
            while not listener.over:
                yield [one for one in await listener.next(beat) if one.position > reached]
        finally:
            with self._lock:
                self._listeners.discard(listener)

    def _join(self, listener: Listener) -> Position:
        """Put a listener on the list and give where the follower stands; it begins with the first one."""
        with self._lock:
            if self._at is None:
                with self._books.snapshot() as db:
                    self._at = end_of_events(db)
                Thread(target=self._follow, name="follower of events", daemon=True).start()
            self._listeners.add(listener)
            if self._over.is_set():
                listener.let_go()
            return self._at

    def _read(
        self, after: Position, only: EventFilter = ALL, merchants: Sequence[int] | None = None
    ) -> list[FollowedEvent]:
        with self._books.snapshot() as db:
            db.merchants = None if merchants is None else list(merchants)
            return follow_events(db, after, only=only, most=MOST_AT_ONCE)

    def _follow(self) -> None:
        while not self._over.wait(EVERY) and self._goes_on():
            try:
                while self._tell_next():
                    pass
            except MakegoodError as away:
                log.warning("the events cannot be read now: %s", away)
            except Exception:
                log.exception("the follower of the events stumbled and goes on")

    def _goes_on(self) -> bool:
        """Tell whether anybody listens; else the follower ends, and the next listener begins another."""
        with self._lock:
            if not self._listeners:
                self._at = None
            return self._at is not None

    def _tell_next(self) -> bool:
        """Tell the next events to everybody; True when there may be more."""
        assert self._at is not None
        events = self._read(self._at)
        if events:
            with self._lock:
                self._at = events[-1].position
                for listener in self._listeners:
                    listener.tell(events)
        return len(events) == MOST_AT_ONCE
