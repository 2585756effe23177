"""Receive deliveries: figures are entered as they are unloaded, and go into stock with one approval."""

from collections.abc import Sequence

from makegood.domain.catalogue import Place, UnitStatus
from makegood.domain.sessions import Approval, ReceivedLine, SessionKind
from makegood.services.enter_figures import Figure, enter_figures, record_whole, restate_figure
from makegood.services.find_stock import Named
from makegood.services.inbound.take_in import take_in
from makegood.services.post_stock import Posted, add_stock
from makegood.services.stock_sessions import (
    Applied,
    Session,
    SessionLine,
    approve_session,
    open_session,
    reject_session,
)
from makegood.services.work import Work

KIND = SessionKind.RECEIVING


def open_receiving(work: Work, reference: str, *, warehouse: str | None = None) -> None:
    """Open a delivery; opening it again has no effect. Raises `AlreadyExists` for another warehouse."""
    open_session(work, KIND, reference, warehouse=warehouse)


def add_received(work: Work, reference: str, lines: Sequence[ReceivedLine]) -> int:
    """Enter what was unloaded and give how many lines are new; a line whose key came before counts once.

    Raises `SessionNotFound`, `SessionClosed`, or `KeyReused` for a key that came with another figure.
    """
    return enter_figures(work, KIND, reference, [_figure(line) for line in lines])


def change_received(work: Work, reference: str, key: str, *, quantity: int, damaged: int = 0) -> None:
    """Correct the line that was entered under a key; 0 takes it out."""
    restate_figure(work, KIND, reference, key, quantity, damaged)


def approve_receiving(work: Work, reference: str) -> Approval:
    """Put the delivery into stock exactly once; what is usable goes to whoever waits."""
    return approve_session(work, KIND, reference, _unload)


def reject_receiving(work: Work, reference: str) -> None:
    """Close the delivery without taking anything of it into stock."""
    reject_session(work, KIND, reference)


def receive(
    work: Work, reference: str, lines: Sequence[ReceivedLine], *, warehouse: str | None = None
) -> Approval:
    """Receive a whole delivery at once; the same again has no effect and gives the first result.

    Raises `AlreadyExists` when the reference stands for another delivery.
    """
    figures = [_figure(line) for line in lines]
    return record_whole(work, KIND, reference, figures, approve_receiving, warehouse=warehouse)


def usable_units(units: Sequence[tuple[Place, int]], posted: Sequence[Posted]) -> int:
    """Count the added units that stand where they can be given out."""
    usable = {row.place for row in posted if row.usable}
    return sum(count for place, count in units if place in usable)


def _figure(line: ReceivedLine) -> Figure:
    named = Named(line.sku, line.location, line.merchant, line.lot, line.expires_on)
    return Figure(named, line.quantity, line.damaged, line.key, line.inbound)


def _unload(work: Work, session: Session, lines: Sequence[SessionLine]) -> Applied:
    sound = [(line.place, line.quantity - line.damaged) for line in lines]
    damaged = [(line.place._replace(status=UnitStatus.DAMAGED), line.damaged) for line in lines]
    if any(line.inbound_line_id for line in lines):
        posted = take_in(work, session.warehouse_id, lines)
    else:
        posted = add_stock(work, [*sound, *damaged], reason="receipt")
    return Applied(sum(line.quantity for line in lines), 0, usable_units(sound, posted))
