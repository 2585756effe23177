"""A worker at work on one connection: from signing on until it is told to stop, or the books are lost.

Side by side, pgqueuer hands out jobs and rings a bell for those that only wake; a server for each of these (the
marks, the runs, the dates, the events, the webhooks) works when its bell rings, and looks by itself every second,
because jobs carry no truth; the watch ends the shift. All work on the books is done in threads, so that the
heartbeats of pgqueuer never wait.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version
from threading import Event, Thread

import psycopg
from pgqueuer import PgQueuer
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job as PgqueuerJob
from pgqueuer.models import Schedule

from makegood.domain.errors import Unavailable
from makegood.domain.mails import Post
from makegood.jobs.catalogue import JOBS, Job
from makegood.jobs.dates import sites_left_to_date
from makegood.jobs.drain import sites_to_check
from makegood.jobs.listening import AskAndListen
from makegood.jobs.outside import Outside
from makegood.jobs.readers import readers_behind
from makegood.jobs.run_job import run_job
from makegood.jobs.send_mails import mails_to_send
from makegood.jobs.send_webhooks import webhooks_due
from makegood.jobs.serve_runs import runs_to_serve
from makegood.jobs.station import Station
from makegood.services.note_runs import PATIENCE, Crew, beat, sign_off, sign_on
from makegood.services.work import now
from makegood.store.database import Database

log = logging.getLogger(__name__)

# Marks and runs whose wake-up was lost are found after so many seconds.
LOOK_AGAIN = 1.0
BEAT = 1.0
# A job whose worker was killed is given to another one after so many seconds.
HEARTBEAT = 10.0
TICK = 0.05
SPARE_THREADS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What a worker is told: until when it works, its jobs, how it tells the time, and who takes its mails."""

    stop: Event = field(default_factory=Event)
    until_idle: bool = False
    jobs: Sequence[Job] = JOBS
    clock: Callable[[], datetime] = now
    patience: float = PATIENCE
    outside: Outside | None = None
    post: Post | None = None


class Worker:
    """One process that works shift after shift, each on connections of its own."""

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self._crew = Crew(socket.gethostname(), os.getpid(), version("makegood"))
        self._number: int | None = None

    def work_a_shift(self, books: Database) -> None:
        """Do what is to be done until told to stop, or, with `until_idle`, until nothing is left to do now.

        Raises whatever ended the shift when the books are lost.
        """
        ended = Event()
        told = self.orders
        station = Station(
            books,
            clock=told.clock,
            stop=ended,
            patience=told.patience,
            outside=told.outside,
            post=told.post,
        )
        self._sign_on(station)
        with _pulse(station, self._crew, ended):
            asyncio.run(_work(station, self.orders, ended))
        self._sign_off(station)

    def _sign_on(self, station: Station) -> None:
        # After a shift that was cut short the old number is still on the list, with what it was at.
        self._sign_off(station)
        self._number = station.worker = station.desk("sign-on")(sign_on, self._crew)
        log.info("worker %s is at work, process %s on %s", self._number, self._crew.pid, self._crew.host)

    def _sign_off(self, station: Station) -> None:
        if self._number is not None:
            station.desk("sign-off")(sign_off, self._number, station.tally.take())
            self._number = None


@contextmanager
def _pulse(station: Station, crew: Crew, ended: Event) -> Iterator[None]:
    """Beat in a thread of its own, whatever the others do."""

    def beats() -> None:
        while not ended.wait(BEAT):
            with suppress(Unavailable):
                station.desk("beat")(beat, station.worker or 0, crew, station.tally.take())

    thread = Thread(target=beats, name="pulse", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(BEAT)


async def _work(station: Station, orders: Orders, ended: Event) -> None:
    # A thread for each server and some for the jobs by the clock: those that take long keep no other waiting.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(len(orders.jobs) + SPARE_THREADS, "job"))
    address = station.books.conninfo
    connect = psycopg.AsyncConnection.connect
    async with (
        await connect(address, autocommit=True) as asking,
        await connect(address, autocommit=True) as listening,
    ):
        queuer = PgQueuer(AskAndListen(asking, listening))
        bells = {job.name: asyncio.Event() for job in orders.jobs if job.looks}
        for job in orders.jobs:
            _register(queuer, station, job, bells.get(job.name))
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_hand_out(queuer))
                for job in orders.jobs:
                    if job.looks:
                        group.create_task(_look(station, job, bells[job.name]))
                group.create_task(_watch(station, orders, ended, queuer))
                group.create_task(_end(queuer, list(bells.values())))
        except BaseException:
            # Threads cannot be cancelled: they end after their piece, or at once if they wait for the books.
            ended.set()
            station.books.close()
            raise


async def _hand_out(queuer: PgQueuer) -> None:
    await queuer.run(
        dequeue_timeout=timedelta(seconds=LOOK_AGAIN),
        heartbeat_timeout=timedelta(seconds=HEARTBEAT),
        log_aggregation_interval=timedelta(0),
        shutdown_on_listener_failure=True,
    )


def _register(queuer: PgQueuer, station: Station, job: Job, bell: asyncio.Event | None) -> None:
    """Make a job of the catalogue known to pgqueuer, with its schedule."""

    async def do(given: PgqueuerJob) -> None:
        if bell:
            bell.set()
        elif again := await asyncio.to_thread(run_job, station, job, given.attempts + 1):
            raise RetryRequested(delay=timedelta(seconds=again.seconds))

    async def enqueue(_: Schedule) -> None:
        await queuer.qm.queries.enqueue(job.name, None)

    queuer.entrypoint(job.name)(do)
    if job.every:
        queuer.schedule(job.name, job.every)(enqueue)


async def _look(station: Station, job: Job, bell: asyncio.Event) -> None:
    while station.goes_on:
        # Cleared first: a bell that rings meanwhile leads to another look.
        bell.clear()
        await asyncio.to_thread(job.run, station)
        # Not `wait_for`: on Python 3.11 it forgets that it was cancelled when the bell rings at the same time.
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_AGAIN):
                await bell.wait()


async def _watch(station: Station, orders: Orders, ended: Event, queuer: PgQueuer) -> None:
    """End the shift when it is time."""
    while not orders.stop.is_set() and not queuer.shutdown.is_set():
        if orders.until_idle and await asyncio.to_thread(_is_idle, station, orders.jobs):
            break
        await asyncio.sleep(TICK)
    ended.set()
    queuer.shutdown.set()


async def _end(queuer: PgQueuer, bells: Sequence[asyncio.Event]) -> None:
    await queuer.shutdown.wait()
    for bell in bells:
        bell.set()


def _is_idle(station: Station, jobs: Sequence[Job]) -> bool:
    with station.books.snapshot() as db:
        left = db.value("jobs_left", known=[job.name for job in jobs])
    seen = (sites_to_check, runs_to_serve, sites_left_to_date, readers_behind, mails_to_send, webhooks_due)
    return not left and not any(look(station) for look in seen)
