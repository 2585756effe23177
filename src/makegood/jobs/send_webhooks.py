"""Send what endpoints are to be told, many at the same time, so that one that is slow keeps no other waiting.

A message is taken for a while and tried within it. If the worker dies meanwhile the message is taken again, under
the same id: receivers are told at least once, and drop what they have seen.
"""

import logging
import random
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from makegood.domain.webhooks import Answer
from makegood.jobs.outward import post
from makegood.jobs.station import Station
from makegood.services.alerts.watch import raise_disabled
from makegood.services.webhooks.derive import SEND_WEBHOOKS
from makegood.services.webhooks.send import Parcel, Sent, any_due, note_sent, signed, take_parcels
from makegood.services.work import Work, now

log = logging.getLogger(__name__)

AT_ONCE = 32
# While some are under way it is looked for others so often.
LOOK_AGAIN = 0.25
# A message is held for so much longer than a try may take.
SECONDS_TO_NOTE = 5.0


def send_webhooks(station: Station) -> None:
    """Send all that is due, until nothing is left to do now or the worker is to stop; tries begun are ended."""
    flying: set[Future[Sent]] = set()
    with ThreadPoolExecutor(AT_ONCE, "webhook") as several:
        while True:
            parcels = _take(station, AT_ONCE - len(flying)) if station.goes_on else []
            flying |= {several.submit(_send, station, parcel) for parcel in parcels}
            if not flying:
                return
            done, flying = wait(flying, timeout=LOOK_AGAIN, return_when=FIRST_COMPLETED)
            if done:
                station.desk(SEND_WEBHOOKS, wakes=False)(_note, [one.result() for one in done])


def webhooks_due(station: Station) -> bool:
    """Tell whether a message could be sent now."""
    return station.desk(SEND_WEBHOOKS).read(any_due)


def _take(station: Station, most: int) -> list[Parcel]:
    seconds = station.outside.total_seconds + SECONDS_TO_NOTE
    desk = station.desk(SEND_WEBHOOKS, wakes=False)
    return desk(take_parcels, most=most, seconds=seconds) if most and desk.read(any_due) else []


def _send(station: Station, parcel: Parcel) -> Sent:
    answer = _try(station, parcel)
    told = {"webhook_id": parcel.message_id, "endpoint": parcel.endpoint_id, "attempt": parcel.attempt}
    came = {"status": answer.status, "error": answer.error, "ms": round(answer.seconds * 1000, 1)}
    log.info("webhook", extra=told | came)
    return Sent(parcel, answer, random.random())


def _try(station: Station, parcel: Parcel) -> Answer:
    """Send a message; whatever is wrong with one is its own failure, and keeps no other waiting."""
    try:
        # Receivers refuse a message whose time is not theirs: it is the clock's, not that of the business.
        return post(parcel.url, signed(parcel, now()), parcel.body, station.outside)
    except Exception as error:
        log.exception("webhook could not be sent", extra={"webhook_id": parcel.message_id})
        return Answer(None, f"defect: {type(error).__name__}", "", 0.0)


def _note(work: Work, sent: list[Sent]) -> None:
    if disabled := note_sent(work, sent):
        raise_disabled(work, disabled)
