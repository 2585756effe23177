"""Every job in one list: its name, what it promises, when it runs, and the use-case that it does.

`every` is a cron expression in UTC; over all workers together a job runs once per tick. A job without one runs
when it is woken; each worker `looks` by itself every second too, for a wake-up carries no truth and may be lost.
"""

from collections.abc import Callable
from typing import NamedTuple

from makegood.domain.errors import Unavailable
from makegood.jobs.batches import Batches, in_batches
from makegood.jobs.dates import KEEP_DATES, date_and_rest
from makegood.jobs.drain import drain
from makegood.jobs.readers import READ_EVENTS, read_events
from makegood.jobs.retry import Again
from makegood.jobs.send_mails import SEND_MAILS, send_mails
from makegood.jobs.send_webhooks import send_webhooks
from makegood.jobs.serve_runs import serve_runs
from makegood.jobs.station import Station
from makegood.jobs.wake import WAKE_UP
from makegood.jobs.watch_delays import WATCH_DELAYS, look_for_delays
from makegood.services.accounts.tidy_accounts import tidy_accounts
from makegood.services.alerts.watch import watch
from makegood.services.boxes.keep_boxes import RECOMMEND_BOXES
from makegood.services.boxes.recommend_boxes import recommend_boxes
from makegood.services.escalate_stale import escalate_stale, stale_orders
from makegood.services.expire_allocations import expire_allocations, orders_to_expire
from makegood.services.mark_dates import mark_expired
from makegood.services.park_job import note_failure
from makegood.services.runs.start_run import SERVE_RUNS
from makegood.services.shrink_expired import shrink_expired
from makegood.services.sweep import find_lying, record_sweep
from makegood.services.tidy_jobs import tidy_jobs
from makegood.services.webhooks.derive import SEND_WEBHOOKS

# Orders whose queue is marked are not held for their age; a check takes a moment.
AFTER_THE_CHECK = Again(seconds=5)


class Job(NamedTuple):
    """Something that is done later, and what it promises; it gives `Again` when it wants to be done once more."""

    name: str
    promise: str
    every: str | None
    run: Callable[[Station], Again | None]
    looks: bool = False


def _check(station: Station) -> Again | None:
    drain(station)
    return None


def _recommend_boxes(station: Station) -> Again | None:
    try:
        while station.goes_on and station.desk(RECOMMEND_BOXES)(recommend_boxes):
            pass
    except Unavailable:
        raise
    except Exception as error:
        # Boxes are a convenience: whatever is wrong with them keeps nobody from being served.
        station.desk(RECOMMEND_BOXES)(note_failure, RECOMMEND_BOXES, "", error)
    return None


def _send_webhooks(station: Station) -> Again | None:
    try:
        send_webhooks(station)
    except Unavailable:
        raise
    except Exception as error:
        # Whatever is wrong with a message keeps nobody from being served; it is sent again when its time is up.
        station.desk(SEND_WEBHOOKS)(note_failure, SEND_WEBHOOKS, "", error)
    return None


def _watch(station: Station) -> Again | None:
    station.desk("watch_alerts")(watch, patience=station.patience)
    return None


def _escalate(station: Station) -> Again | None:
    batches = Batches("escalate_stale", escalate_stale, stale_orders)
    done = list(in_batches(station, batches))
    # Holding an order marks its queues; others that are stale in them come after their check.
    held_some = any(made.orders for made in done)
    return AFTER_THE_CHECK if held_some and done[-1].awaiting else None


def _expire(station: Station) -> Again | None:
    list(in_batches(station, Batches("expire_allocations", expire_allocations, orders_to_expire)))
    return None


def _shrink(station: Station) -> Again | None:
    while station.goes_on and station.desk("shrink_expired")(shrink_expired):
        pass
    station.desk(f"expiry:{station.clock().date()}")(mark_expired)
    return None


def _sweep(station: Station) -> Again | None:
    as_of = station.clock()
    with station.books.snapshot() as db:
        found = find_lying(db, as_of)
    station.desk(f"sweep:{as_of.isoformat()}")(record_sweep, found)
    return None


def _tidy(station: Station) -> Again | None:
    while station.goes_on and station.desk("tidy_jobs")(tidy_jobs):
        pass
    return None


def _tidy_accounts(station: Station) -> Again | None:
    while station.goes_on and station.desk("tidy_accounts")(tidy_accounts):
        pass
    return None


JOBS: tuple[Job, ...] = (
    Job(WAKE_UP, "Stock that became usable goes to the orders that should have it.", None, _check, looks=True),
    Job(SERVE_RUNS, "Each order of a run is tried once, in rank order.", None, serve_runs, looks=True),
    Job(RECOMMEND_BOXES, "Allocated orders are recommended boxes.", None, _recommend_boxes, looks=True),
    Job(KEEP_DATES, "Every backorder tells when its last unit is due.", None, date_and_rest, looks=True),
    Job(READ_EVENTS, "What follows from an event is done once, later.", None, read_events, looks=True),
    Job(SEND_WEBHOOKS, "Receivers are told what happened, at least once.", None, _send_webhooks, looks=True),
    Job("watch_alerts", "What needs a person is told once, and ended when it is over.", "* * * * *", _watch),
    Job(SEND_MAILS, "Each mail that is due is sent, and what came of it kept.", None, send_mails, looks=True),
    Job("escalate_stale", "Orders that are short for too long are held for review.", "*/10 * * * *", _escalate),
    Job("expire_allocations", "Reservations whose time is up go back to the queue.", "* * * * *", _expire),
    Job("shrink_expired", "Nobody keeps a reservation on an expired lot.", "1 0 * * *", _shrink),
    Job("sweep", "A waiting line that was left lying is found, served and counted.", "*/10 * * * *", _sweep),
    Job(WATCH_DELAYS, "Customers are asked before an order misses its day.", "*/10 * * * *", look_for_delays),
    Job("tidy_accounts", "Ended sign-ins and old idempotency keys are dropped.", "7 * * * *", _tidy_accounts),
    Job("tidy_jobs", "Yesterday's diary of the jobs is dropped.", "*/15 * * * *", _tidy),
)
