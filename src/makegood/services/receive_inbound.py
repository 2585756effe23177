"""Receive one inbound line as a delivery of its own: some of it, all of it, or more than was announced."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from makegood.domain.sessions import Approval, ReceivedLine
from makegood.services.inbound.records import InboundSheet, find_inbound, read_sheets
from makegood.services.receive_stock import receive
from makegood.services.work import Work


class GivenByName(NamedTuple):
    """Units that an order got because it had them by name."""

    order: str
    units: int


class InboundReceived(NamedTuple):
    """What a delivery did to the stock, the inbound line as it stands since, and who had units of it by name."""

    delivery: Approval
    inbound: InboundSheet
    given: Sequence[GivenByName]

    def as_told(self) -> dict[str, object]:
        """Give all of it as programs are told it."""
        return {"delivery": self.delivery, "inbound": self.inbound.as_told(), "given_by_name": self.given}


def receive_inbound(
    work: Work,
    name: str,
    quantity: int | None = None,
    *,
    location: str,
    reference: str,
    damaged: int = 0,
    lot: str = "",
    expires_on: date | None = None,
) -> InboundReceived:
    """Receive so many units, else all that are still to come, and put them into stock exactly once.

    `reference` is the delivery's own: the same again has no effect. Whoever has a part of the inbound line gets it
    first, then the queue. Raises `InboundNotFound`, `Ambiguous`, `InboundClosed` for a transfer of which nothing
    is under way, `AlreadyExists` when the reference stands for another delivery.
    """
    found = find_inbound(work, name)
    line = ReceivedLine(
        sku=found.sku,
        quantity=_meant(work, found.inbound_line_id, found.figures.outstanding, quantity, reference),
        location=location,
        damaged=damaged,
        lot=lot,
        expires_on=expires_on,
        merchant=found.merchant,
        inbound=str(found.inbound_line_id) if name.strip().isdecimal() else name.strip(),
    )
    approval = receive(work, reference, [line], warehouse=found.warehouse)
    given = work.db.records(GivenByName, "given_by_name", inbound=found.inbound_line_id, as_of=work.as_of)
    return InboundReceived(approval, read_sheets(work, [found.inbound_line_id])[0], given)


def _meant(work: Work, inbound: int, outstanding: int, quantity: int | None, reference: str) -> int:
    """Give the units that are meant; asked again without a number, those that the delivery brought."""
    if quantity is not None:
        return quantity
    before = work.db.value("units_of_delivery", inbound=inbound, reference=reference.strip())
    return int(before) if before is not None else outstanding
