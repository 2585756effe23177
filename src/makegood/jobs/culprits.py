"""Find the order that makes a check fail or kills its worker: by trials that are undone."""

import logging
import time
from collections.abc import Sequence

from makegood.domain.errors import Unavailable
from makegood.jobs.station import Station
from makegood.jobs.wake import WAKE_UP
from makegood.services.note_runs import deaths, forget_deaths, someone_tries
from makegood.services.park_job import park_job
from makegood.services.set_aside import set_aside
from makegood.services.try_check import CheckTaken, Undone, orders_ahead, try_check

log = logging.getLogger(__name__)

# When more orders of one piece fail than this, it is not the orders: nobody is put aside.
MOST_CULPRITS = 25
# Of a check that kills its workers so many of the next orders are tried, each alone.
MOST_SUSPECTS = 2000
TRIES_FOR_THE_CHECK = 20


class WorkerDied(Exception):
    """A worker died while it served one order alone."""


def find_culprits(station: Station, warehouse: int) -> dict[int, BaseException]:
    """Give the orders, by id, without which the next piece of a warehouse's check comes through.

    None when it comes through with all of them, fails without any of them, or fails for too many.
    """
    rest = station.desk("check", wakes=False)(orders_ahead, warehouse)
    culprits: dict[int, BaseException] = {}
    while failure(station, warehouse, list(culprits)):
        found = first_to_fail(station, warehouse, rest, list(culprits))
        if found is None or len(culprits) == MOST_CULPRITS:
            return {}
        culprits[found[0]] = found[1]
        rest = [order for order in rest if order not in culprits]
    return culprits


def first_to_fail(
    station: Station, warehouse: int, orders: Sequence[int], without: Sequence[int]
) -> tuple[int, BaseException] | None:
    """Give the first order that makes the trial fail when it joins those before it; None when it is none of these.

    Found by halving: a trial leaves out all that come later, and what is left out anyway.
    """
    if not orders or failure(station, warehouse, [*without, *orders]):
        return None
    good, bad = 0, len(orders)
    while bad - good > 1:
        middle = (good + bad) // 2
        if failure(station, warehouse, [*without, *orders[middle:]]):
            bad = middle
        else:
            good = middle
    error = failure(station, warehouse, [*without, *orders[bad:]])
    return (orders[bad - 1], error) if error else None


def failure(station: Station, warehouse: int, without: Sequence[int]) -> BaseException | None:
    """Try the next piece without these orders, undo it, and give what it failed with.

    Raises `CheckTaken` when others do not let go of the check.
    """
    for _ in range(TRIES_FOR_THE_CHECK):
        try:
            station.desk("check", wakes=False)(try_check, warehouse, without)
        except Undone:
            return None
        except CheckTaken:
            time.sleep(0.05)
        except Unavailable:
            raise
        except Exception as error:
            return error
    raise CheckTaken


def find_killer(station: Station, warehouse: int, code: str) -> bool:
    """After several deaths, try each order alone, noted before; tell whether the check may go on.

    If the worker dies in a trial, the next one finds the note and puts that order aside. When all trials come
    through, no order explains the deaths: the check rests until a person retries it. Raises `CheckTaken` while
    another worker tries.
    """
    desk = station.desk("check", wakes=False)
    if desk(someone_tries, WAKE_UP, code, patience=station.patience):
        raise CheckTaken
    died_at = [order for order in desk(deaths, WAKE_UP, code, patience=station.patience) if order is not None]
    if died_at:
        error = WorkerDied("the worker died while it served this order alone")
        desk(set_aside, dict.fromkeys(died_at, error), job=WAKE_UP)
        log.error("orders %s killed a worker each and were set aside", died_at)
    elif _try_each(station, warehouse, code):
        desk(park_job, WAKE_UP, code, because="workers died at it, and no single order explains why")
        log.error("the check of %s killed its workers and rests until a person retries it", code)
    else:
        return False
    desk(forget_deaths, WAKE_UP, code, patience=station.patience)
    return bool(died_at)


def _try_each(station: Station, warehouse: int, code: str) -> bool:
    """Try the next orders one by one; False when the worker was stopped before the last."""
    orders = station.desk("check", wakes=False)(orders_ahead, warehouse, most=MOST_SUSPECTS)
    for order in orders:
        if not station.goes_on:
            return False
        with station.running(WAKE_UP, code, order=order):
            failure(station, warehouse, [other for other in orders if other != order])
    return True
