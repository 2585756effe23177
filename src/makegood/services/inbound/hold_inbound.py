"""Hold inbound lines with the orders that have a part of them, and give such parts back, the worst rank first."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from makegood.domain.inbound import InboundKind
from makegood.services.gates import LockedOrder, lock_orders
from makegood.services.inbound.records import InboundRow, hold_inbound
from makegood.services.inbound.transfers import Load, hold_way_back, loads
from makegood.services.sourcings import Sourcing, open_sourcings, release
from makegood.services.work import Work
from makegood.store.database import StartOver


class Whole(NamedTuple):
    """An inbound line that is held with all that hangs on it: who has a part of it, and what is under way."""

    row: InboundRow
    sourcings: Sequence[Sourcing]
    loads: Sequence[Load]


def hold_whole(work: Work, found: InboundRow) -> Whole:
    """Hold an inbound line after the orders that have a part of it and the units of it that are under way."""
    orders = hold_sourced(work, found.warehouse_id, [found.inbound_line_id], [found.variant_id])
    way = loads(work, [found.inbound_line_id]) if found.kind == InboundKind.TRANSFER else []
    hold_way_back(work, way)
    row = hold_inbound(work, [found.inbound_line_id])[found.inbound_line_id]
    if way != (loads(work, [found.inbound_line_id]) if way else []):
        raise StartOver("the transfer was received or changed before it was held")
    return Whole(row, held_sourcings(work, [row.inbound_line_id], orders), way)


def hold_sourced(
    work: Work, warehouse: int, inbound: Collection[int], variants: Collection[int]
) -> list[LockedOrder]:
    """Hold the orders that have a part of some inbound lines, with the gates of these variants."""
    orders = {one.order_id for one in open_sourcings(work, inbound=sorted(inbound))}
    return lock_orders(work, warehouse, sorted(orders), variants) if orders else []


def held_sourcings(work: Work, inbound: Collection[int], orders: Sequence[LockedOrder]) -> list[Sourcing]:
    """Read who has a part of held inbound lines; start over when one of the orders is not held."""
    found = open_sourcings(work, inbound=sorted(inbound))
    if {one.order_id for one in found} - {locked.order.order_id for locked in orders}:
        raise StartOver("the inbound line was sourced before it was held")
    return found


def release_surplus(
    work: Work, before: Sequence[InboundRow], after: Sequence[InboundRow], parts: Sequence[Sourcing], because: str
) -> dict[Sourcing, int]:
    """Give back what is sourced of inbound lines beyond what is still to come of them, the worst rank first."""
    over = {
        was.inbound_line_id: was.sourced - now.figures.outstanding for was, now in zip(before, after, strict=True)
    }
    chosen: dict[Sourcing, int] = {}
    for one in sorted(parts, key=lambda part: (part.rank, part.sourcing_id), reverse=True):
        count = min(one.quantity, over[one.inbound_line_id])
        if count > 0:
            chosen[one] = count
            over[one.inbound_line_id] -= count
    release(work, chosen, because=because)
    return chosen
