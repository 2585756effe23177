"""Recommend boxes for orders that are ALLOCATED: after the commit, apart from it, so that it can fail in peace.

Which orders are to be packed stands in the books, so that no wake-up can be lost. One worker packs at a time and
holds no lock while it searches; a recommendation is kept only if its order is still as it was read.
"""

import logging
from collections.abc import Sequence
from typing import NamedTuple

from makegood.domain.boxes import Box, Goods, Packing, PackingOutcome
from makegood.services.boxes.cartonize import SECONDS, cartonize
from makegood.services.park_job import text_of
from makegood.services.work import Work
from makegood.store import tables

log = logging.getLogger(__name__)

# A batch with the longest search for each is over in ten seconds.
ORDERS_A_BATCH = 10


class ToPack(NamedTuple):
    """An order to be packed, and the version of its row that was read."""

    order_id: int
    warehouse_id: int
    version: str


class _Line(NamedTuple):
    order_id: int
    line_id: int
    sku: str
    units: int
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    weight_g: int | None


def recommend_boxes(work: Work, *, seconds: float = SECONDS) -> int:
    """Find boxes for the next orders that need them, and give their number; 0 when others are at it."""
    if not work.db.value("boxes_in_use") or not work.db.value("claim_packing"):
        return 0
    orders = work.db.records(ToPack, "orders_to_pack", most=ORDERS_A_BATCH)
    return pack_orders(work, orders, seconds=seconds)


def pack_orders(work: Work, orders: Sequence[ToPack], *, seconds: float = SECONDS) -> int:
    """Find boxes for these orders, and keep what came of it for each."""
    if not orders:
        return 0
    lines: dict[int, list[_Line]] = {order.order_id: [] for order in orders}
    for line in work.db.records(_Line, "lines_to_pack", orders=list(lines)):
        lines[line.order_id].append(line)
    boxes: dict[int, list[Box]] = {}
    for warehouse, *row in work.db.all("boxes_of", warehouses=[order.warehouse_id for order in orders]):
        boxes.setdefault(warehouse, []).append(Box(*row))
    found = [(order, _pack(lines[order.order_id], boxes.get(order.warehouse_id, []), seconds)) for order in orders]
    _write(work, found)
    return len(orders)


def _pack(lines: Sequence[_Line], boxes: Sequence[Box], seconds: float) -> Packing:
    """Pack one order; whatever goes wrong is its result."""
    unknown = [
        line.sku for line in lines if None in (line.length_mm, line.width_mm, line.height_mm, line.weight_g)
    ]
    if unknown:
        message = f"dimensions or weight are unknown of {', '.join(unknown)}"
        return Packing(PackingOutcome.UNKNOWN_DIMENSIONS, message)
    goods = [
        Goods(
            line.line_id,
            line.units,
            line.length_mm or 0,
            line.width_mm or 0,
            line.height_mm or 0,
            line.weight_g or 0,
        )
        for line in lines
    ]
    try:
        return cartonize(goods, boxes, seconds=seconds)
    except Exception as error:
        log.exception("no boxes could be found")
        return Packing(PackingOutcome.FAILED, text_of(error) or type(error).__name__)


def _write(work: Work, found: Sequence[tuple[ToPack, Packing]]) -> None:
    kept = {
        row[0]
        for row in work.db.all(
            "keep_packings",
            orders=[order.order_id for order, _ in found],
            versions=[order.version for order, _ in found],
            outcomes=[packing.outcome for _, packing in found],
            messages=[packing.message for _, packing in found],
            as_of=work.as_of,
        )
    }
    packages = [
        (order.order_id, number, package)
        for order, packing in found
        if order.order_id in kept
        for number, package in enumerate(packing.packages, start=1)
    ]
    if packages:
        work.db.copy(
            "packages",
            tables.PACKAGES,
            ((order, number, package.box_id, package.weight_g) for order, number, package in packages),
        )
        work.db.copy(
            "placements",
            tables.PLACEMENTS,
            (
                (order, number, place, *placement)
                for order, number, package in packages
                for place, placement in enumerate(package.placements, start=1)
            ),
        )
