"""Stock sessions: figures are entered one by one, approved exactly once or rejected.

Whoever enters, approves or rejects holds the session's row, so that no figure slips in beside an approval.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from makegood.domain.catalogue import Place
from makegood.domain.errors import AlreadyExists, InvalidValue, SessionClosed, SessionNotFound
from makegood.domain.sessions import Approval, SessionKind, SessionStatus
from makegood.services.gates import find_order
from makegood.services.new_orders import Site, find_site
from makegood.services.post_stock import sourced
from makegood.services.work import Work

SOURCES: Mapping[str, str] = {
    SessionKind.RECEIVING: "receiving",
    SessionKind.COUNT: "cycle-count",
    SessionKind.RETURN: "return",
}


class Session(NamedTuple):
    """A session as it was read under its lock."""

    session_id: int
    kind: str
    reference: str
    warehouse_id: int
    warehouse: str
    status: str
    order_id: int | None
    opened_by: str
    fingerprint: str | None
    result: dict[str, object] | None

    @property
    def site(self) -> Site:
        """The warehouse that the session is about."""
        return Site(self.warehouse_id, self.warehouse, True)


class SessionLine(NamedTuple):
    """A figure of a session; `booked` is what the books said when it was counted."""

    session_line_id: int
    variant_id: int
    warehouse_id: int
    location_id: int
    status: str
    lot: str
    expires_on: date | None
    quantity: int
    damaged: int
    booked: int | None
    key: str | None
    entered_by: str
    sku: str
    inbound_line_id: int | None

    @property
    def place(self) -> Place:
        """Where the units lie, with their lot and status."""
        return Place(*self[1:7])


class Applied(NamedTuple):
    """What came of the figures once they were posted, in whole units."""

    added: int
    removed: int
    usable: int


Apply = Callable[[Work, Session, Sequence[SessionLine]], Applied]


def open_session(
    work: Work,
    kind: SessionKind,
    reference: str,
    *,
    warehouse: str | None = None,
    order: str | None = None,
    fingerprint: str | None = None,
) -> tuple[Session, bool]:
    """Open a session and hold it, and tell whether it is new; opening it again has no effect.

    Raises `AlreadyExists` when the reference is taken for another warehouse or order.
    """
    if not reference.strip():
        raise InvalidValue("reference", reference, "a reference")
    site = find_site(work, warehouse)
    order_id = find_order(work, order)[0] if order else None
    is_new = work.db.run(
        "open_session",
        kind=kind,
        reference=reference.strip(),
        warehouse=site.warehouse_id,
        order=order_id,
        actor=work.actor,
        as_of=work.as_of,
        fingerprint=fingerprint,
    )
    session = hold_session(work, kind, reference)
    if (session.warehouse_id, session.order_id) != (site.warehouse_id, order_id):
        raise AlreadyExists(kind=f"{kind.capitalize()} session", name=session.reference)
    return session, bool(is_new)


def hold_session(work: Work, kind: SessionKind, reference: str) -> Session:
    """Hold a session whatever its status, or raise `SessionNotFound`."""
    found = work.db.records(Session, "lock_session", about=kind, reference=reference.strip())
    if not found:
        raise SessionNotFound(reference)
    return found[0]


def hold_open_session(work: Work, kind: SessionKind, reference: str) -> Session:
    """Hold a session that takes figures; raises `SessionNotFound` or `SessionClosed`."""
    session = hold_session(work, kind, reference)
    if session.status != SessionStatus.OPEN:
        raise SessionClosed(session=session.reference, status=session.status)
    return session


def approve_session(work: Work, kind: SessionKind, reference: str, apply: Apply) -> Approval:
    """Post the figures of a session exactly once, and give what that did; again, it gives the first result.

    Raises `SessionNotFound`, and `SessionClosed` when it was rejected.
    """
    session = hold_session(work, kind, reference)
    if session.result is not None:
        return Approval(**session.result)  # type: ignore[arg-type]
    if session.status != SessionStatus.OPEN:
        raise SessionClosed(session=session.reference, status=session.status)
    lines = work.db.records(SessionLine, "session_lines", session=session.session_id)
    with sourced(work, f"{SOURCES[kind]}:{session.reference}") as approving:
        applied = apply(approving, session, lines)
    own = work.actor in {session.opened_by, *(line.entered_by for line in lines)}
    approval = Approval(kind, session.reference, len(lines), *applied, own)
    _close(work, session, SessionStatus.APPROVED, approval)
    return approval


def reject_session(work: Work, kind: SessionKind, reference: str) -> None:
    """Close a session without posting anything; again, it has no effect. Raises `SessionClosed` when approved."""
    session = hold_session(work, kind, reference)
    if session.status == SessionStatus.REJECTED:
        return
    if session.status != SessionStatus.OPEN:
        raise SessionClosed(session=session.reference, status=session.status)
    _close(work, session, SessionStatus.REJECTED, None)


def _close(work: Work, session: Session, status: SessionStatus, approval: Approval | None) -> None:
    work.db.run_expecting(
        1,
        "close_session",
        session=session.session_id,
        status=status,
        actor=work.actor,
        as_of=work.as_of,
        result=approval._asdict() if approval else None,
        self_approved=approval.self_approved if approval else False,
    )
