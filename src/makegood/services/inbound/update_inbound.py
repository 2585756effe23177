"""Change an inbound line: when it is due, how many units it brings, from whom, notes."""

from collections.abc import Collection
from datetime import date
from typing import Any

from makegood.domain.errors import InboundClosed, InvalidValue
from makegood.domain.inbound import InboundKind
from makegood.services.find_stock import insist_on_units
from makegood.services.inbound.cancel_inbound import reduce
from makegood.services.inbound.hold_inbound import Whole, hold_whole
from makegood.services.inbound.records import (
    InboundRow,
    InboundSheet,
    Told,
    find_inbound,
    hold_inbound,
    read_sheets,
    tell,
    write_inbound,
)
from makegood.services.inbound.suppliers import supplier_ids
from makegood.services.inbound.transfers import Wanted, send_off
from makegood.services.new_orders import Site
from makegood.services.work import Work
from makegood.store.database import StartOver

CLEARED: dict[str, object] = {"due": None, "supplier_id": None, "notes": ""}
CLEARABLE = {"due": "due", "supplier": "supplier_id", "notes": "notes"}


def update_inbound(
    work: Work,
    name: str,
    *,
    due: date | None = None,
    quantity: int | None = None,
    supplier: str | None = None,
    notes: str | None = None,
    clear: Collection[str] = (),
) -> InboundSheet:
    """Set what is given, clear what is named (due, supplier, notes), and give the inbound line.

    A smaller quantity gives back what was sourced beyond it; of a transfer more leaves, or some comes back.
    Raises `InboundNotFound`, `Ambiguous`, `InboundClosed`, `InvalidValue`, and `NotEnough` as a new transfer does.
    """
    found = find_inbound(work, name)
    changes = _changes(work, found, {"due": due, "quantity": quantity, "notes": notes}, supplier, clear)
    more = (quantity or 0) > found.quantity
    if more and found.kind == InboundKind.TRANSFER:
        _send_more(work, found, (quantity or 0) - found.quantity)
    less = quantity is not None and quantity < found.quantity
    whole = hold_whole(work, found) if less else _hold_row(work, found)
    row = whole.row
    if row.quantity != found.quantity:
        raise StartOver("the quantity was changed by somebody else")
    if not (row.figures.outstanding or set(changes) == {"notes"}):
        raise InboundClosed(inbound=row.name, status=row.status)
    after = row._replace(**changes)
    if after.quantity < row.received + row.cancelled:
        least = row.received + row.cancelled
        raise InvalidValue("quantity", quantity, f"at least {least}, which came or were cancelled")
    reduce(work, whole, after) if less else write_inbound(work, [after])
    _tell(work, row, after)
    return read_sheets(work, [row.inbound_line_id])[0]


def _changes(
    work: Work, found: InboundRow, given: dict[str, object], supplier: str | None, clear: Collection[str]
) -> dict[str, Any]:
    changes: dict[str, Any] = {field: value for field, value in given.items() if value is not None}
    if supplier is not None:
        if found.kind != InboundKind.PURCHASE_ORDER:
            raise InvalidValue("supplier", supplier, "for anything but a purchase order")
        changes["supplier_id"] = supplier_ids(work, [(found.merchant_id, supplier)]).popitem()[1]
    for word in clear:
        if word not in CLEARABLE or CLEARABLE[word] in changes:
            raise InvalidValue("clear", word, f"one of {', '.join(CLEARABLE)} that is not set as well")
        changes[CLEARABLE[word]] = CLEARED[CLEARABLE[word]]
    if "quantity" in changes:
        insist_on_units(changes["quantity"], field="quantity")
    if not changes:
        raise InvalidValue(
            "changes", "", "something to change: a day, a quantity, a supplier, notes, or one to clear"
        )
    return changes


def _hold_row(work: Work, found: InboundRow) -> Whole:
    return Whole(hold_inbound(work, [found.inbound_line_id])[found.inbound_line_id], [], [])


def _send_more(work: Work, found: InboundRow, units: int) -> None:
    assert found.from_warehouse_id is not None
    site = Site(found.from_warehouse_id, "", True)
    send_off(work, site, [Wanted(found.inbound_line_id, found.name, found.variant_id, found.sku, units)])


def _tell(work: Work, before: InboundRow, after: InboundRow) -> None:
    """Put on record what was changed, from what to what."""
    changed = {
        field: {"from": was, "to": now}
        for field, was, now in zip(InboundRow._fields, before, after, strict=True)
        if was != now
    }
    if changed:
        kind = "inbound:due_changed" if "due" in changed else "inbound:changed"
        tell(work, [Told(before.inbound_line_id, kind, changed)])
