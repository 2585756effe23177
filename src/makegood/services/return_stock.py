"""Take back what customers send: what is restocked goes to whoever waits, the rest is set aside."""

from collections.abc import Sequence

from makegood.domain.errors import InvalidValue
from makegood.domain.sessions import Approval, Disposition, ReturnedLine, SessionKind
from makegood.services.enter_figures import Figure, enter_figures, record_whole, restate_figure
from makegood.services.find_stock import Named, places_to_fill
from makegood.services.new_orders import find_site
from makegood.services.post_stock import add_stock, hold_places
from makegood.services.receive_stock import usable_units
from makegood.services.record import Event, record_events
from makegood.services.shrink_stock import lock_units
from makegood.services.stock_sessions import (
    Applied,
    Session,
    SessionLine,
    approve_session,
    open_session,
    reject_session,
)
from makegood.services.work import Work

KIND = SessionKind.RETURN


def open_return(work: Work, reference: str, *, order: str | None = None, warehouse: str | None = None) -> None:
    """Open a customer return, of an order where it is known; opening it again has no effect.

    Raises `OrderNotFound`, and `AlreadyExists` for another warehouse or order.
    """
    open_session(work, KIND, reference, warehouse=warehouse, order=order)


def add_returned(work: Work, reference: str, lines: Sequence[ReturnedLine]) -> int:
    """Enter what came back and give how many lines are new; a line whose key came before counts once.

    Raises `SessionNotFound`, `SessionClosed` or `KeyReused`.
    """
    return enter_figures(work, KIND, reference, [_figure(line) for line in lines])


def change_returned(work: Work, reference: str, key: str, *, quantity: int) -> None:
    """Correct the line that was entered under a key; 0 takes it out."""
    restate_figure(work, KIND, reference, key, quantity)


def approve_return(work: Work, reference: str) -> Approval:
    """Put what came back into stock exactly once; what its order has fulfilled stays fulfilled."""
    return approve_session(work, KIND, reference, _take_back)


def reject_return(work: Work, reference: str) -> None:
    """Close the return without taking anything of it into stock."""
    reject_session(work, KIND, reference)


def take_back(
    work: Work,
    reference: str,
    lines: Sequence[ReturnedLine],
    *,
    order: str | None = None,
    warehouse: str | None = None,
) -> Approval:
    """Take a whole return back at once; the same again has no effect and gives the first result.

    Raises `AlreadyExists` when the reference stands for another return.
    """
    figures = [_figure(line) for line in lines]
    return record_whole(work, KIND, reference, figures, approve_return, warehouse=warehouse, order=order)


def hold_returned(work: Work, lines: Sequence[ReturnedLine], *, warehouse: str) -> None:
    """Hold the places of several returns at once, before the first of them is taken back."""
    site = find_site(work, warehouse)
    places = set(places_to_fill(work, site, [_figure(line).named for line in lines]))
    lock_units(work, [spot.unit_id for spot in hold_places(work, list(places))])


def _figure(line: ReturnedLine) -> Figure:
    if line.disposition not in list(Disposition):
        raise InvalidValue("disposition", line.disposition, "one of " + ", ".join(Disposition))
    status = Disposition(line.disposition).status
    named = Named(line.sku, line.location, line.merchant, line.lot, line.expires_on, status)
    return Figure(named, line.quantity, key=line.key)


def _take_back(work: Work, session: Session, lines: Sequence[SessionLine]) -> Applied:
    units = [(line.place, line.quantity) for line in lines]
    posted = add_stock(work, units, reason="customer return")
    if session.order_id is not None:
        items = [{"sku": line.sku, "quantity": line.quantity, "status": line.status} for line in lines]
        record_events(
            work, [Event(session.order_id, "order:returned", {"return": session.reference, "items": items})]
        )
    return Applied(sum(line.quantity for line in lines), 0, usable_units(units, posted))
