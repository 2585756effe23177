"""The worker's door: signals end it in good order, and a lost database only makes it wait."""

import logging
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from threading import Event, current_thread, main_thread
from types import FrameType

import psycopg

from makegood.domain.errors import Unavailable
from makegood.entrypoints.tracing import tracing
from makegood.jobs.shift import Orders, Worker
from makegood.store.database import Database
from makegood.wiring import House, open_house, read_outside, read_post

log = logging.getLogger(__name__)

LOST = (Unavailable, psycopg.OperationalError, psycopg.InterfaceError)
LONGEST_WAIT = 5.0


# A thread that got its answer from the database must not wait long for one that decides.
SWITCH_INTERVAL = 0.0005


def run_worker(house: House | None = None, *, until_idle: bool = False, orders: Orders | None = None) -> None:
    """Serve the queue and do the jobs of the catalogue until SIGTERM or SIGINT, which finish the piece at hand.

    With `until_idle` it returns once nothing is left to do now. Without a house the books are opened as the
    settings say, as soon as the database answers; when the connection is lost it is taken up again.
    """
    sys.setswitchinterval(SWITCH_INTERVAL)
    orders = replace(orders or Orders(), until_idle=until_idle)
    if orders.outside is None:
        orders = replace(orders, outside=read_outside(), post=orders.post or read_post())
    worker = Worker(orders)
    with stopped_by_signals(orders.stop), tracing():
        tries = 0
        while not orders.stop.is_set():
            began = time.monotonic()
            if _one_shift(worker, nullcontext(house) if house else open_house()):
                return
            tries = 1 if time.monotonic() - began > LONGEST_WAIT * 2 else tries + 1
            orders.stop.wait(min(0.1 * 2**tries, LONGEST_WAIT))


def _one_shift(worker: Worker, opening: AbstractContextManager[House]) -> bool:
    """Work until told to stop; False when something went wrong and the next shift has to be begun."""
    try:
        with opening as house:
            books = Database(house.books.conninfo)
            try:
                worker.work_a_shift(books)
            finally:
                books.close()
    except Exception as error:
        if is_lost(error):
            log.warning("the worker waits for the books: %s", error)
        elif worker.orders.until_idle:
            raise
        else:
            log.exception("the worker stumbled and goes on")
        return False
    return True


def is_lost(error: BaseException) -> bool:
    """Tell whether an error, or one of a group, says that the books cannot be reached now."""
    if isinstance(error, BaseExceptionGroup):
        return any(is_lost(one) for one in error.exceptions)
    return isinstance(error, LOST)


@contextmanager
def stopped_by_signals(stop: Event) -> Iterator[None]:
    """Set the event on SIGTERM and SIGINT within the block; only the main thread can be told so."""
    if current_thread() is not main_thread():
        yield
        return

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, told) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
