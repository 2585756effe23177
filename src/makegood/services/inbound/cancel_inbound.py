"""Cancel what is still to come of an inbound line, whole or in part; who had a part of it is uncovered again."""

from makegood.domain.errors import InboundClosed, InvalidValue
from makegood.domain.inbound import InboundKind
from makegood.services.inbound.hold_inbound import Whole, hold_whole, release_surplus
from makegood.services.inbound.records import (
    InboundRow,
    InboundSheet,
    Told,
    find_inbound,
    read_sheets,
    tell,
    write_inbound,
)
from makegood.services.inbound.transfers import bring_back, first_loads, take_off
from makegood.services.work import Work


def cancel_inbound(
    work: Work, name: str, *, quantity: int | None = None, because: str = "", lost: bool = False
) -> InboundSheet:
    """Cancel so many units, else all that are still to come, and give the inbound line.

    Units of a transfer go back to where they left, and are offered to the queue there; `lost` ones are written
    off. Raises `InboundNotFound`, `Ambiguous`, `InboundClosed`, `InvalidValue`.
    """
    whole = hold_whole(work, find_inbound(work, name))
    row, most = whole.row, whole.row.figures.outstanding
    if not most:
        raise InboundClosed(inbound=row.name, status=row.status)
    if lost and row.kind != InboundKind.TRANSFER:
        raise InvalidValue("lost", lost, "for a transfer: nothing else is in the books before it comes")
    units = most if quantity is None else quantity
    if not 1 <= units <= most:
        raise InvalidValue("quantity", quantity, f"from 1 to {most}, which are still to come of {row.name}")
    reduce(work, whole, row._replace(cancelled=row.cancelled + units), because=because, lost=lost)
    facts = {"quantity": units, "because": because, **({"lost": True} if lost else {})}
    tell(work, [Told(row.inbound_line_id, "inbound:cancelled", facts)])
    return read_sheets(work, [row.inbound_line_id])[0]


def reduce(work: Work, whole: Whole, after: InboundRow, *, because: str = "", lost: bool = False) -> None:
    """Write an inbound line of which less is to come; parts of it that somebody had are given back."""
    row = whole.row
    why = f"inbound line {row.name} was cancelled" + (f": {because}" if because else "")
    release_surplus(work, [row], [after], whole.sourcings, why)
    if row.kind == InboundKind.TRANSFER:
        taken = first_loads(whole.loads, row.figures.outstanding - after.figures.outstanding)
        if lost:
            take_off(work, taken, reason="lost in transit")
        else:
            bring_back(work, taken, reason="transfer came back")
    write_inbound(work, [after])
