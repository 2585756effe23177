"""Announce supply: purchase orders, productions, and transfers, which leave their warehouse at once."""

from collections.abc import Sequence
from typing import NamedTuple

from makegood.domain.errors import AlreadyExists, InvalidValue
from makegood.domain.inbound import InboundKind, NewInbound
from makegood.services.add_catalogue import find_merchants
from makegood.services.find_stock import find_variants, insist_on_units
from makegood.services.inbound.records import InboundSheet, Told, read_sheets, tell
from makegood.services.inbound.suppliers import supplier_ids
from makegood.services.inbound.transfers import Wanted, send_off
from makegood.services.mark_dates import mark_inbound
from makegood.services.new_orders import Site, find_site
from makegood.services.record import draw_ids
from makegood.services.work import Work


class _Line(NamedTuple):
    """An inbound line as it goes into the books, and as it was asked for."""

    inbound_line_id: int
    merchant_id: int
    variant_id: int
    site: Site
    from_site: Site | None
    supplier_id: int | None
    asked: NewInbound


def create_inbound(work: Work, lines: Sequence[NewInbound]) -> list[InboundSheet]:
    """Add inbound lines, all of them or none, and give them; a transfer takes its units out of its warehouse.

    A supplier that is not known is added. Raises `AlreadyExists` for a reference and line that are taken,
    `InvalidValue`, `VariantNotFound`, `WarehouseNotFound`, and `NotEnough` when a transfer wants more than is
    free and kept for nobody.
    """
    for line in lines:
        _insist_on_sense(line)
    rows = _rows(work, lines)
    _refuse_taken(work, rows)
    _add(work, rows)
    _send_off(work, rows)
    mark_inbound(work, [row.inbound_line_id for row in rows])
    tell(work, [Told(row.inbound_line_id, "inbound:announced", _payload(row.asked)) for row in rows])
    return read_sheets(work, [row.inbound_line_id for row in rows])


def kind_named(word: str) -> InboundKind:
    """Give the kind of supply that a word stands for; raises `InvalidValue`."""
    name = word.strip().upper().replace("-", "_").replace(" ", "_")
    if name not in list(InboundKind):
        raise InvalidValue("kind", word, ", ".join(InboundKind))
    return InboundKind(name)


def _insist_on_sense(line: NewInbound) -> None:
    kind = kind_named(line.kind)
    if not line.reference.strip():
        raise InvalidValue("reference", line.reference, "a reference")
    if line.line_number < 1:
        raise InvalidValue("line_number", line.line_number, "a whole number from 1")
    insist_on_units(line.quantity, field="quantity")
    if line.supplier and kind is not InboundKind.PURCHASE_ORDER:
        raise InvalidValue("supplier", line.supplier, "for anything but a purchase order")
    if bool(line.from_warehouse) != (kind is InboundKind.TRANSFER):
        raise InvalidValue("from_warehouse", line.from_warehouse, "what a transfer, and nothing else, has")


def _rows(work: Work, lines: Sequence[NewInbound]) -> list[_Line]:
    merchants = find_merchants(work, {line.merchant for line in lines})
    variants = find_variants(work, [(line.merchant, line.sku) for line in lines])
    names = {name for line in lines for name in (line.warehouse, line.from_warehouse)}
    sites = {name: find_site(work, name) for name in names}
    named = [(merchants[line.merchant], line.supplier) for line in lines if line.supplier]
    suppliers = supplier_ids(work, named)
    ids = draw_ids(work, "inbound_lines_inbound_line_id_seq", len(lines))
    return [
        _Line(
            inbound_line_id=number,
            merchant_id=merchants[line.merchant],
            variant_id=variant,
            site=sites[line.warehouse],
            from_site=sites[line.from_warehouse] if line.from_warehouse else None,
            supplier_id=suppliers.get((merchants[line.merchant], (line.supplier or "").strip().lower())),
            asked=line,
        )
        for number, line, variant in zip(ids, lines, variants, strict=True)
    ]


def _refuse_taken(work: Work, rows: Sequence[_Line]) -> None:
    keys = [(row.merchant_id, kind_named(row.asked.kind), row.asked.reference.strip(), row.asked.line_number)
            for row in rows]  # fmt: skip
    merchants, kinds, references, lines = (list(column) for column in zip(*keys, strict=True))
    taken = [row[0] for row in work.db.all("inbound_taken", owners=merchants, kinds=kinds,
                                           references=references, lines=lines)]  # fmt: skip
    twice = [f"{key[2]}/{key[3]}" for place, key in enumerate(keys) if key in keys[:place]]
    for name in (*taken, *twice):
        raise AlreadyExists(kind="Inbound line", name=name)
    for row in rows:
        if row.from_site and row.from_site.warehouse_id == row.site.warehouse_id:
            raise InvalidValue("from_warehouse", row.asked.from_warehouse, "another warehouse than it goes to")


def _add(work: Work, rows: Sequence[_Line]) -> None:
    work.db.run_expecting(
        len(rows),
        "add_inbound",
        ids=[row.inbound_line_id for row in rows],
        owners=[row.merchant_id for row in rows],
        kinds=[kind_named(row.asked.kind).value for row in rows],
        references=[row.asked.reference.strip() for row in rows],
        lines=[row.asked.line_number for row in rows],
        variants=[row.variant_id for row in rows],
        warehouses=[row.site.warehouse_id for row in rows],
        quantities=[row.asked.quantity for row in rows],
        dues=[row.asked.due for row in rows],
        suppliers=[row.supplier_id for row in rows],
        from_warehouses=[row.from_site.warehouse_id if row.from_site else None for row in rows],
        notes=[row.asked.notes for row in rows],
        actor=work.actor,
        as_of=work.as_of,
    )


def _send_off(work: Work, rows: Sequence[_Line]) -> None:
    """Let transfers leave, warehouse by warehouse, as everybody locks gates who works in several."""
    sites: dict[int, list[Wanted]] = {}
    codes: dict[int, Site] = {}
    for row in rows:
        if row.from_site:
            line = row.asked
            name = f"{line.reference.strip()}/{line.line_number}"
            wanted = Wanted(row.inbound_line_id, name, row.variant_id, line.sku, line.quantity, line.from_location)
            sites.setdefault(row.from_site.warehouse_id, []).append(wanted)
            codes[row.from_site.warehouse_id] = row.from_site
    for site in sorted(sites):
        send_off(work, codes[site], sites[site])


def _payload(line: NewInbound) -> dict[str, object]:
    told = {"kind": kind_named(line.kind).value, "quantity": line.quantity, "due": line.due,
            "supplier": line.supplier, "fromWarehouse": line.from_warehouse}  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}
