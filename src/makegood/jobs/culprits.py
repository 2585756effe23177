"""Find the order that makes a check fail or kills its worker: by trials that are undone."""

from collections.abc import Collection, Sequence

from makegood.domain.errors import Unavailable
from makegood.jobs.station import Station
from makegood.jobs.wake import WAKE_UP
from makegood.services.note_runs import deaths, forget_deaths, someone_tries
from makegood.services.park_job import park_job
from makegood.services.set_aside import set_aside
from makegood.services.try_check import CheckTaken, Undone, orders_ahead, try_check

# When more orders of one piece fail than this, it is not the orders: nobody is put aside.
MOST_CULPRITS = 25


class WorkerDied(Exception):
    """A worker died while it served one order alone."""


def find_culprits(station: Station, warehouse: int) -> dict[int, BaseException]:
    """Give the orders, by id, without which the next piece of a warehouse's check comes through.

    None when it comes through with all of them, fails with none of them, or fails for too many.
    """
    rest = station.desk("check", wakes=False)(orders_ahead, warehouse)
    culprits: dict[int, BaseException] = {}
    while failure(station, warehouse, rest):
        found = first_to_fail(station, warehouse, rest)
        if found is None or len(culprits) == MOST_CULPRITS:
            return {}
        culprits[found[0]] = found[1]
        rest = [order for order in rest if order not in culprits]
    return culprits


def first_to_fail(station: Station, warehouse: int, orders: Sequence[int]) -> tuple[int, BaseException] | None:
    """Give the order whose addition makes the trial fail, by halving; None when it fails without any order."""
    error = failure(station, warehouse, [])
    if error:
        return None
    good, bad = 0, len(orders)
    while bad - good > 1:
        middle = (good + bad) // 2
        if failure(station, warehouse, orders[:middle]):
            bad = middle
        else:
            good = middle
    error = failure(station, warehouse, orders[:bad])
    return (orders[bad - 1], error) if error else None


def failure(station: Station, warehouse: int, only: Collection[int]) -> BaseException | None:
    """Try the next piece with only these orders, undo it, and give what it failed with."""
    try:
        station.desk("check", wakes=False)(try_check, warehouse, only)
    except Undone:
        return None
    except (Unavailable, CheckTaken):
        raise
    except Exception as error:
        return error
    return None


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
    elif _try_each(station, warehouse, code):
        desk(park_job, WAKE_UP, code, because="workers died at it, and no single order explains why")
    else:
        return False
    desk(forget_deaths, WAKE_UP, code, patience=station.patience)
    return bool(died_at)


def _try_each(station: Station, warehouse: int, code: str) -> bool:
    """Try the orders of the next piece one by one; False when the worker was stopped before the last."""
    for order in station.desk("check", wakes=False)(orders_ahead, warehouse):
        if not station.goes_on:
            return False
        with station.running(WAKE_UP, code, order=order):
            failure(station, warehouse, [order])
    return True
