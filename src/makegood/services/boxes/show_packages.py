"""Read the boxes that are recommended for an order, and how its units lie in them, to scale."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from makegood.services.boxes.recommend_boxes import ToPack, pack_orders
from makegood.services.gates import find_order
from makegood.services.work import Work


class ShownPlacement(NamedTuple):
    """One unit as it lies in its box: corner and dimensions in millimetres."""

    line_number: int
    sku: str
    x_mm: int
    y_mm: int
    z_mm: int
    length_mm: int
    width_mm: int
    height_mm: int


class ShownPackage(NamedTuple):
    """One recommended box, with inner dimensions, its weight when filled, and what lies where."""

    package_number: int
    box: str
    length_mm: int
    width_mm: int
    height_mm: int
    weight_g: int
    placements: Sequence[ShownPlacement]


class OrderPackages(NamedTuple):
    """The boxes of an order: PACKED, why there are none, or PENDING while they are still to be found.

    NONE: the order is not ALLOCATED, or its warehouse has no boxes. `current` is false once the order changed.
    """

    order: str
    outcome: str
    message: str
    packed_at: datetime | None
    current: bool
    packages: Sequence[ShownPackage]


def show_packages(work: Work, name: str) -> OrderPackages:
    """Give the boxes of an order as they are known. Raises `OrderNotFound`."""
    order_id, _, _ = find_order(work, name)
    row = work.db.one("packing_to_show", order=order_id)
    assert row is not None
    rows = work.db.all("packages_to_show", order=order_id)
    packages = [
        ShownPackage._make((*head, [ShownPlacement(*one[6:]) for one in group]))
        for head, group in groupby(rows, key=lambda one: one[:6])
    ]
    return OrderPackages._make((*row, packages))


def find_packages(work: Work, name: str) -> OrderPackages:
    """Find the boxes of an ALLOCATED order now, anew if they are known, and give them."""
    order_id, _, _ = find_order(work, name)
    pack_orders(work, work.db.records(ToPack, "order_to_pack", order=order_id))
    return show_packages(work, name)
