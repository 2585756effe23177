"""Reserve units of a backorder on supply that is due, and give them back."""

from makegood.domain.errors import InboundClosed, InboundUnfit, InvalidValue, NotEnoughDue
from makegood.domain.orders import LineRow
from makegood.domain.states import EDITABLE
from makegood.services.backorders.records import (
    BackorderRow,
    BackorderSheet,
    find_open,
    insist_status,
    lock_backorder,
    read_backorder,
    units_asked,
)
from makegood.services.inbound.records import Called, InboundRow, hold_inbound, inbound_called
from makegood.services.record import Event, record_events
from makegood.services.sourcings import Sourcing, note_sources, open_sourcings, release
from makegood.services.work import Work

HINT = "What is being picked lacks nothing."


def source_backorder(work: Work, number: str, inbound: str, *, quantity: int | None = None) -> BackorderSheet:
    """Reserve so many units, else as many as are uncovered and nobody's, on an inbound line; give the record.

    The line still waits for all that it lacks: what it gets from stock before, it gives back here. Raises
    `InboundNotFound`, `InboundUnfit`, `InboundClosed`, `NotEnoughDue`, `InvalidValue`, `WrongState`,
    `BackorderNotFound`, `BackorderClosed`.
    """
    found = find_open(work, number)
    due = inbound_for(work, found, inbound)
    locked, line = lock_backorder(work, found)
    insist_status(locked, EDITABLE, "be sourced", HINT)
    row = hold_inbound(work, [due.inbound_line_id])[due.inbound_line_id]
    units = _units(found, line, row, quantity)
    work.db.run_expecting(
        1,
        "add_sourcing",
        line=line.line_id,
        inbound=row.inbound_line_id,
        units=units,
        actor=work.actor,
        as_of=work.as_of,
    )
    note_sources(work, [line.line_id])
    payload: dict[str, object] = {
        "backorder": found.number,
        "inbound": row.name,
        "quantity": units,
        "due": row.due,
    }
    record_events(work, [Event(found.order_id, "backorder:sourced", payload)])
    return read_backorder(work, found.number)


def _units(found: BackorderRow, line: LineRow, row: InboundRow, quantity: int | None) -> int:
    """Give how many units can be reserved, or refuse with what is to come of the inbound line."""
    if not row.figures.outstanding:
        raise InboundClosed(inbound=row.name, status=row.status)
    wanted = units_asked(found, quantity, line.shortfall - line.sourced, "are uncovered")
    units = wanted if quantity is not None else min(wanted, row.figures.unsourced)
    if not 0 < units <= row.figures.unsourced:
        raise NotEnoughDue(
            inbound=row.name,
            sku=row.sku,
            wanted=wanted,
            outstanding=row.figures.outstanding,
            sourced=row.sourced,
        )
    return units


def release_sourced(
    work: Work, number: str, *, inbound: str | None = None, quantity: int | None = None, because: str = ""
) -> BackorderSheet:
    """Give back so many units, else all, that the backorder has on an inbound line, or on any; give the record.

    What is due last is given back first. Raises `InvalidValue`, `InboundNotFound`, `BackorderNotFound`,
    `BackorderClosed`.
    """
    found = find_open(work, number)
    only = inbound_for(work, found, inbound).inbound_line_id if inbound else None
    locked, line = lock_backorder(work, found)
    insist_status(locked, EDITABLE, "give back what it has sourced")
    has = [one for one in open_sourcings(work, lines=[line.line_id]) if only in (None, one.inbound_line_id)]
    most = sum(one.quantity for one in has)
    if not most:
        raise InvalidValue("inbound", inbound or "", f"an inbound line of which {found.number} has units")
    units = units_asked(found, quantity, most, "are sourced")
    release(work, _last_due(has, units), because=because or "it was released by hand")
    return read_backorder(work, found.number)


def inbound_for(work: Work, found: BackorderRow, name: str) -> InboundRow:
    """Find the inbound line that is meant for a backorder; raises `InboundUnfit` when it brings something else."""
    row = inbound_called(work, [Called(name, found.variant_id, found.warehouse_id)])[0]
    if row.variant_id != found.variant_id:
        raise InboundUnfit(inbound=row.name, field="SKU", wanted=found.sku, found=row.sku)
    if row.warehouse_id != found.warehouse_id:
        site = work.db.value("code_of_warehouse", warehouse=found.warehouse_id)
        raise InboundUnfit(inbound=row.name, field="warehouse", wanted=site, found=row.warehouse)
    return row


def _last_due(has: list[Sourcing], units: int) -> dict[Sourcing, int]:
    chosen: dict[Sourcing, int] = {}
    for one in sorted(has, key=lambda part: part.as_due, reverse=True):
        count = min(one.quantity, units)
        if count:
            chosen[one] = count
            units -= count
    return chosen
