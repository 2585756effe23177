"""Give what an inbound line has brought to a backorder that is fulfilled from it: each unit to one."""

from makegood.domain.errors import NotReceived
from makegood.services.inbound.records import InboundRow, Told, hold_inbound, tell, write_inbound
from makegood.services.work import Work


def insist_received(inbound: InboundRow, units: int) -> None:
    """Refuse to give more than was received and went to nobody by name; raises `NotReceived`."""
    if units > inbound.figures.ungiven:
        raise NotReceived(
            inbound=inbound.name,
            sku=inbound.sku,
            wanted=units,
            received=inbound.received,
            given=inbound.given,
        )


def give(work: Work, inbound: InboundRow, units: int, *, backorder: str) -> None:
    """Note that so many received units of an inbound line have gone to a backorder; raises `NotReceived`."""
    if units <= 0:
        return
    row = hold_inbound(work, [inbound.inbound_line_id])[inbound.inbound_line_id]
    insist_received(row, units)
    write_inbound(work, [row._replace(given=row.given + units)])
    tell(work, [Told(row.inbound_line_id, "inbound:given", {"backorder": backorder, "quantity": units})])
