"""Read mails for people: a page of the log, one with its tries, and those of an order."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from makegood.domain.errors import InvalidValue, MailNotFound, MailNotRetried, TemplateFaulty
from makegood.domain.mails import ALWAYS_TOLD, MailKind, MailStatus, WrittenMail
from makegood.services.gates import find_order
from makegood.services.mails.samples import LINKS
from makegood.services.mails.templates import kind_named, template_of
from makegood.services.mails.writing import write
from makegood.services.pages import cursor_after, insist_on_most, read_cursor
from makegood.services.work import Work


class MailSheet(NamedTuple):
    """A mail in the log: what it is about, to whom it goes, and where it stands."""

    mail_id: int
    kind: str
    recipient: str
    order: str | None
    merchant: str | None
    status: str
    because: str
    tries: int
    queued_at: datetime
    due_at: datetime
    sent_at: datetime | None
    message_id: str | None


class TrySheet(NamedTuple):
    """A try to send a mail; without an end, whoever made it was killed and may have sent it."""

    number: int
    began_at: datetime
    ended_at: datetime | None
    outcome: str | None
    code: int | None
    said: str


class MailWithTries(NamedTuple):
    """A mail with its tries and what it says, once that is fixed; links are left out."""

    mail: MailSheet
    tries: Sequence[TrySheet]
    written: WrittenMail | None


class MailPage(NamedTuple):
    """A page of mails, the latest first, the cursor of the next, and how many stand where."""

    mails: Sequence[MailSheet]
    next: str | None
    counts: Mapping[str, int]


def list_mails(
    work: Work,
    *,
    statuses: Sequence[str] = (),
    kinds: Sequence[str] = (),
    order: str | None = None,
    recipient: str | None = None,
    after: str | None = None,
    most: int = 50,
) -> MailPage:
    """Give a page of the mails that pass every filter; `recipient` is found anywhere in the address.

    Raises `InvalidValue`, `OrderNotFound`.
    """
    insist_on_most(most)
    found = _find(
        work,
        statuses=[_status(one) for one in statuses] or None,
        kinds=[kind_named(one).value for one in kinds] or None,
        order=find_order(work, order)[0] if order else None,
        recipient=recipient or None,
        before=read_cursor(after, 1)[0],
        most=most + 1,
    )
    counted = dict(work.db.all("mails_counted"))
    return MailPage(
        found[:most],
        cursor_after(found[most - 1].mail_id) if len(found) > most else None,
        {status.value: counted.get(status.value, 0) for status in MailStatus},
    )


def mails_of_order(work: Work, order_id: int) -> list[MailSheet]:
    """List the mails about an order, the latest first."""
    return _find(work, order=order_id, most=100)


def show_mail(work: Work, mail: int) -> MailWithTries:
    """Give one mail; raises `MailNotFound`."""
    found = _sheet(work, mail)
    return MailWithTries(found, work.db.records(TrySheet, "tries_to_show", mail=mail), _written(work, found))


def retry_mail(work: Work, mail: int) -> MailSheet:
    """Send a mail once more that failed or was refused. Raises `MailNotFound`, `MailNotRetried`."""
    found = _sheet(work, mail)
    if not work.db.run("retry_mail", mail=mail, as_of=work.as_of):
        raise MailNotRetried(mail=mail, status=found.status)
    return _sheet(work, mail)


def _sheet(work: Work, mail: int) -> MailSheet:
    found = _find(work, mail=mail, most=1)
    if not found:
        raise MailNotFound(mail)
    return found[0]


def _written(work: Work, mail: MailSheet) -> WrittenMail | None:
    facts, version = work.db.one("mail_said", mail=mail.mail_id) or (None, None)
    if facts is None:
        return None
    try:
        template = template_of(work, MailKind(mail.kind), version)[1]
        links = dict.fromkeys(LINKS, "…") | ({"stop": ""} if mail.kind in ALWAYS_TOLD else {})
        return write(template, {**facts, "links": links})
    except TemplateFaulty:
        # The mail has failed for it, and says so itself.
        return None


def _find(work: Work, *, most: int, **filters: Any) -> list[MailSheet]:
    none = dict.fromkeys(("mail", "statuses", "kinds", "order", "recipient", "before"))
    return work.db.records(MailSheet, "mails_to_show", **{**none, **filters}, most=most)


def _status(word: str) -> str:
    plain = word.strip().upper()
    if plain not in list(MailStatus):
        raise InvalidValue("status", word, "one of " + ", ".join(MailStatus))
    return plain
