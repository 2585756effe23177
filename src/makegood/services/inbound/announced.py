"""Delivered units that were announced: which inbound line each figure means, the lot that a transfer brings."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from makegood.domain.errors import Ambiguous, InboundUnfit
from makegood.domain.inbound import InboundKind
from makegood.services.find_stock import Named, find_variants
from makegood.services.inbound.records import Called, InboundRow, inbound_called
from makegood.services.inbound.transfers import loads
from makegood.services.work import Work

Lot = tuple[str, date | None]


def meant(work: Work, warehouse: int, names: Sequence[tuple[str, Named]]) -> list[InboundRow]:
    """Find the inbound line that each name stands for, given what was delivered under it.

    Raises `InboundNotFound`, `Ambiguous`, and `InboundUnfit` for one of another SKU or warehouse.
    """
    variants = find_variants(work, [(named.merchant, named.sku) for _, named in names])
    called = [Called(name, variant, warehouse) for (name, _), variant in zip(names, variants, strict=True)]
    rows = inbound_called(work, called)
    for row, one, (_, named) in zip(rows, called, names, strict=True):
        if row.variant_id != one.variant_id:
            raise InboundUnfit(inbound=row.name, field="SKU", wanted=named.sku, found=row.sku)
        if row.warehouse_id != warehouse:
            raise InboundUnfit(inbound=row.name, field="warehouse", wanted="this one", found=row.warehouse)
    return rows


def with_lots(work: Work, rows: Sequence[InboundRow], names: Sequence[Named]) -> list[Named]:
    """Give each of a transfer's names the lot that is under way, where it names none.

    Raises `Ambiguous` when several lots are.
    """
    transfers = {row.inbound_line_id for row in rows if row.kind == InboundKind.TRANSFER}
    lots: dict[int, set[Lot]] = defaultdict(set)
    for load in loads(work, transfers):
        lots[load.inbound_line_id].add((load.lot, load.expires_on))
    return [_with_lot(row, named, lots[row.inbound_line_id]) for row, named in zip(rows, names, strict=True)]


def _with_lot(row: InboundRow, named: Named, lots: set[Lot]) -> Named:
    fitting = [
        lot for lot in lots if (not named.lot or named.lot == lot[0]) and named.expires_on in (None, lot[1])
    ]
    if len(fitting) == 1:
        return named._replace(lot=fitting[0][0], expires_on=fitting[0][1])
    if not fitting or (named.lot, named.expires_on) in fitting:
        return named
    choices = [
        f"lot {lot or 'without a name'}, expires {expires or 'never'}" for lot, expires in sorted(fitting, key=str)
    ]
    raise Ambiguous(name=f"{named.sku} of {row.name}", choices=choices)
