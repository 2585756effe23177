"""Inbound lines as they are read: found by name, held, written, told, and what happened to them kept."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from makegood.domain.errors import Ambiguous, InboundNotFound
from makegood.domain.inbound import InboundFigures
from makegood.services.business_settings import business_settings
from makegood.services.mark_dates import mark_inbound
from makegood.services.work import Work


class InboundRow(NamedTuple):
    """An inbound line as it was found or read under its lock; ids of the books."""

    inbound_line_id: int
    merchant: str
    kind: str
    reference: str
    line_number: int
    variant_id: int
    sku: str
    warehouse_id: int
    warehouse: str
    from_warehouse_id: int | None
    status: str
    quantity: int
    received: int
    cancelled: int
    sourced: int
    given: int
    due: date | None
    supplier_id: int | None
    notes: str
    merchant_id: int

    @property
    def name(self) -> str:
        """What people call it: its reference and line."""
        return f"{self.reference}/{self.line_number}"

    @property
    def figures(self) -> InboundFigures:
        """Its units, with what follows from them."""
        return InboundFigures(self.quantity, self.received, self.cancelled, self.sourced, self.given)


class InboundSheet(NamedTuple):
    """An inbound line as it is shown, in whole units; `late`: its day has passed and something is still to come.

    It is counted on at `counted_on`: when it is due and its supplier's margin has passed.
    """

    inbound_line_id: int
    kind: str
    reference: str
    line_number: int
    status: str
    merchant: str
    sku: str
    product: str
    warehouse: str
    from_warehouse: str | None
    supplier: str | None
    due: date | None
    counted_on: date | None
    quantity: int
    received: int
    cancelled: int
    outstanding: int
    sourced: int
    given: int
    late: bool
    notes: str
    created_by: str
    created_at: datetime
    closed_at: datetime | None

    @property
    def name(self) -> str:
        """What people call it: its reference and line."""
        return f"{self.reference}/{self.line_number}"

    def as_told(self) -> dict[str, object]:
        """Give the inbound line as programs are told it, in the shape of every door."""
        return {
            "status": self.status.lower(),
            "inbound_id": self.inbound_line_id,
            "kind": self.kind.lower(),
            "reference": self.reference,
            "line": self.line_number,
            "sku": self.sku,
            "warehouse": self.warehouse,
            "from_warehouse": self.from_warehouse,
            "supplier": self.supplier,
            "due": self.due,
            "counted_on": self.counted_on,
            "late": self.late,
            "quantity_announced": self.quantity,
            "quantity_received": self.received,
            "quantity_cancelled": self.cancelled,
            "quantity_outstanding": self.outstanding,
            "quantity_sourced": self.sourced,
            "quantity_unsourced": self.outstanding - self.sourced,
            "merchant": self.merchant,
            "notes": self.notes,
            "created_by": self.created_by,
            "created_at": self.created_at,
            "closed_at": self.closed_at,
        }


class Called(NamedTuple):
    """An inbound line as somebody calls it, where it must be of a variant or come to a warehouse."""

    name: str
    variant_id: int | None = None
    warehouse_id: int | None = None


class Told(NamedTuple):
    """Something that happened to an inbound line; `payload` is written for programs, in camelCase."""

    inbound_line_id: int
    type: str
    payload: Mapping[str, object]


def find_inbound(work: Work, name: str) -> InboundRow:
    """Find one inbound line by reference, `reference/line`, with `merchant/` before it, or id.

    Raises `InboundNotFound`, and `Ambiguous` when the name stands for several.
    """
    return inbound_called(work, [Called(name)])[0]


def inbound_called(work: Work, names: Sequence[Called]) -> list[InboundRow]:
    """Find each inbound line; of several that a name stands for the one that fits and of which something comes."""
    readings = [(place, *reading) for place, one in enumerate(names) for reading in _readings(one.name)]
    places, merchants, references, lines = (list(column) for column in zip(*readings, strict=True))
    found: dict[int, dict[int, InboundRow]] = {place: {} for place in range(len(names))}
    rows = work.db.all("named_inbound", places=places, owners=merchants, references=references, lines=lines)
    for place, *row in rows:
        found[place][row[0]] = InboundRow(*row)
    numbers = {int(one.name) for place, one in enumerate(names) if not found[place] and _is_number(one.name)}
    by_id = read_rows(work, numbers) if numbers else {}
    return [
        _choose(
            one, list(found[place].values()) or [row for key, row in by_id.items() if str(key) == one.name.strip()]
        )
        for place, one in enumerate(names)
    ]


def read_rows(work: Work, ids: Iterable[int]) -> dict[int, InboundRow]:
    """Read inbound lines by id, without a lock."""
    rows = work.db.records(InboundRow, "inbound_by_id", ids=sorted(ids))
    return {row.inbound_line_id: row for row in rows}


def hold_inbound(work: Work, ids: Iterable[int]) -> dict[int, InboundRow]:
    """Hold inbound lines by id, after gates, orders and units, and read them."""
    rows = work.db.records(InboundRow, "lock_inbound", ids=sorted(set(ids)))
    return {row.inbound_line_id: row for row in rows}


def write_inbound(work: Work, rows: Sequence[InboundRow]) -> None:
    """Write held inbound lines as they shall be; what is sourced of them beyond that was given back before."""
    if rows:
        work.db.run_expecting(
            len(rows),
            "write_inbound",
            ids=[row.inbound_line_id for row in rows],
            quantities=[row.quantity for row in rows],
            received=[row.received for row in rows],
            cancelled=[row.cancelled for row in rows],
            given=[row.given for row in rows],
            dues=[row.due for row in rows],
            suppliers=[row.supplier_id for row in rows],
            notes=[row.notes for row in rows],
            as_of=work.as_of,
        )
        mark_inbound(work, [row.inbound_line_id for row in rows])


def tell(work: Work, entries: Sequence[Told]) -> None:
    """Put on record what happened to inbound lines."""
    if entries:
        work.db.run(
            "add_inbound_history",
            ids=[entry.inbound_line_id for entry in entries],
            types=[entry.type for entry in entries],
            payloads=[dict(entry.payload) for entry in entries],
            source=work.source,
            actor=work.actor,
            as_of=work.as_of,
        )


def read_sheets(work: Work, ids: Sequence[int]) -> list[InboundSheet]:
    """Give inbound lines as they stand, in the order of these ids."""
    margin = business_settings(work.db).supplier_margin_days
    rows = work.db.records(InboundSheet, "inbound_by_name", ids=list(ids), today=work.today, margin=margin)
    sheets = {row.inbound_line_id: row for row in rows}
    return [sheets[one] for one in ids]


def _readings(name: str) -> list[tuple[str | None, str, int | None]]:
    """Give the ways in which a name can be read, as merchant, reference and line.

    >>> _readings("acme/7")
    [(None, 'acme/7', None), (None, 'acme', 7), ('acme', '7', None)]
    """
    name = name.strip()
    found = [(None, *one) for one in _lines(name)]
    merchant, slash, rest = name.partition("/")
    return [*found, *((merchant, *one) for one in _lines(rest) if slash)]


def _lines(name: str) -> list[tuple[str, int | None]]:
    reference, slash, number = name.rpartition("/")
    return [(name, None), *([(reference, int(number))] if slash and _is_number(number) else [])]


def _is_number(text: str) -> bool:
    return text.strip().isdecimal() and len(text.strip()) < 10


def _choose(one: Called, rows: Sequence[InboundRow]) -> InboundRow:
    fitting = [
        row
        for row in rows
        if one.variant_id in (None, row.variant_id) and one.warehouse_id in (None, row.warehouse_id)
    ]
    # What fits nowhere is given all the same: whoever wants it says in which way it does not.
    fitting = fitting or list(rows)
    coming = [row for row in fitting if row.figures.outstanding]
    for choice in (fitting, coming):
        if len(choice) == 1:
            return choice[0]
    if not fitting:
        raise InboundNotFound(one.name)
    choices = [f"{row.inbound_line_id} ({row.kind.lower()} {row.name}, {row.sku})" for row in fitting]
    raise Ambiguous(name=one.name, choices=choices)
