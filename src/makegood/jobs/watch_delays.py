"""Ask customers before an order misses its day, and act on their silence, order by order."""

import logging

from makegood.domain.delays import DelayAction
from makegood.domain.errors import Unavailable
from makegood.jobs.station import Station
from makegood.services.asking.watch_delays import LateStep, Watched, act_on_silence, send_notices, watch_delays
from makegood.services.park_job import note_failure

log = logging.getLogger(__name__)

WATCH_DELAYS = "watch_delays"


def look_for_delays(station: Station) -> None:
    """Do what is due about every order that is late; where no mails are sent nobody is asked."""
    after: int | None = 0
    while station.post and station.goes_on and after is not None:
        found: Watched = station.desk(WATCH_DELAYS).read(watch_delays, after)
        notices = [one.order_id for one in found.steps if one.step.do is DelayAction.NOTIFY]
        if notices:
            station.desk(WATCH_DELAYS)(send_notices, notices)
        for late in found.steps:
            if station.goes_on and late.step.do is not DelayAction.NOTIFY:
                _act(station, late)
        after = found.last


def _act(station: Station, late: LateStep) -> None:
    """Act on one order; one that cannot be acted upon keeps no other waiting."""
    desk = station.desk(WATCH_DELAYS)
    try:
        desk(act_on_silence, late)
    except Unavailable:
        raise
    except Exception as error:
        log.warning("the delay of order %s could not be acted upon: %s", late.order_id, error)
        desk(note_failure, WATCH_DELAYS, str(late.order_id), error)
