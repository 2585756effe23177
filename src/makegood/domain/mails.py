"""Mails: what is told to whom, where a mail stands, and the server that takes them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, NamedTuple


class MailKind(StrEnum):
    """What a mail is about; all but the staff's alerts go to the customer of an order."""

    ORDER_BACKORDERED = "ORDER_BACKORDERED"
    EXPECTED_DATE_CHANGED = "EXPECTED_DATE_CHANGED"
    ORDER_SPLIT = "ORDER_SPLIT"
    ORDER_DIVIDED = "ORDER_DIVIDED"
    BACKORDER_RESOLVED = "BACKORDER_RESOLVED"
    DELAY_NOTICE = "DELAY_NOTICE"
    CONSENT_ASKED = "CONSENT_ASKED"
    STAFF_ALERT = "STAFF_ALERT"


# What must be told, or asks something, also reaches those who want no mails.
ALWAYS_TOLD = frozenset({MailKind.DELAY_NOTICE, MailKind.CONSENT_ASKED, MailKind.STAFF_ALERT})


class MailStatus(StrEnum):
    """Where a mail stands: FAILED waits for a person, BOUNCED was refused for good, DROPPED tells nothing."""

    QUEUED = "QUEUED"
    SENDING = "SENDING"
    SENT = "SENT"
    FAILED = "FAILED"
    BOUNCED = "BOUNCED"
    DROPPED = "DROPPED"


class TryOutcome(StrEnum):
    """What came of a try: LATER may be tried again, LOST is a line that broke, FAULTY cannot be written."""

    SENT = "SENT"
    LATER = "LATER"
    REFUSED = "REFUSED"
    LOST = "LOST"
    FAULTY = "FAULTY"


class Post(NamedTuple):
    """The server that takes mails, how it is spoken to, and what the mails say of us.

    `sender` is an address, with a name or without; `site` the public address of the pages, without a slash at
    its end; `ca` a file of certificates to trust instead of the system's.
    """

    host: str
    port: int
    tls: Literal["none", "starttls", "tls"]
    user: str
    password: str
    sender: str
    site: str
    ca: str | None = None


class MailTemplate(NamedTuple):
    """What a mail of one kind looks like, as three Jinja templates."""

    subject: str
    text: str
    html: str


class WrittenMail(NamedTuple):
    """A mail as it is read: the subject, and the same in plain text and in HTML."""

    subject: str
    text: str
    html: str


Facts = Mapping[str, object]
