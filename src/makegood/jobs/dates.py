"""Date all queues that are marked for it, warehouse by warehouse, until nothing is to be done here now.

Nobody waits for dates: they come after the checks, on a worker's own thread, and a warehouse whose dates fail
rests for a while and is put on record, as a check is.
"""

import logging
import time

from makegood.domain.errors import Unavailable
from makegood.jobs.retry import pause
from makegood.jobs.station import Station
from makegood.services.dates.keep_dates import PATIENCE, ROWS_AT_ONCE, Dated, keep_dates, note_due
from makegood.services.dates.sites_to_date import SiteToDate, sites_to_date
from makegood.services.park_job import note_failure, park_job, unpark_job

log = logging.getLogger(__name__)

KEEP_DATES = "keep_dates"
# A worker spends at most a fifth of its time on dates: on a busy day they come a few seconds later.
REST = 4


def date_queues(station: Station, *, patience: float = PATIENCE, most: int = ROWS_AT_ONCE) -> int:
    """Keep the expected dates of every warehouse current, and give how many rows were written or dropped.

    `patience`: dates wait so many seconds for a check that is pending. `most` bounds what one transaction writes.
    What another worker is at is left to it.
    """
    rows = 0
    while station.goes_on:
        made = [_guarded(station, site, patience, most) for site in sites_left_to_date(station, patience=patience)]
        done = [one.rows for one in made if one]
        if not done:
            break
        rows += sum(done)
    return rows


def sites_left_to_date(station: Station, *, patience: float = PATIENCE) -> list[SiteToDate]:
    """List the warehouses in which dates are to be looked at now."""
    return station.desk("dates", wakes=False)(sites_to_date, KEEP_DATES, patience=patience)


def date_and_rest(station: Station) -> None:
    """Date what is marked, then leave dates alone for a while, so that checks have the machine."""
    began = time.monotonic()
    date_queues(station)
    station.rest(REST * (time.monotonic() - began))


def _guarded(station: Station, site: SiteToDate, patience: float, most: int) -> Dated | None:
    """Date one warehouse; whatever fails lets it rest, longer each time in a row."""
    desk = station.desk("dates", wakes=False)
    try:
        made = desk(keep_dates, desk(note_due, site.warehouse_id, patience=patience), most=most)
        if made and site.times_parked:
            desk(unpark_job, KEEP_DATES, site.code)
        return made
    except Unavailable:
        raise
    except Exception as error:
        seconds = pause(site.times_parked + 1)
        log.warning("the dates of %s failed and rest for %s s: %s", site.code, seconds, error)
        desk(note_failure, KEEP_DATES, site.code, error)
        desk(park_job, KEEP_DATES, site.code, because=f"{type(error).__name__}: {error}", seconds=seconds)
        return None
