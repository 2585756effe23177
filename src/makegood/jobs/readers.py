"""Hand the events to those who do what follows from them, each reader by itself: none keeps another waiting.

What fails is tried again after a pause that grows. An event of which a reader cannot make anything is handed to it
alone, and after some tries it is put on record and skipped, so that those behind it are told.
"""

import logging
from collections.abc import Callable, Sequence
from typing import NamedTuple

from makegood.domain.errors import Unavailable
from makegood.jobs.retry import MOST_TRIES, pause
from makegood.jobs.station import Station
from makegood.services.mails.tell_customers import CUSTOMERS
from makegood.services.outbox.read_on import EVENTS_AT_ONCE, Reader, has_more, read_on, skip_event
from makegood.services.park_job import find_parked, note_failure, park_job, unpark_job
from makegood.services.webhooks.derive import WEBHOOKS, any_in_service
from makegood.services.work import Work

log = logging.getLogger(__name__)

READ_EVENTS = "read_events"


class Listed(NamedTuple):
    """A reader of the list, and whether it is wanted here and now; one that is not stays where it is."""

    reader: Reader
    wanted: Callable[[Station, Work], bool]


# Everybody who is told of events later, in one visible list.
READERS: Sequence[Listed] = (
    Listed(CUSTOMERS, wanted=lambda station, _: station.post is not None),
    Listed(WEBHOOKS, wanted=lambda _, work: any_in_service(work)),
)


def read_events(station: Station, readers: Sequence[Listed] = READERS) -> None:
    """Let every reader that is wanted come to the end of the events that are final now."""
    for listed in readers:
        while station.goes_on and _is_behind(station, listed) and _take_some(station, listed.reader):
            pass


def readers_behind(station: Station, readers: Sequence[Listed] = READERS) -> list[str]:
    """Name the readers that have something to read now and do not rest after a failure."""
    return [listed.reader.name for listed in readers if _is_behind(station, listed)]


def _is_behind(station: Station, listed: Listed) -> bool:
    def read(work: Work) -> bool:
        if not listed.wanted(station, work) or find_parked(work, READ_EVENTS, listed.reader.name).rests:
            return False
        return has_more(work, listed.reader)

    return station.desk(READ_EVENTS).read(read)


def _take_some(station: Station, reader: Reader) -> int:
    """Hand on some events and give how many; whatever fails is handed on one by one."""
    desk = station.desk(READ_EVENTS, wakes=False)
    try:
        return desk(_read, reader)
    except Unavailable:
        raise
    except Exception as error:
        desk(note_failure, READ_EVENTS, reader.name, error)
        return _one_by_one(station, reader)


def _read(work: Work, reader: Reader, most: int = EVENTS_AT_ONCE) -> int:
    """Hand on events; a reader that could take some does not rest any more."""
    taken = read_on(work, reader, most=most)
    if taken:
        unpark_job(work, READ_EVENTS, reader.name)
    return taken


def _one_by_one(station: Station, reader: Reader) -> int:
    """Hand on events alone until one fails; it is tried again after a pause, and skipped at last."""
    desk = station.desk(READ_EVENTS, wakes=False)
    taken = 0
    try:
        while station.goes_on and desk(_read, reader, 1):
            taken += 1
    except Unavailable:
        raise
    except Exception as error:
        _rest_or_skip(station, reader, error)
    return taken


def _rest_or_skip(station: Station, reader: Reader, error: Exception) -> None:
    desk = station.desk(READ_EVENTS, wakes=False)
    times = desk(find_parked, READ_EVENTS, reader.name).times + 1
    if times > MOST_TRIES and (event := desk(skip_event, reader)):
        log.error("%s skips event %s (%s): %s", reader.name, event.event_id, event.type, error)
        desk(note_failure, READ_EVENTS, f"{reader.name}/{event.event_id}", error)
        desk(unpark_job, READ_EVENTS, reader.name)
        return
    seconds = pause(times)
    log.warning("%s failed and rests for %s s: %s", reader.name, seconds, error)
    desk(park_job, READ_EVENTS, reader.name, because=f"{type(error).__name__}: {error}", seconds=seconds)
