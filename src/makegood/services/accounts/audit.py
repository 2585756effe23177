"""The audit log: who did what, append-only, written in the transaction of the act itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from makegood.services.pages import cursor_after, insist_on_most, read_cursor
from makegood.services.work import Work


class Act(NamedTuple):
    """Something that somebody did: over HTTP by its route, in the house by its own name."""

    audit_id: int
    at: datetime
    actor: str
    act: str
    subject: str
    facts: dict[str, object]
    request_id: str | None


class ActPage(NamedTuple):
    """A page of acts, the latest first, and the cursor of the next one."""

    acts: Sequence[Act]
    next: str | None


def audit(
    work: Work, act: str, subject: str, facts: Mapping[str, object] | None = None, *, request_id: str | None = None
) -> None:
    """Put on record that the one at work does this."""
    work.db.run(
        "add_audit",
        at=work.as_of,
        actor=work.actor,
        act=act,
        subject=subject,
        facts=dict(facts or {}),
        request_id=request_id,
    )


def list_acts(
    work: Work,
    *,
    actor: str | None = None,
    act: str | None = None,
    subject: str | None = None,
    after: str | None = None,
    most: int = 100,
) -> ActPage:
    """Give a page of what was done, the latest first, of those acts that pass every filter."""
    (before,) = read_cursor(after, 1)
    found = work.db.records(
        Act,
        "acts_to_show",
        actor=actor,
        act=act,
        subject=subject,
        before=before,
        most=insist_on_most(most) + 1,
    )
    page = found[:most]
    return ActPage(page, cursor_after(page[-1].audit_id) if len(found) > most else None)
