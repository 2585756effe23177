"""Stock sessions over HTTP: deliveries, counts and returns are opened, filled, and approved once or rejected."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from makegood.domain.sessions import (
    Approval,
    CountedLine,
    Disposition,
    ReceivedLine,
    ReturnedLine,
    SessionKind,
    SessionStatus,
)
from makegood.entrypoints.api.bodies import Body, Day, Text, Units, UnitsOrNone, Word
from makegood.entrypoints.api.paging import After, Limit
from makegood.services.count_stock import add_counted, approve_count, open_count, reject_count
from makegood.services.receive_stock import (
    add_received,
    approve_receiving,
    change_received,
    open_receiving,
    reject_receiving,
)
from makegood.services.return_stock import (
    add_returned,
    approve_return,
    change_returned,
    open_return,
    reject_return,
)
from makegood.services.show_sessions import SessionPage, SessionStory, list_sessions, show_session
from makegood.services.work import Work

Reference = Annotated[Word, Path(description="The session's own number.", examples=["D-17"])]
Key = Annotated[Word, Path(description="The key under which the figure was entered.")]


class Opened(Body):
    """A session that is opened; opening it again has no effect."""

    reference: Word = Field(description="A number of your own.", examples=["D-17"])
    warehouse: Word | None = Field(default=None, description="Else the first by network rank.")


class OpenedReturn(Opened):
    """A customer return that is opened."""

    order: Word | None = Field(default=None, description="The order that it belongs to, where that is known.")


class Figure(Body):
    """What was found of a SKU in a place."""

    sku: Word = Field(examples=["MUG"])
    location: Word = Field(examples=["A-01"])
    lot: Text = ""
    expires_on: Day | None = None
    merchant: Word = "default"
    key: Word | None = Field(default=None, description="A key of your own: the same figure under it counts once.")


class Received(Figure):
    """Units that were unloaded."""

    quantity: Units
    damaged: UnitsOrNone = Field(default=0, description="So many of them came damaged and are set aside.")
    inbound: Word | None = Field(default=None, description="The inbound line that they belong to, if announced.")


class Counted(Figure):
    """Units that were counted; a later figure for the same place supersedes."""

    counted: UnitsOrNone


class Returned(Figure):
    """Units that came back, and what becomes of them."""

    quantity: Units
    disposition: Disposition = Disposition.RESTOCK


class Delivery(Body):
    """Figures of a delivery."""

    lines: list[Received] = Field(min_length=1, max_length=1000)


class Count(Body):
    """Figures of a count."""

    lines: list[Counted] = Field(min_length=1, max_length=1000)


class Return(Body):
    """Figures of a return."""

    lines: list[Returned] = Field(min_length=1, max_length=1000)


class Correction(Body):
    """What a figure shall say instead; 0 takes it out."""

    quantity: UnitsOrNone
    damaged: UnitsOrNone = 0


class ReturnCorrection(Body):
    """What a figure of a return shall say instead; 0 takes it out."""

    quantity: UnitsOrNone


class Sessions:
    """What is the same for sessions of every kind."""

    def __init__(
        self, kind: SessionKind, approve: Callable[[Work, str], Approval], reject: Callable[[Work, str], None]
    ) -> None:
        self._kind, self._approve, self._reject = kind, approve, reject

    def many(
        self,
        work: Work,
        status: Annotated[
            list[SessionStatus], Query(description="Only sessions of this status; may be given several times.")
        ] = [],  # noqa: B006 - FastAPI copies it
        warehouse: Annotated[Word | None, Query(description="Code of the warehouse.")] = None,
        limit: Limit = 50,
        after: After = None,
    ) -> SessionPage:
        """List the sessions.

        The latest first, with who opened and who closed each.
        """
        return list_sessions(work, self._kind, statuses=status, warehouse=warehouse, after=after, most=limit)

    def one(self, work: Work, reference: Reference) -> SessionStory:
        """Show one session with its figures."""
        return show_session(work, self._kind, reference)

    def approve(self, work: Work, reference: Reference) -> Approval:
        """Approve a session.

        Its figures go into stock exactly once, however often it is approved; what becomes usable goes to whoever
        waits. That somebody approves figures of their own is told and kept.
        """
        return self._approve(work, reference)

    def reject(self, work: Work, reference: Reference) -> SessionStory:
        """Reject a session.

        The books stay as they are.
        """
        self._reject(work, reference)
        return show_session(work, self._kind, reference)


RECEIVING = Sessions(SessionKind.RECEIVING, approve_receiving, reject_receiving)
COUNTS = Sessions(SessionKind.COUNT, approve_count, reject_count)
RETURNS = Sessions(SessionKind.RETURN, approve_return, reject_return)


def receiving_open(work: Work, new: Opened) -> SessionStory:
    """Open a delivery.

    Figures are entered as it is unloaded; nothing is in stock before somebody approves it.
    """
    open_receiving(work, new.reference, warehouse=new.warehouse)
    return show_session(work, SessionKind.RECEIVING, new.reference)


def receiving_add(work: Work, reference: Reference, figures: Delivery) -> SessionStory:
    """Enter what was unloaded."""
    add_received(work, reference, [ReceivedLine(**line.model_dump()) for line in figures.lines])
    return show_session(work, SessionKind.RECEIVING, reference)


def receiving_correct(work: Work, reference: Reference, key: Key, said: Correction) -> SessionStory:
    """Correct a figure of a delivery.

    The former one stays on record.
    """
    change_received(work, reference, key, quantity=said.quantity, damaged=said.damaged)
    return show_session(work, SessionKind.RECEIVING, reference)


def count_open(work: Work, new: Opened) -> SessionStory:
    """Open a count.

    What is counted is compared with the books at the moment in which it is entered.
    """
    open_count(work, new.reference, warehouse=new.warehouse)
    return show_session(work, SessionKind.COUNT, new.reference)


def count_add(work: Work, reference: Reference, figures: Count) -> SessionStory:
    """Enter what was counted.

    A later figure for the same place supersedes.
    """
    add_counted(work, reference, [CountedLine(**line.model_dump()) for line in figures.lines])
    return show_session(work, SessionKind.COUNT, reference)


def return_open(work: Work, new: OpenedReturn) -> SessionStory:
    """Open a customer return.

    Of an order, where it is known.
    """
    open_return(work, new.reference, order=new.order, warehouse=new.warehouse)
    return show_session(work, SessionKind.RETURN, new.reference)


def return_add(work: Work, reference: Reference, figures: Return) -> SessionStory:
    """Enter what came back.

    What is restocked goes to whoever waits once the return is approved; the rest is set aside.
    """
    add_returned(work, reference, [ReturnedLine(**line.model_dump()) for line in figures.lines])
    return show_session(work, SessionKind.RETURN, reference)


def return_correct(work: Work, reference: Reference, key: Key, said: ReturnCorrection) -> SessionStory:
    """Correct a figure of a return.

    The former one stays on record.
    """
    change_returned(work, reference, key, quantity=said.quantity)
    return show_session(work, SessionKind.RETURN, reference)
