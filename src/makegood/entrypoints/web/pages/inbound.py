"""/inbound: supply that is due; announced, received and cancelled."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from makegood.domain.inbound import InboundKind, NewInbound
from makegood.domain.sessions import Approval, ReceivedLine
from makegood.entrypoints.web.fields import Asked, Day, Maybe, MaybeWhole, Tick, Whole, Word
from makegood.entrypoints.web.listing import MOST, csv_file, pages_of
from makegood.entrypoints.web.rendering import counted
from makegood.entrypoints.web.visit import Clerk, Manager, Reader
from makegood.services.accounts.secret import draw_secret
from makegood.services.inbound.cancel_inbound import cancel_inbound
from makegood.services.inbound.create_inbound import create_inbound
from makegood.services.inbound.list_inbound import InboundFilter, list_inbound
from makegood.services.inbound.records import InboundSheet, find_inbound
from makegood.services.inbound.show_inbound import show_inbound
from makegood.services.inbound.update_inbound import update_inbound
from makegood.services.receive_stock import receive
from makegood.services.show_stock import list_warehouses
from makegood.services.work import Work

router = APIRouter()


HEAD = ("Supply", "Line", "Kind", "Status", "Merchant", "SKU", "Name", "To", "From", "Supplier", "Due",
        "Announced", "Received", "To come", "Reserved", "Late")  # fmt: skip


def _which(sku: Asked = None, late: bool = False) -> InboundFilter:
    return InboundFilter(sku=sku, late=True if late else None)


Which = Annotated[InboundFilter, Depends(_which)]


@router.get("/inbound")
def inbound(visit: Reader, only: Which, after: Asked = None) -> Response:
    """List what is still to come, what is due first on top."""
    return visit.show(
        "floor/inbound.html",
        found=visit.read(list_inbound, only, after=after, most=50),
        warehouses=[one.code for one in visit.read(list_warehouses)],
        kinds=list(InboundKind),
    )


@router.get("/inbound.csv")
def inbound_file(visit: Reader, only: Which) -> Response:
    """Give what is still to come as a file."""

    def read(after: str | None) -> tuple[Sequence[InboundSheet], str | None]:
        page = visit.read(list_inbound, only, after=after, most=MOST)
        return page.inbound, page.next

    return csv_file("inbound", HEAD, map(_row, pages_of(read)))


@router.post("/inbound")
def announce(
    visit: Clerk,
    kind: Annotated[InboundKind, Form()],
    reference: Word,
    sku: Word,
    quantity: Whole,
    line_number: Whole = 1,
    due: Day = None,
    warehouse: Maybe = None,
    supplier: Maybe = None,
    from_warehouse: Maybe = None,
) -> Response:
    """Announce supply; a transfer leaves its warehouse at once."""
    line = NewInbound(kind, reference.strip(), sku.strip(), quantity, line_number, due)
    made = visit.do(
        create_inbound,
        [line._replace(warehouse=warehouse, supplier=supplier, from_warehouse=from_warehouse)],
    )[0]
    return visit.done(f"{made.name}: {counted(made.quantity, 'unit')} of {made.sku} announced.", to="/inbound")


@router.get("/inbound/{line}")
def one(visit: Reader, line: int) -> Response:
    """Show a line of supply: who has a part of it, how it came, and what can be done about it."""
    return visit.show("floor/inbound_line.html", story=visit.read(show_inbound, str(line)), key=draw_secret()[:10])


@router.post("/inbound/{line}/change")
def change(
    visit: Clerk, line: int, quantity: Whole, due: Day = None, supplier: Maybe = None, notes: Maybe = None
) -> Response:
    """Change when supply is due, how much it is, from whom, and its notes; what is left empty is none."""
    said = {"due": due, "supplier": supplier, "notes": notes}
    clear = [name for name, value in said.items() if value is None]
    made = visit.do(
        update_inbound, str(line), due=due, quantity=quantity, supplier=supplier, notes=notes, clear=clear
    )
    return visit.done(f"{made.name} is changed.", to=f"/inbound/{line}")


@router.post("/inbound/{line}/receive")
def take_in(
    visit: Manager,
    line: int,
    delivery: Word,
    location: Word,
    quantity: Whole,
    damaged: Whole = 0,
    lot: Word = "",
    expires_on: Day = None,
) -> Response:
    """Receive supply as a delivery of its own, approved at once; the same delivery again has no effect."""
    came = ReceivedLine("", quantity, location.strip(), damaged, lot.strip(), expires_on)
    made = visit.do(_receive, line, delivery.strip(), came)
    return visit.done(f"{made.reference}: {counted(made.added, 'unit')} received.", to=f"/inbound/{line}")


@router.post("/inbound/{line}/cancel")
def cancel(
    visit: Manager,
    line: int,
    quantity: MaybeWhole = None,
    because: Word = "",
    lost: Tick = False,
) -> Response:
    """Cancel what is still to come; who had some of it by name waits for other supply."""
    made = visit.do(cancel_inbound, str(line), quantity=quantity, because=because, lost=lost)
    words = f"{made.name}: {counted(made.outstanding, 'unit')} still to come."
    return visit.done(words, to=f"/inbound/{line}")


def _receive(work: Work, line: int, delivery: str, came: ReceivedLine) -> Approval:
    found = find_inbound(work, str(line))
    whole = came._replace(sku=found.sku, merchant=found.merchant, inbound=str(line))
    return receive(work, delivery, [whole], warehouse=found.warehouse)


def _row(one: InboundSheet) -> Sequence[object]:
    return (one.reference, one.line_number, one.kind, one.status, one.merchant, one.sku, one.product,
            one.warehouse, one.from_warehouse, one.supplier, one.due, one.quantity, one.received,
            one.outstanding, one.sourced, "yes" if one.late else "")  # fmt: skip
