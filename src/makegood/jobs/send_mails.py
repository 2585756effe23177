"""Send the mails that are due, one after the other over one line, each claimed by whoever sends it.

A claim is a lock of a connection: it goes with the process that has it, however that ends, and needs no clock. So
a mail that was taken and not noted as sent is sent again, with the same Message-ID, and no other mail ever is.
While the server cannot be reached no mail is taken, and all wait.
"""

import logging

from makegood.domain.errors import Unavailable
from makegood.domain.mails import MailStatus, Post
from makegood.jobs.retry import pause
from makegood.jobs.station import Station
from makegood.services.park_job import find_parked, note_failure, park_job, unpark_job
from makegood.services.sending.delivery import Line, ServerTrouble, line_to
from makegood.services.sending.take_mail import give_up_mail, mails_due, note_tried, take_mail
from makegood.services.work import Work

log = logging.getLogger(__name__)

SEND_MAILS = "send_mails"


def send_mails(station: Station) -> None:
    """Send all mails that are due now, or rest when the server is not there."""
    post = station.post
    while post and station.goes_on and (mails := mails_to_send(station)):
        try:
            with line_to(post) as line:
                sent = [_send(station, line, post, mail) for mail in mails if station.goes_on]
        except ServerTrouble as trouble:
            _rest(station, trouble)
            return
        if not any(sent):
            return
        station.desk(SEND_MAILS, wakes=False)(unpark_job, SEND_MAILS)


def mails_to_send(station: Station) -> list[int]:
    """List mails that are due now, unless sending rests."""

    def read(work: Work) -> list[int]:
        return [] if find_parked(work, SEND_MAILS).rests else mails_due(work)

    return station.desk(SEND_MAILS).read(read) if station.post else []


def _send(station: Station, line: Line, post: Post, mail: int) -> bool:
    """Send one mail, unless somebody else is at it; False then."""
    with station.books.claimed("claim_mail", mail=mail) as ours:
        if not ours:
            return False
        line.keep_open()
        desk = station.desk(SEND_MAILS, wakes=False)
        try:
            taken = desk(take_mail, mail, post)
        except Unavailable:
            raise
        except Exception as error:
            return _set_aside(station, mail, error)
        if taken is None:
            return True
        tried = line.send(taken)
        status = station.desk(SEND_MAILS, wakes=False)(note_tried, taken, tried)
        if status is not MailStatus.SENT:
            # Words of the server may name the recipient: they are in the mail's tries, not in the log.
            log.warning("mail %s is %s after try %s: %s", mail, status, taken.tried, tried.outcome)
    return True


def _set_aside(station: Station, mail: int, error: Exception) -> bool:
    """Let a mail wait for a person that cannot be taken at all, so that others are sent."""
    desk = station.desk(SEND_MAILS, wakes=False)
    log.error("mail %s cannot be written: %s", mail, error)
    desk(note_failure, SEND_MAILS, str(mail), error)
    desk(give_up_mail, mail, f"{type(error).__name__}: {error}")
    return True


def _rest(station: Station, trouble: ServerTrouble) -> None:
    desk = station.desk(SEND_MAILS, wakes=False)
    seconds = pause(desk(find_parked, SEND_MAILS).times + 1)
    log.warning("no mail can be sent, again in %s s: %s", seconds, trouble)
    desk(note_failure, SEND_MAILS, "", trouble)
    desk(park_job, SEND_MAILS, because=str(trouble), seconds=seconds)
