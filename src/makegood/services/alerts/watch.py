"""Look for conditions that need a person: one that began is raised and told once, one that is over is ended."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, NamedTuple

import msgspec

from makegood.domain.alerts import (
    DAYS_OF_HOLDS,
    TITLES,
    AlertKind,
    Condition,
    Figures,
    Thresholds,
    conditions,
    disabled,
    words,
)
from makegood.domain.mails import MailKind
from makegood.domain.webhooks import ALERT_ENDED, ALERT_RAISED
from makegood.services.business_settings import addresses, business_settings
from makegood.services.mails.queue_mails import queue_mail
from makegood.services.note_runs import PATIENCE
from makegood.services.pages import cursor_after, insist_on_most, read_cursor
from makegood.services.webhooks.derive import announce
from makegood.services.work import Work


class AlertSheet(NamedTuple):
    """A condition that needs or needed a person; `facts` are the latest while it is open."""

    alert: int
    kind: str
    subject: str
    words: str
    facts: Mapping[str, Any]
    raised_at: datetime
    ended_at: datetime | None


class AlertPage(NamedTuple):
    """A page of alerts, the latest first, and the cursor of the next one."""

    alerts: Sequence[AlertSheet]
    next: str | None


def list_alerts(work: Work, *, ended: bool = False, after: str | None = None, most: int = 100) -> AlertPage:
    """Give a page of the alerts, the latest first; with `ended` also those that are over."""
    (before,) = read_cursor(after, 1)
    found = work.db.all("alerts_to_show", ended=ended, before=before, most=insist_on_most(most) + 1)
    page = [_sheet(row) for row in found[:most]]
    return AlertPage(page, cursor_after(page[-1].alert) if len(found) > most else None)


def watch(work: Work, *, patience: float = PATIENCE) -> list[AlertSheet]:
    """Bring the alerts to what is the matter now, and give those that are new; none while somebody else looks."""
    if work.db.one("claim_watch") is None:
        return []
    work.db.run("note_workers_seen", patience=patience)
    now = list(conditions(look(work), thresholds(work)))
    raised = raise_alerts(work, now)
    rows = work.db.all("end_alerts", kinds=[one.kind.value for one in now], subjects=[one.subject for one in now])
    for row in rows:
        _tell(work, _sheet(row), ALERT_ENDED)
    return raised


def watch_workers(work: Work, *, patience: float = PATIENCE) -> list[AlertSheet]:
    """Look for conditions where no worker does: when none has been heard of for too long, or one is again."""
    work.db.run("note_workers_seen", patience=patience)
    silent = work.db.value("seconds_without_worker") > thresholds(work).worker_seconds
    told = work.db.value("open_worker_alerts", kind=AlertKind.WORKER_SILENT.value)
    return watch(work, patience=patience) if silent or told else []


def look(work: Work) -> Figures:
    """Read what conditions follow from."""
    since = work.as_of - timedelta(days=DAYS_OF_HOLDS)
    held, oldest, at_risk, lying = work.db.all("condition_figures", since=since, today=work.today)[0]
    silent = work.db.value("seconds_without_worker")
    return Figures(held, oldest, at_risk, lying, silent, work.db.all("endpoints_taken_out"))


def thresholds(work: Work) -> Thresholds:
    """Give from when on a condition matters, as the settings say."""
    now = business_settings(work.db)
    return Thresholds(now.alert_holds_per_week, now.alert_queue_seconds, now.alert_worker_seconds)


def raise_alerts(work: Work, found: Sequence[Condition]) -> list[AlertSheet]:
    """Open an alert for each condition that has none, tell of it, and give those."""
    rows = work.db.all(
        "raise_alerts",
        kinds=[one.kind.value for one in found],
        subjects=[one.subject for one in found],
        facts=[msgspec.json.encode(one.facts).decode() for one in found],
    )
    raised = [_sheet(row[:-1]) for row in rows if row[-1]]
    for alert in raised:
        _tell(work, alert, ALERT_RAISED)
    _mail(work, raised)
    return raised


def raise_disabled(work: Work, endpoints: Sequence[int]) -> None:
    """Raise at once that these endpoints were taken out of service."""
    reasons = dict(work.db.all("endpoints_taken_out"))
    raise_alerts(work, [disabled(one, reasons[one]) for one in endpoints if one in reasons])


def _tell(work: Work, alert: AlertSheet, type: str) -> None:
    """Tell whoever wants to hear of alerts, in the transaction that raised or ended it."""
    told = {
        "alertId": alert.alert,
        "kind": alert.kind,
        "subject": alert.subject,
        "words": alert.words,
        "facts": alert.facts,
        "raisedAt": alert.raised_at.astimezone(UTC),
        "endedAt": alert.ended_at.astimezone(UTC) if alert.ended_at else None,
    }
    announce(work, f"{type.replace('.', '_')}_{alert.alert}", type, told)


def _mail(work: Work, raised: Sequence[AlertSheet]) -> None:
    """Queue a mail about each alert to each address of the staff, in the transaction that raised it."""
    staff = addresses(business_settings(work.db).alert_mail_to) if raised else []
    for alert, to in product(raised, staff):
        facts = {"title": TITLES[AlertKind(alert.kind)], "words": alert.words, "link": ""}
        queue_mail(work, MailKind.STAFF_ALERT, to, facts, f"alert:{alert.alert}")


def _sheet(row: tuple[Any, ...]) -> AlertSheet:
    alert, kind, subject, facts, raised_at, ended_at = row
    return AlertSheet(alert, kind, subject, words(kind, facts), facts, raised_at, ended_at)
