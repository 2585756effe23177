"""Serve all marked queues, warehouse by warehouse and piece by piece, until nothing is marked.

No single order may keep the others from being served. A piece that fails is tried again without the order that
makes it fail (`culprits`); a piece that kills its worker is, after the third death, tried order by order. What no
order explains lets its queue rest for a while, or its warehouse, and the others go on.
"""

import logging
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

from makegood.domain.errors import BooksBusy, Unavailable
from makegood.jobs.culprits import find_bad_queue, find_culprits, find_killer
from makegood.jobs.retry import pause
from makegood.jobs.site import Site
from makegood.jobs.station import Station
from makegood.jobs.wake import WAKE_UP
from makegood.services.at_hand import at_hand
from makegood.services.check_backorders import Piece
from makegood.services.check_without import check_without
from makegood.services.note_runs import count_workers
from makegood.services.park_job import find_parked, note_failure, park_job
from makegood.services.set_aside import set_aside
from makegood.services.try_check import CheckTaken
from makegood.services.work import Work

log = logging.getLogger(__name__)

# While the database writes one warehouse's piece, another's is decided here (docs/decisions/0006).
WAREHOUSES_AT_ONCE = 2
# On a busy machine an order at the door waits for a processor behind a check; by so much the check comes later.
STEPS_ASIDE = 10
# A warehouse is served for so long before it is another's turn.
SECONDS_A_VISIT = 0.25
# So often work may end with the worker's death before it is looked at closely.
MOST_DEATHS = 3
# The books changed during all tries of so many pieces in a row: then it is not the others' doing.
MOST_BUSY = 3


def drain(station: Station) -> list[Piece]:
    """Serve whoever can be served, until no queue is marked or others are at the rest; give the pieces done."""
    pieces: list[Piece] = []
    began = time.perf_counter()
    while station.goes_on:
        sites = sites_to_check(station)
        with ThreadPoolExecutor(at_once(station, sites), initializer=give_way) as several:
            made = [piece for done in several.map(partial(visit, station), sites) for piece in done]
        if not made:
            break
        pieces += made
    if pieces:
        served = sum(piece.lines for piece in pieces), sum(piece.units for piece in pieces)
        station.tally.note("drain", time.perf_counter() - began, lines=served[0], units=served[1])
    return pieces


def at_once(station: Station, sites: Sequence[Site]) -> int:
    """Tell how many of these warehouses a worker serves at once: it leaves the other workers theirs."""
    # A death is noted for all that a worker was at: who is to blame is found one by one.
    if len(sites) < 2 or any(site.deaths for site in sites):
        return 1
    return WAREHOUSES_AT_ONCE if len(sites) > station.desk("check").read(count_workers, station.patience) else 1


def give_way() -> None:
    """Let the machine serve whoever stands at a door before this thread."""
    os.nice(STEPS_ASIDE)


def sites_to_check(station: Station) -> list[Site]:
    """List the warehouses in which a queue is marked, without those whose check rests."""

    def read(work: Work) -> list[Site]:
        return work.db.records(Site, "sites_to_check", job=WAKE_UP, patience=station.patience)

    return station.desk("check")(read)


def visit(station: Station, site: Site) -> list[Piece]:
    """Serve one warehouse for a moment, and give the pieces done."""
    pieces: list[Piece] = []
    # Whoever looks for the order that fails or kills holds the check; it is all the others' turn afterwards.
    with suppress(CheckTaken):
        _visit(station, site, pieces)
    return pieces


def _visit(station: Station, site: Site, pieces: list[Piece]) -> None:
    if site.deaths >= MOST_DEATHS and not find_killer(station, site):
        return
    until = time.monotonic() + SECONDS_A_VISIT
    with station.running(WAKE_UP, site.code):
        while station.goes_on and (piece := serve(station, site)):
            pieces.append(piece)
            if piece.finished or time.monotonic() > until:
                break


def serve(station: Station, site: Site) -> Piece | None:
    """Do the next piece; None when nothing is left to do here now. A piece that fails never raises."""
    try:
        with at_hand("check", warehouse=site.code):
            return station.desk("check", wakes=False)(check_without, site.warehouse_id, site.resting)
    except Unavailable:
        raise
    except Exception as error:
        return recover(station, site, error)


def recover(station: Station, site: Site, error: Exception) -> Piece | None:
    """Put aside what makes the piece fail: orders, else a queue for a while, else the warehouse for a while."""
    desk = station.desk("check", wakes=False)
    busy = isinstance(error, BooksBusy) and desk(find_parked, WAKE_UP, site.code).times + 1 < MOST_BUSY
    if culprits := {} if busy else find_culprits(station, site):
        desk(set_aside, culprits, job=WAKE_UP)
        log.error("%s: orders %s were set aside, the check failed for them: %s", site.code, list(culprits), error)
        return Piece(0, 0, finished=False)
    queue = None if busy else find_bad_queue(station, site)
    rest(station, f"{site.code}/{queue.sku}#{queue.variant_id}" if queue else site.code, error)
    # The visit ends; the next one leaves the queue out.
    return Piece(0, 0, finished=True) if queue else None


def rest(station: Station, subject: str, error: Exception) -> None:
    """Let a queue or a warehouse rest, longer each time in a row, and put the failure on record."""
    desk = station.desk("check", wakes=False)
    seconds = pause(desk(find_parked, WAKE_UP, subject).times + 1)
    log.warning("the check of %s failed and rests for %s s: %s", subject, seconds, error)
    desk(note_failure, WAKE_UP, subject, error)
    desk(park_job, WAKE_UP, subject, because=f"{type(error).__name__}: {error}", seconds=seconds)
