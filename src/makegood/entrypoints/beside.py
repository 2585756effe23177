"""A worker in a process beside the server's: begun anew when it dies, ended with the server, however that ends."""

import logging
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from threading import Event, Thread

from makegood.entrypoints.lobby.clock import Clock
from makegood.entrypoints.logs import set_up_logs
from makegood.entrypoints.memory import settle_in
from makegood.entrypoints.worker import run_worker
from makegood.jobs.shift import Orders
from makegood.store.database import Database
from makegood.wiring import House, read_settings

log = logging.getLogger(__name__)

# A worker is begun anew after so many seconds, and has so many to finish its piece when it is told to stop.
PAUSE, PATIENCE = 1.0, 20.0
# A process of its own, not a copy of this one with its threads and locks.
_spawned = multiprocessing.get_context("spawn")


@contextmanager
def running_worker(address: str, clock: Clock) -> Iterator[None]:
    """Keep one worker at work on these books for as long as the block lasts."""
    over = Event()
    keeper = Thread(target=_keep, args=(address, clock, over), name="keeper of the worker")
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def _keep(address: str, clock: Clock, over: Event) -> None:
    while not over.is_set():
        told = (address, clock, logging.getLogger().level)
        process = _spawned.Process(target=_work, args=told, name="worker")
        process.start()
        while process.is_alive() and not over.is_set():
            over.wait(0.2)
        if not over.is_set():
            log.warning("the worker died (exit code %s) and is begun anew", process.exitcode)
            over.wait(PAUSE)
        _end(process)


def _end(process: "multiprocessing.context.SpawnProcess") -> None:
    process.terminate()
    process.join(PATIENCE)
    if process.is_alive():
        process.kill()
        process.join()


def _work(address: str, clock: Clock, level: int) -> None:
    """Work until told to stop, or until the server is no more."""
    set_up_logs(level, read_settings().log_format)
    orders = Orders(clock=clock.now)
    Thread(target=_stop_with_server, args=(orders.stop,), daemon=True).start()
    settle_in()
    run_worker(House(Database(address, most=1)), orders=orders)


def _stop_with_server(stop: Event) -> None:
    if server := multiprocessing.parent_process():
        wait([server.sentinel])
        stop.set()
