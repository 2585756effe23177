"""Create a backorder by hand: for a customer without an order, or for a line of an order that exists."""

from datetime import date

from makegood.domain.errors import LineNotFound, WrongState
from makegood.domain.orders import LineRow, NewLine, NewOrder
from makegood.services.backorders.records import BackorderSheet, find_backorder, priority_named, read_backorder
from makegood.services.backorders.update_backorder import update_backorder
from makegood.services.find_stock import find_variants, insist_on_units
from makegood.services.gates import LockedOrder, insist_editable, lock_order
from makegood.services.place_order import place_order
from makegood.services.record import Event, record_events
from makegood.services.work import Work


def create_backorder(
    work: Work,
    sku: str,
    quantity: int,
    *,
    customer_name: str = "",
    customer_reference: str = "",
    customer_email: str = "",
    merchant: str = "default",
    warehouse: str | None = None,
    priority: str = "NORMAL",
    expected_date: date | None = None,
    promised_date: date | None = None,
    notes: str | None = None,
) -> BackorderSheet:
    """Make an order with this one line and give its record, ALLOCATED at once if free stock covers it.

    It joins the queue as any order does and overtakes nobody. Raises `VariantNotFound`, `InvalidValue`.
    """
    insist_on_units(quantity, field="quantity")
    priority_named(priority)
    find_variants(work, [(merchant, sku)])
    made = place_order(
        work,
        NewOrder(
            number=f"MANUAL-{work.db.value('draw_ids', sequence='manual_orders', count=1):04}",
            lines=[NewLine(sku, quantity)],
            merchant=merchant,
            warehouse=warehouse,
            customer_name=customer_name,
            customer_reference=customer_reference,
            customer_email=customer_email,
            priority=priority,
        ),
    )
    number = _open(work, made.lines[0].line)
    return _with_terms(work, number, None, expected_date, promised_date, notes)


def create_for_line(
    work: Work,
    order: str,
    line_number: int,
    *,
    priority: str | None = None,
    expected_date: date | None = None,
    promised_date: date | None = None,
    notes: str | None = None,
) -> BackorderSheet:
    """Give the open record of an order line, made now if it has none, with these terms.

    Raises `OrderNotFound`, `LineNotFound`, and `WrongState` for a line that is unmatched or of which nothing
    remains.
    """
    locked = lock_order(work, order)
    insist_editable(locked.order, "get a backorder")
    return _with_terms(
        work,
        _open(work, _line_to_cover(locked, line_number)),
        priority,
        expected_date,
        promised_date,
        notes,
    )


def _line_to_cover(locked: LockedOrder, line_number: int) -> LineRow:
    line = next((line for line in locked.lines if line.line_number == line_number), None)
    if line is None:
        raise LineNotFound(order=locked.order.number, line=line_number)
    if line.variant_id is None or line.quantity <= line.fulfilled + line.cancelled:
        raise WrongState(
            order=locked.order.number,
            status=locked.order.status,
            action=f"get a backorder for line {line_number}",
            hint="The line is unmatched." if line.variant_id is None else "Nothing of the line remains.",
        )
    return line


def _open(work: Work, line: LineRow) -> str:
    """Give the number of the line's open record, which a short line has already."""
    number = work.db.value("open_backorder_by_hand", line=line.line_id, as_of=work.as_of)
    if number:
        payload: dict[str, object] = {"backorder": number, "line": line.line_number, "sku": line.sku_text}
        record_events(work, [Event(line.order_id, "backorder:created", payload)])
        return str(number)
    return str(work.db.value("open_backorder_of_line", line=line.line_id))


def _with_terms(
    work: Work,
    number: str,
    priority: str | None,
    expected_date: date | None,
    promised_date: date | None,
    notes: str | None,
) -> BackorderSheet:
    if priority is None and expected_date is None and promised_date is None and notes is None:
        return read_backorder(work, find_backorder(work, number).number)
    return update_backorder(
        work,
        number,
        priority=priority,
        expected_date=expected_date,
        promised_date=promised_date,
        notes=notes,
    )
