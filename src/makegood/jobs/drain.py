"""Serve all marked queues, warehouse by warehouse and piece by piece, until nothing is marked.

No single order may keep the others from being served. A piece that fails is tried again without the order that
makes it fail (`culprits`); a piece that kills its worker is, after the third death, tried order by order. What
cannot be explained by an order rests for a while, and the other warehouses go on.
"""

import logging
import time
from contextlib import suppress
from typing import NamedTuple

from makegood.domain.errors import BooksBusy, Unavailable
from makegood.jobs.culprits import find_culprits, find_killer
from makegood.jobs.retry import pause
from makegood.jobs.station import Station
from makegood.jobs.wake import WAKE_UP
from makegood.services.check_backorders import Piece, check_backorders
from makegood.services.park_job import find_parked, note_failure, park_job
from makegood.services.set_aside import set_aside
from makegood.services.try_check import CheckTaken
from makegood.services.work import Work

log = logging.getLogger(__name__)

# A warehouse is served for so long before it is another's turn.
SECONDS_A_VISIT = 0.25
# So often work may end with the worker's death before it is looked at closely.
MOST_DEATHS = 3
# The books changed during all tries of so many pieces in a row: then it is not the others' doing.
MOST_BUSY = 3


class Site(NamedTuple):
    """A warehouse with a marked queue, and how many workers died at its check."""

    warehouse_id: int
    code: str
    deaths: int


def drain(station: Station) -> list[Piece]:
    """Serve whoever can be served, until no queue is marked or others are at the rest; give the pieces done."""
    pieces: list[Piece] = []
    while station.goes_on:
        made = [piece for site in sites_to_check(station) for piece in visit(station, site)]
        if not made:
            break
        pieces += made
    return pieces


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
    if site.deaths >= MOST_DEATHS and not find_killer(station, site.warehouse_id, site.code):
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
        return station.desk("check", wakes=False)(check_backorders, site.warehouse_id)
    except Unavailable:
        raise
    except Exception as error:
        return recover(station, site, error)


def recover(station: Station, site: Site, error: Exception) -> Piece | None:
    """Put aside the orders that make the piece fail, or let the warehouse rest when it is none of them."""
    desk = station.desk("check", wakes=False)
    times = desk(find_parked, WAKE_UP, site.code).times + 1
    busy = isinstance(error, BooksBusy) and times < MOST_BUSY
    culprits = {} if busy else find_culprits(station, site.warehouse_id)
    if culprits:
        desk(set_aside, culprits, job=WAKE_UP)
        log.error(
            "the check of %s failed for orders %s, which were set aside: %s", site.code, list(culprits), error
        )
        return Piece(0, 0, finished=False)
    log.warning("the check of %s failed and rests for a while: %s: %s", site.code, type(error).__name__, error)
    desk(note_failure, WAKE_UP, site.code, error)
    desk(park_job, WAKE_UP, site.code, because=f"{type(error).__name__}: {error}", seconds=pause(times))
    return None
