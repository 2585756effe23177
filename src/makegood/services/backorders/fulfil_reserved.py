"""Let all go out that is reserved for the open backorders of some variants, in bounded batches, set by set."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from makegood.domain.backorders import FulfilmentSource
from makegood.domain.orders import LineRow
from makegood.domain.states import OPEN_TO_ALLOCATION
from makegood.services.change_orders import Change, settle
from makegood.services.find_stock import find_variants
from makegood.services.gates import LockedOrder, lock_orders
from makegood.services.record import Event, record_events
from makegood.services.shrink_stock import lock_units
from makegood.services.work import Work

# The allocations that one transaction fulfils; their gates are held meanwhile.
ALLOCATIONS_A_BATCH = 1000


class Reserved(NamedTuple):
    """What is reserved for open backorders and can go out: how many of these have some, and units."""

    backorders: int
    units: int


class Gone(NamedTuple):
    """What went out with one batch; more may be left until a batch lets nothing go."""

    backorders: int
    units: int


class _Going(NamedTuple):
    """An allocation that can go out, with the order, line and open record that it is for."""

    allocation_id: int
    unit_id: int
    line_id: int
    order_id: int
    warehouse_id: int
    quantity: int
    backorder: str


def count_reserved(
    work: Work, skus: Sequence[str], *, merchant: str = "default", warehouse: str | None = None
) -> Reserved:
    """Tell what `fulfil_reserved` would let go out, batch after batch; raises `VariantNotFound`."""
    variants = find_variants(work, [(merchant, sku) for sku in skus])
    going = _going(work, variants, warehouse, None, None)
    return Reserved(len({one.line_id for one in going}), sum(one.quantity for one in going))


def fulfil_reserved(
    work: Work,
    skus: Sequence[str],
    *,
    merchant: str = "default",
    warehouse: str | None = None,
    most: int = ALLOCATIONS_A_BATCH,
) -> Gone:
    """Let the next batch of what is reserved go out; to be called until nothing goes any more.

    What has lapsed, cannot be given out, or belongs to an order that is held or in picking stays. Raises
    `VariantNotFound`.
    """
    variants = find_variants(work, [(merchant, sku) for sku in skus])
    seen = _going(work, variants, warehouse, None, most)
    if not seen:
        return Gone(0, 0)
    site = seen[0].warehouse_id
    here = sorted({one.order_id for one in seen if one.warehouse_id == site})
    locked = lock_orders(work, site, here)
    units = {one.unit_id for one in seen if one.warehouse_id == site}
    lock_units(work, units)
    going = [one for one in _going(work, variants, warehouse, here, most) if one.unit_id in units]
    if going:
        _let_go(work, locked, going)
    return Gone(len({one.line_id for one in going}), sum(one.quantity for one in going))


def _going(
    work: Work, variants: Sequence[int], warehouse: str | None, orders: Sequence[int] | None, most: int | None
) -> list[_Going]:
    return work.db.records(
        _Going,
        "allocations_to_go",
        variants=list(variants),
        warehouse=warehouse,
        orders=orders,
        statuses=sorted(OPEN_TO_ALLOCATION),
        today=work.today,
        as_of=work.as_of,
        most=most,
    )


def _let_go(work: Work, locked: Sequence[LockedOrder], going: Sequence[_Going]) -> None:
    units: dict[int, int] = defaultdict(int)
    for one in going:
        units[one.line_id] += one.quantity
    work.db.run_expecting(
        len({one.unit_id for one in going}),
        "fulfil_allocations",
        ids=[one.allocation_id for one in going],
        units=[one.quantity for one in going],
        source=work.source,
        actor=work.actor,
        as_of=work.as_of,
    )
    changes = [
        Change(one, one.order, [_less(line, units.get(line.line_id, 0)) for line in one.lines])
        for one in locked
        if any(line.line_id in units for line in one.lines)
    ]
    _tell(work, changes, going, units)
    settle(work, changes)


def _less(line: LineRow, gone: int) -> LineRow:
    return line._replace(allocated=line.allocated - gone, fulfilled=line.fulfilled + gone) if gone else line


def _tell(work: Work, changes: Sequence[Change], going: Sequence[_Going], units: dict[int, int]) -> None:
    names = {one.line_id: one.backorder for one in going}
    record_events(
        work,
        [
            Event(
                change.order.order_id,
                "backorder:units_fulfilled",
                {
                    "orderNumber": change.order.number,
                    "backorder": names[line.line_id],
                    "quantity": units[line.line_id],
                    "source": FulfilmentSource.INVENTORY.value,
                    "remaining": line.quantity - line.fulfilled - line.cancelled,
                },
            )
            for change in changes
            for line in change.lines
            if line.line_id in units
        ],
    )
