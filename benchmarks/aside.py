"""Work that goes on beside a measurement, in a process of its own, until it is told to stop."""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE = 900.0
_processes = multiprocessing.get_context("spawn")


class Signals:
    """What passes between a measurement and what goes on beside it."""

    def __init__(self, ready: Event, go: Event, stop: Event) -> None:
        self._ready, self._go, self._stop = ready, go, stop

    def await_go(self) -> None:
        """Say that all is set up, and wait for the start."""
        self._ready.set()
        self._go.wait(PATIENCE)

    @property
    def stopped(self) -> bool:
        """Tell whether the measurement is over."""
        return self._stop.is_set()

    def wait(self, seconds: float) -> bool:
        """Sleep; True when the measurement ended meanwhile."""
        return self._stop.wait(seconds)


class Aside(Generic[T]):
    """A process that goes on beside this one."""

    def __init__(self, work: Callable[Concatenate[Signals, P], T], *args: P.args, **named: P.kwargs) -> None:
        self._ready, self._go, self._stop = (_processes.Event() for _ in range(3))
        self._results, results = _processes.Pipe(duplex=False)
        signals = (self._ready, self._go, self._stop)
        self._process = _processes.Process(target=_do, args=(work, signals, results, args, named), daemon=True)
        self._process.start()
        results.close()
        if not self._ready.wait(PATIENCE):
            raise TimeoutError(f"{work} did not get ready")

    def go(self) -> None:
        """Let it begin."""
        self._go.set()

    def stop(self) -> None:
        """Let it come to its end."""
        self._stop.set()

    def result(self) -> T:
        """Wait until it is through, and give what it gave; raise what it raised."""
        found: T | BaseException = self._results.recv()
        self._process.join(PATIENCE)
        if isinstance(found, BaseException):
            raise found
        return found


@contextmanager
def beside(work: Callable[Concatenate[Signals, P], T], *args: P.args, **named: P.kwargs) -> Iterator[Aside[T]]:
    """Start a process and wait until it is ready; it is stopped when the block ends."""
    aside = Aside(work, *args, **named)
    try:
        yield aside
    finally:
        aside.stop()
        aside._process.join(10)
        aside._process.kill()


def _do(
    work: Callable[..., Any], signals: tuple[Event, Event, Event], results: Connection, args: Any, named: Any
) -> None:
    try:
        results.send(work(Signals(*signals), *args, **named))
    except BaseException as failure:
        results.send(failure)
    finally:
        # Whoever waits for a process that failed early must not wait for ever.
        signals[0].set()
