"""Take a mail, and note what came of it: whatever is killed in between, it is sent again under the same name."""

from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import NamedTuple

from makegood.domain.mails import ALWAYS_TOLD, Facts, MailKind, MailStatus, MailTemplate, Post, TryOutcome
from makegood.services.asking.link_facts import ask_facts
from makegood.services.mails.links import CONSENTS, STOP, signed
from makegood.services.mails.mail_facts import Silent, mail_facts
from makegood.services.mails.templates import template_of
from makegood.services.work import Work

# A mail that the server puts off so often is given up; a person can send it again.
MOST_TRIES = 12
# What the house was to be told so long ago is news to nobody: no server was set, or it was away.
ALERTS_KEEP = timedelta(days=7)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=2)


class Taken(NamedTuple):
    """A mail that is to be sent now: to whom, what it says, and the name that it has in every try.

    `number` is that of this try on record, `tried` counts those since a person last had it sent again.
    """

    mail_id: int
    kind: MailKind
    recipient: str
    message_id: str
    template: MailTemplate
    facts: Facts
    stop: str
    number: int
    tried: int
    at: datetime


class Tried(NamedTuple):
    """What came of handing a mail to the server: its code, if it gave one, and its words."""

    outcome: TryOutcome
    code: int | None = None
    said: str = ""


class _Row(NamedTuple):
    mail_id: int
    kind: str
    recipient: str
    order_id: int | None
    ask_id: int | None
    facts: dict[str, object] | None
    message_id: str | None
    template_id: int | None
    tries: int
    queued_at: datetime


def mails_due(work: Work, *, most: int = 100) -> list[int]:
    """List mails to be sent now; some may be in somebody's hands."""
    return [row[0] for row in work.db.all("mails_due", as_of=work.as_of, most=most)]


def take_mail(work: Work, mail: int, post: Post) -> Taken | None:
    """Take a mail that is held; None when there is nothing to send any more.

    What it says is read when it is taken for the first time, and fixed. One that was taken too often is given up.
    """
    rows = work.db.records(_Row, "take_mail", mail=mail, as_of=work.as_of)
    if not rows:
        return None
    (row,) = rows
    if row.tries > MOST_TRIES:
        _move(work, mail, MailStatus.FAILED, because=f"{MOST_TRIES} tries failed")
        return None
    kind = MailKind(row.kind)
    said = _facts(work, row, kind, post)
    if kind is MailKind.STAFF_ALERT and row.queued_at < work.as_of - ALERTS_KEEP:
        said = Silent("it is older than a week")
    if kind not in ALWAYS_TOLD and work.db.value("wants_no_mails", mail=mail):
        said = Silent("the customer wants no mails")
    if isinstance(said, Silent):
        _move(work, mail, MailStatus.DROPPED, because=said.because)
        return None
    return _taken(work, row, kind, said, post)


def _facts(work: Work, row: _Row, kind: MailKind, post: Post) -> Facts | Silent:
    if row.facts is not None:
        return row.facts
    assert row.order_id is not None
    said = mail_facts(work, row.mail_id, kind, row.order_id, sender_name(post))
    if row.ask_id is None or isinstance(said, Silent):
        return said
    asked = ask_facts(work, row.ask_id)
    return asked if isinstance(asked, Silent) else {**said, **asked}


def _taken(work: Work, row: _Row, kind: MailKind, facts: Facts, post: Post) -> Taken:
    version, template = template_of(work, kind, row.template_id)
    domain = parseaddr(post.sender)[1].rpartition("@")[2]
    name = row.message_id or f"<{work.db.value('draw_name')}@{domain}>"
    work.db.run_expecting(1, "fix_mail", mail=row.mail_id, facts=dict(facts), message_id=name, template=version)
    stop = "" if kind in ALWAYS_TOLD else f"{post.site}/{STOP}/{signed(work, STOP, row.mail_id)}"
    return Taken(
        mail_id=row.mail_id,
        kind=kind,
        recipient=row.recipient,
        message_id=name,
        template=template,
        facts=_with_links(work, row, kind, facts, post, stop),
        stop=stop,
        number=work.db.value("begin_try", mail=row.mail_id, as_of=work.as_of),
        tried=row.tries,
        at=work.as_of,
    )


def _with_links(work: Work, row: _Row, kind: MailKind, facts: Facts, post: Post, stop: str) -> Facts:
    """Add what is nobody's to read but the customer's: it is not kept with the mail."""
    if kind is MailKind.STAFF_ALERT:
        return {**facts, "link": facts["link"] or f"{post.site}/alerts"}
    answer = f"{post.site}/{CONSENTS}/{signed(work, CONSENTS, row.ask_id)}" if row.ask_id else ""
    return {**facts, "links": {"answer": answer, "stop": stop}}


def sender_name(post: Post) -> str:
    """Give the name that stands before our address, the address where there is none."""
    name, address = parseaddr(post.sender)
    return name or address


def note_tried(work: Work, taken: Taken, tried: Tried) -> MailStatus:
    """Note what came of a try, and give where the mail stands then."""
    work.db.run(
        "end_try",
        mail=taken.mail_id,
        **{"try": taken.number},
        as_of=work.as_of,
        outcome=tried.outcome.value,
        code=tried.code,
        said=tried.said[:1000],
    )
    status, because, due = _after(tried, taken.tried, work.as_of)
    _move(work, taken.mail_id, status, because=because, due=due)
    return status


def _after(tried: Tried, tries: int, as_of: datetime) -> tuple[MailStatus, str, datetime | None]:
    """Decide where a mail stands after a try.

    >>> at = datetime(2026, 3, 2)
    >>> _after(Tried(TryOutcome.REFUSED, 550, "no such user"), 1, at)[:2]
    (<MailStatus.BOUNCED: 'BOUNCED'>, '550 no such user')
    >>> _after(Tried(TryOutcome.LATER, 450, "busy"), 3, at)[2].isoformat()
    '2026-03-02T00:04:00'
    """
    words = " ".join(part for part in (str(tried.code or ""), tried.said) if part)[:300]
    if tried.outcome is TryOutcome.SENT:
        return MailStatus.SENT, "", None
    if tried.outcome is TryOutcome.REFUSED:
        return MailStatus.BOUNCED, words, None
    if tried.outcome is TryOutcome.FAULTY or tries >= MOST_TRIES:
        return MailStatus.FAILED, words, None
    return MailStatus.QUEUED, words, as_of + min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)


def give_up_mail(work: Work, mail: int, because: str) -> None:
    """Let a mail wait for a person."""
    work.db.run("give_up_mail", mail=mail, because=because[:300])


def _move(work: Work, mail: int, status: MailStatus, *, because: str = "", due: datetime | None = None) -> None:
    work.db.run_expecting(
        1, "move_mail", mail=mail, status=status.value, because=because, due=due, as_of=work.as_of
    )
