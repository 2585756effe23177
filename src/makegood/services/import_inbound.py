"""Import supply that is due: what is new is announced, what is known is changed where the file says so."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from makegood.domain.inbound import NewInbound
from makegood.services.files.entries import InboundEntry
from makegood.services.files.grouping import Together
from makegood.services.files.importing import Kind
from makegood.services.files.names import Names, know, refuse_unknown
from makegood.services.files.rows import Group, Landing, Terms
from makegood.services.inbound.create_inbound import create_inbound
from makegood.services.inbound.update_inbound import update_inbound
from makegood.services.work import Work

# A transfer takes its stock along, with a dozen statements: few of them keep their locks short.
LINES_A_BATCH = 200
REMEDY = "Leave it out of the file, or give it another line"


class _InBooks(NamedTuple):
    """An inbound line as the books have it; the id is None when they have none."""

    inbound_line_id: int | None
    variant_id: int
    warehouse: str
    from_warehouse: str
    quantity: int
    due: date | None
    supplier: str
    notes: str


def import_inbound(work: Work, lines: Sequence[Group[InboundEntry]], terms: Terms) -> Landing[InboundEntry]:
    """Announce the inbound lines of one warehouse that are new, bring the others up to date, and tell what became.

    What a row leaves empty stays. A line is refused when it names what does not exist, or when its reference and
    number stand for other goods or another way.
    """
    landing: Landing[InboundEntry] = Landing()
    names = know(work, lines, terms)
    fitting = refuse_unknown(landing, names, lines)
    books = _look_up(work, names, fitting)
    fresh = [one for one, known in zip(fitting, books, strict=True) if known.inbound_line_id is None]
    if fresh:
        create_inbound(work, [_new(one.first) for one in fresh])
    landing.landed += fresh
    for one, known in zip(fitting, books, strict=True):
        if known.inbound_line_id is not None:
            _bring_up_to_date(work, landing, one, known, names)
    return landing


def _look_up(work: Work, names: Names, lines: Sequence[Group[InboundEntry]]) -> list[_InBooks]:
    return work.db.records(
        _InBooks,
        "inbound_in_books",
        owners=[names.merchants[one.first.merchant] for one in lines],
        kinds=[one.first.kind for one in lines],
        references=[one.first.reference for one in lines],
        lines=[one.first.line for one in lines],
    )


def _new(entry: InboundEntry) -> NewInbound:
    return NewInbound(
        kind=entry.kind,
        reference=entry.reference,
        sku=entry.sku,
        quantity=entry.quantity,
        line_number=entry.line,
        due=entry.due,
        merchant=entry.merchant,
        warehouse=entry.warehouse or None,
        supplier=entry.supplier or None,
        from_warehouse=entry.from_warehouse or None,
        notes=entry.notes,
    )


def _bring_up_to_date(
    work: Work, landing: Landing[InboundEntry], one: Group[InboundEntry], known: _InBooks, names: Names
) -> None:
    entry = one.first
    here = names.variants[entry.merchant, entry.sku], entry.warehouse or known.warehouse
    if (*here, entry.from_warehouse) != (known.variant_id, known.warehouse, known.from_warehouse):
        because = f"{entry.reference}/{entry.line} exists already, with other goods or another way"
        landing.refuse(one, one.problem("reference", entry.reference, because, REMEDY))
        return
    same_supplier = not entry.supplier or entry.supplier.lower() == known.supplier.lower()
    said = {
        "due": entry.due if entry.due not in (None, known.due) else None,
        "quantity": entry.quantity if entry.quantity != known.quantity else None,
        "supplier": None if same_supplier else entry.supplier,
        "notes": entry.notes if entry.notes not in ("", known.notes) else None,
    }
    if not any(value is not None for value in said.values()):
        landing.unchanged.append(one)
        return
    update_inbound(work, str(known.inbound_line_id), **said)  # type: ignore[arg-type]
    landing.landed.append(one)


KIND = Kind(
    "inbound",
    InboundEntry,
    Together(("merchant", "kind", "reference", "line"), "inbound line"),
    import_inbound,
    LINES_A_BATCH,
)
