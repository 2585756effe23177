"""Find the order, or the queue, that makes a check fail or kills its worker: by trials that are undone."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence

from makegood.domain.errors import Unavailable
from makegood.jobs.site import Site
from makegood.jobs.station import Station
from makegood.jobs.wake import WAKE_UP
from makegood.services.note_runs import deaths, forget_deaths, someone_tries
from makegood.services.park_job import park_job
from makegood.services.set_aside import set_aside
from makegood.services.try_check import (
    CheckTaken,
    MarkedQueue,
    Undone,
    orders_ahead,
    queues_ahead,
    try_check,
)

log = logging.getLogger(__name__)

# When more orders of one piece fail than this, it is their queue rather than the orders.
MOST_CULPRITS = 5
# Of a check that kills its workers so many of the next orders are tried, each alone.
MOST_SUSPECTS = 2000
TRIES_FOR_THE_CHECK = 20
# So often a worker must have died while it served the same order alone.
DEATHS_OF_A_KILLER = 2
# After so many deaths that no order explains the check rests until a person retries it.
MOST_UNEXPLAINED = 8


class WorkerDied(Exception):
    """A worker died while it served one order alone."""


def find_culprits(station: Station, site: Site) -> dict[int, BaseException]:
    """Give the orders, by id, without which the next piece of a warehouse's check comes through.

    None when it comes through with all of them, fails without any of them, or fails for too many.
    """
    orders = station.desk("check", wakes=False)(orders_ahead, site.warehouse_id)
    culprits: dict[int, BaseException] = {}
    while failure(station, site, list(culprits)):
        found = first_to_fail(station, site, [order for order in orders if order not in culprits], list(culprits))
        if found is None or len(culprits) == MOST_CULPRITS:
            return {}
        culprits[found[0]] = found[1]
    return culprits


def first_to_fail(
    station: Station, site: Site, orders: Sequence[int], without: Sequence[int]
) -> tuple[int, BaseException] | None:
    """Give the first order that makes the trial fail when it joins those before it; None when it is none of these.

    A trial leaves out all that come later, and what is left out anyway.
    """
    if not orders or failure(station, site, [*without, *orders]):
        return None
    count = first_failing(len(orders), lambda joined: failure(station, site, [*without, *orders[joined:]]))
    error = failure(station, site, [*without, *orders[count:]])
    return (orders[count - 1], error) if error else None


def find_bad_queue(station: Station, site: Site) -> MarkedQueue | None:
    """Give the first of several marked queues that makes the trial fail when it joins those before it."""
    queues = station.desk("check", wakes=False)(queues_ahead, site.warehouse_id, site.resting)
    if len(queues) < 2:
        return None

    def fails(joined: int) -> BaseException | None:
        resting = [*site.resting, *(queue.variant_id for queue in queues[joined:])]
        return failure(station, site._replace(resting=resting), [])

    count = first_failing(len(queues), fails)
    return queues[count - 1] if fails(count) else None


def first_failing(most: int, fails: Callable[[int], object]) -> int:
    """Give the smallest number up to `most` for which it fails, by halving, if it does for `most` and stays so.

    >>> first_failing(100, lambda number: number >= 37)
    37
    """
    good, bad = 0, most
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (good, middle) if fails(middle) else (middle, bad)
    return bad


def failure(station: Station, site: Site, without: Sequence[int]) -> BaseException | None:
    """Try the next piece without these orders, undo it, and give what it failed with.

    Raises `CheckTaken` when others do not let go of the check.
    """
    for _ in range(TRIES_FOR_THE_CHECK):
        try:
            station.desk("check", wakes=False)(try_check, site.warehouse_id, without, site.resting)
        except Undone:
            return None
        except CheckTaken:
            time.sleep(0.05)
        except Unavailable:
            raise
        except Exception as error:
            return error
    raise CheckTaken


def find_killer(station: Station, site: Site) -> bool:
    """After several deaths, try each order alone, noted before; tell whether the check may go on.

    If a worker dies in the trial of the same order twice, the next one finds the notes and puts that order aside.
    When all trials come through, no order explains the deaths: after many of them the check rests until a person
    retries it. Raises `CheckTaken` while another worker tries.
    """
    desk, code = station.desk("check", wakes=False), site.code
    if desk(someone_tries, WAKE_UP, code, patience=station.patience):
        raise CheckTaken
    dead = desk(deaths, WAKE_UP, code, patience=station.patience)
    alone = Counter(order for order in dead if order is not None)
    # One death alone may be chance: somebody pulled the plug. Two with the same order are the order's doing.
    died_at = [order for order, times in alone.items() if times >= DEATHS_OF_A_KILLER]
    if died_at:
        error = WorkerDied("the worker died while it served this order alone")
        desk(set_aside, dict.fromkeys(died_at, error), job=WAKE_UP)
        log.error("orders %s killed a worker each and were set aside", died_at)
    elif not _try_each(station, site):
        return False
    elif len(dead) < MOST_UNEXPLAINED:
        # It may have been chance so far: the check goes on, and coming through it clears everybody.
        return True
    else:
        desk(park_job, WAKE_UP, code, because="workers died at it, and no single order explains why")
        log.error("the check of %s killed its workers and rests until a person retries it", code)
    desk(forget_deaths, WAKE_UP, code, patience=station.patience)
    return bool(died_at)


def _try_each(station: Station, site: Site) -> bool:
    """Try the next orders one by one; False when the worker was stopped before the last."""
    orders = station.desk("check", wakes=False)(orders_ahead, site.warehouse_id, most=MOST_SUSPECTS)
    for order in orders:
        if not station.goes_on:
            return False
        with station.running(WAKE_UP, site.code, order=order):
            failure(station, site, [other for other in orders if other != order])
    return True
