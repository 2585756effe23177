"""Read stock sessions for people: a list of them, or one with its figures."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from makegood.domain.errors import InvalidValue, SessionNotFound
from makegood.domain.sessions import Approval, SessionKind, SessionStatus
from makegood.services.named_filters import insist_on_named
from makegood.services.pages import cursor_after, insist_on_most, read_cursor
from makegood.services.work import Work


class SessionSheet(NamedTuple):
    """A session in a list; `self_approved`: who approved it had opened it or entered some of its figures."""

    session_id: int
    reference: str
    warehouse: str
    status: str
    order: str | None
    lines: int
    units: int
    opened_by: str
    opened_at: datetime
    closed_by: str | None
    closed_at: datetime | None
    self_approved: bool


class FigureSheet(NamedTuple):
    """A figure of a session in whole units; `booked` is what the books said when it was counted."""

    sku: str
    merchant: str
    location: str
    status: str
    lot: str
    expires_on: date | None
    quantity: int
    damaged: int
    booked: int | None
    key: str | None
    entered_by: str
    entered_at: datetime


class SessionStory(NamedTuple):
    """A session with the figures that count, in the order of their entry, and what its approval did."""

    session: SessionSheet
    lines: Sequence[FigureSheet]
    result: Approval | None


class SessionPage(NamedTuple):
    """A page of sessions, the latest first, and the cursor of the next one."""

    sessions: Sequence[SessionSheet]
    next: str | None


def list_sessions(
    work: Work,
    kind: SessionKind,
    *,
    statuses: Sequence[str] = (),
    warehouse: str | None = None,
    after: str | None = None,
    most: int = 50,
) -> SessionPage:
    """Give a page of the sessions of a kind; raises `InvalidValue`."""
    for status in statuses:
        if status not in list(SessionStatus):
            raise InvalidValue("status", status, "one of " + ", ".join(SessionStatus))
    insist_on_named(work, warehouse=warehouse)
    (before,) = read_cursor(after, 1)
    found = work.db.records(
        SessionSheet,
        "sessions_to_show",
        about=kind,
        statuses=list(statuses) or None,
        warehouse=warehouse,
        reference=None,
        before=before,
        most=insist_on_most(most) + 1,
    )
    page = found[:most]
    return SessionPage(page, cursor_after(page[-1].session_id) if len(found) > most else None)


def show_session(work: Work, kind: SessionKind, reference: str) -> SessionStory:
    """Give one session with its figures; raises `SessionNotFound`."""
    found = work.db.records(
        SessionSheet,
        "sessions_to_show",
        about=kind,
        statuses=None,
        warehouse=None,
        reference=reference.strip(),
        before=None,
        most=1,
    )
    if not found:
        raise SessionNotFound(reference)
    session = found[0].session_id
    result = work.db.value("session_result", session=session)
    lines = work.db.records(FigureSheet, "figures_to_show", session=session)
    return SessionStory(found[0], lines, Approval(**result) if result else None)
