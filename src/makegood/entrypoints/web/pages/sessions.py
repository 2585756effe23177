"""/receiving, /counts, /returns: figures scanned one after the other, then approved once or rejected."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from makegood.domain.errors import SessionLineNotFound
from makegood.domain.sessions import Approval, CountedLine, Disposition, ReceivedLine, ReturnedLine, SessionKind
from makegood.entrypoints.web.fields import Asked, Day, Maybe, Whole, Word
from makegood.entrypoints.web.rendering import counted, urlencoded
from makegood.entrypoints.web.visit import Clerk, Manager, Reader, Visit
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
from makegood.services.show_sessions import list_sessions, show_session
from makegood.services.show_stock import list_warehouses
from makegood.services.work import Work

router = APIRouter()


class Scan(NamedTuple):
    """What somebody scanned or typed: an item in a place, how many, and what is known of it."""

    sku: str
    location: str
    quantity: int
    damaged: int
    lot: str
    expires_on: date | None
    disposition: str
    inbound: str | None
    merchant: str
    key: str | None


class Room(NamedTuple):
    """What differs between deliveries, counts and returns; a count is not corrected, but counted again."""

    kind: SessionKind
    title: str
    thing: str
    enter: Callable[[Work, str, Scan], int]
    approve: Callable[[Work, str], Approval]
    reject: Callable[[Work, str], None]
    correct: Callable[[Work, str, str, int, int], None] | None = None


def _receive(work: Work, reference: str, scan: Scan) -> int:
    known = (scan.damaged, scan.lot, scan.expires_on, scan.merchant, scan.key, scan.inbound)
    return add_received(work, reference, [ReceivedLine(scan.sku, scan.quantity, scan.location, *known)])


def _correct_received(work: Work, reference: str, key: str, quantity: int, damaged: int) -> None:
    change_received(work, reference, key, quantity=quantity, damaged=damaged)


def _correct_returned(work: Work, reference: str, key: str, quantity: int, _damaged: int) -> None:
    change_returned(work, reference, key, quantity=quantity)


def _count(work: Work, reference: str, scan: Scan) -> int:
    known = (scan.lot, scan.expires_on, scan.merchant, scan.key)
    return add_counted(work, reference, [CountedLine(scan.sku, scan.quantity, scan.location, *known)])


def _take_back(work: Work, reference: str, scan: Scan) -> int:
    known = (scan.disposition, scan.lot, scan.expires_on, scan.merchant, scan.key)
    return add_returned(work, reference, [ReturnedLine(scan.sku, scan.quantity, scan.location, *known)])


ROOMS: Mapping[str, Room] = {
    "receiving": Room(
        SessionKind.RECEIVING,
        "Receiving",
        "delivery",
        _receive,
        approve_receiving,
        reject_receiving,
        _correct_received,
    ),
    "counts": Room(SessionKind.COUNT, "Counts", "count", _count, approve_count, reject_count),
    "returns": Room(
        SessionKind.RETURN, "Returns", "return", _take_back, approve_return, reject_return, _correct_returned
    ),
}


def scanned(
    sku: Word,
    location: Word,
    quantity: Whole = 1,
    damaged: Whole = 0,
    lot: Word = "",
    expires_on: Day = None,
    disposition: Annotated[Disposition, Form()] = Disposition.RESTOCK,
    inbound: Maybe = None,
    merchant: Word = "default",
    key: Maybe = None,
) -> Scan:
    """Read what a form says was scanned."""
    place = (sku.strip(), location.strip(), quantity, damaged, lot.strip())
    return Scan(*place, expires_on, disposition, inbound, merchant.strip() or "default", key)


@router.get("/receiving")
@router.get("/counts")
@router.get("/returns")
def many(visit: Reader, after: Asked = None) -> Response:
    """List the sessions, the latest first, with a form that opens another."""
    room = _room(visit)
    return visit.show(
        "floor/sessions.html",
        room=room,
        found=visit.read(list_sessions, room.kind, after=after),
        warehouses=[one.code for one in visit.read(list_warehouses)],
    )


@router.post("/receiving")
@router.post("/counts")
@router.post("/returns")
def begin(visit: Clerk, reference: Word, warehouse: Maybe = None, order: Maybe = None) -> Response:
    """Open a session, or go on with the one that has this number."""
    reference = reference.strip()
    kind = _room(visit).kind
    if kind is SessionKind.RETURN:
        visit.do(open_return, reference, order=order, warehouse=warehouse)
    else:
        visit.do(open_receiving if kind is SessionKind.RECEIVING else open_count, reference, warehouse=warehouse)
    return visit.go(_page(visit, reference))


@router.get("/receiving/{reference}")
@router.get("/counts/{reference}")
@router.get("/returns/{reference}")
def one(visit: Reader, reference: str) -> Response:
    """Show a session with its figures and a form that takes the next scan."""
    room = _room(visit)
    story = visit.read(show_session, room.kind, reference)
    return visit.show(
        "floor/session.html",
        room=room,
        story=story,
        here=_page(visit, reference),
        dispositions=list(Disposition),
    )


@router.post("/receiving/{reference}/lines")
@router.post("/counts/{reference}/lines")
@router.post("/returns/{reference}/lines")
def enter(visit: Clerk, reference: str, scan: Annotated[Scan, Depends(scanned)]) -> Response:
    """Enter a figure; the same scan sent twice counts once."""
    new = visit.do(_room(visit).enter, reference, scan)
    words = (
        f"{scan.quantity} {scan.sku} in {scan.location}." if new else "This was entered already: it counts once."
    )
    return visit.done(words, to=f"{_page(visit, reference)}?{urlencode({'location': scan.location})}")


@router.get("/receiving/{reference}/lines/{entered}")
@router.get("/returns/{reference}/lines/{entered}")
def ask_to_correct(visit: Reader, reference: str, entered: str) -> Response:
    """Ask what a figure shall say instead."""
    room = _room(visit)
    for one in visit.read(show_session, room.kind, reference).lines:
        if one.key == entered:
            return visit.show(
                "floor/figure.html", room=room, one=one, reference=reference, here=_page(visit, reference)
            )
    raise SessionLineNotFound(session=reference, key=entered)


@router.post("/receiving/{reference}/lines/{entered}")
@router.post("/returns/{reference}/lines/{entered}")
def correct(visit: Clerk, reference: str, entered: str, quantity: Whole, damaged: Whole = 0) -> Response:
    """Let a figure say another quantity; the former one stays on record."""
    restate = _room(visit).correct
    assert restate is not None
    visit.do(restate, reference, entered, quantity, damaged)
    words = f"It says {counted(quantity, 'unit')} now." if quantity else "It is taken out."
    return visit.done(words, to=_page(visit, reference))


@router.post("/receiving/{reference}/approve")
@router.post("/counts/{reference}/approve")
@router.post("/returns/{reference}/approve")
def approve(visit: Manager, reference: str) -> Response:
    """Put the figures into stock exactly once; what is usable goes to whoever waits."""
    made = visit.do(_room(visit).approve, reference)
    words = f"{made.reference} is approved: {counted(made.added, 'unit')} in, {counted(made.removed, 'unit')} off."
    if made.self_approved:
        words += " You entered some of it yourself; that is on record."
    return visit.done(words, to=_page(visit, reference))


@router.post("/receiving/{reference}/reject")
@router.post("/counts/{reference}/reject")
@router.post("/returns/{reference}/reject")
def reject(visit: Manager, reference: str) -> Response:
    """Close a session without a change of stock."""
    visit.do(_room(visit).reject, reference)
    return visit.done(f"{reference} is rejected; the books stay as they are.", to=_page(visit, reference))


def _where(visit: Visit) -> str:
    return visit.request.url.path.split("/")[1]


def _room(visit: Visit) -> Room:
    return ROOMS[_where(visit)]


def _page(visit: Visit, reference: str) -> str:
    return f"/{_where(visit)}/{urlencoded(reference)}"
