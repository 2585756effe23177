"""Connections to one PostgreSQL, open for whoever comes next.

psycopg's own pool makes everybody wait: a second after each connection that was found cut, ever longer after a
server was away, to the end of the wait when it is closed meanwhile. Here whoever finds no living one opens one.
"""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import BoundedSemaphore, Event
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus

from makegood.domain.errors import DatabaseUnavailable

Connection = psycopg.Connection[Any]

# A server that is started anew answers within so many seconds; others are told that it is away.
PATIENCE = 5.0
TRY_AGAIN = 0.1
# While all connections are in use one waits so many seconds for the next.
LONGEST_QUEUE = 30.0
# A server whose machine vanished is given up after half a minute, not after the two hours of the system.
DEFAULTS: dict[str, Any] = {
    "application_name": "makegood",
    "connect_timeout": round(PATIENCE),
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
}


class Connections:
    """Up to `most` connections, each for one at a time."""

    def __init__(self, conninfo: str, *, most: int) -> None:
        self.address = DEFAULTS | conninfo_to_dict(conninfo)
        self._seats, self._most = BoundedSemaphore(most), most
        self._idle: deque[Connection] = deque()
        self._closed = Event()

    def close(self) -> None:
        """Close what is idle now, and the rest when it is given back; whoever waits is told at once."""
        self._closed.set()
        self._empty()

    @contextmanager
    def one(self) -> Iterator[Connection]:
        """Lend a living connection that is in no transaction.

        Raises psycopg's `OperationalError` when the server is away, all are in use or these were closed.
        """
        if not self._seats.acquire(timeout=LONGEST_QUEUE):
            raise psycopg.OperationalError(f"all {self._most} connections are in use")
        try:
            connection = self._idle_one() or self._new_one()
            try:
                yield connection
            finally:
                self._take_back(connection)
        finally:
            self._seats.release()

    def _idle_one(self) -> Connection | None:
        while self._idle:
            with suppress(IndexError, psycopg.OperationalError):
                connection = self._idle.pop()
                connection.execute("")
                return connection
        return None

    def _new_one(self) -> Connection:
        until = time.monotonic() + PATIENCE
        while not self._closed.is_set():
            try:
                return psycopg.connect(**self.address, autocommit=True, prepare_threshold=2)
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
            self._closed.wait(TRY_AGAIN)
        raise psycopg.OperationalError("the books were closed")

    def _take_back(self, connection: Connection) -> None:
        if connection.info.transaction_status == TransactionStatus.IDLE:
            self._idle.append(connection)
        else:
            connection.close()
        if self._closed.is_set():
            self._empty()

    def _empty(self) -> None:
        while self._idle:
            with suppress(IndexError):
                self._idle.pop().close()


def read_address(conninfo: str) -> str:
    """Give an address back that PostgreSQL can read, or raise `DatabaseUnavailable`."""
    try:
        conninfo_to_dict(conninfo)
    except psycopg.ProgrammingError as wrong:
        raise DatabaseUnavailable(f"its address cannot be read: {str(wrong).strip()}") from wrong
    return conninfo
