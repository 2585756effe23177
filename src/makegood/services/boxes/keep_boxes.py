"""Add boxes to a warehouse's list, bring them up to date, and list them."""

from collections.abc import Sequence
from typing import NamedTuple

from makegood.domain.boxes import NewBox
from makegood.domain.errors import BoxNotFound, InvalidValue
from makegood.services.new_orders import find_site
from makegood.services.work import Work

MOST = 2**31 - 1


class ShownBox(NamedTuple):
    """A box of a warehouse."""

    warehouse: str
    code: str
    length_mm: int
    width_mm: int
    height_mm: int
    max_weight_g: int
    weight_g: int
    active: bool


def add_box(work: Work, box: NewBox) -> None:
    """Add a box to the list of its warehouse, or bring it up to date.

    Orders for which no box was found are looked at again. Raises `InvalidValue`, `WarehouseNotFound`.
    """
    for field in ("length_mm", "width_mm", "height_mm", "max_weight_g"):
        if not 0 < getattr(box, field) <= MOST:
            raise InvalidValue(field, getattr(box, field), "a whole number above zero")
    if not 0 <= box.weight_g <= MOST:
        raise InvalidValue("weight_g", box.weight_g, "a whole number, at least 0")
    if not box.code.strip():
        raise InvalidValue("code", box.code, "a code")
    site = find_site(work, box.warehouse)
    work.db.run("add_box", **box._asdict() | {"warehouse": site.warehouse_id, "code": box.code.strip()})
    work.db.run("pack_again_in", warehouse=site.warehouse_id)
    work.wake(RECOMMEND_BOXES)


def retire_box(work: Work, code: str, *, warehouse: str | None = None) -> None:
    """Use a box no more; recommendations with it stay until their order changes. Raises `BoxNotFound`."""
    site = find_site(work, warehouse)
    if not work.db.run("retire_box", warehouse=site.warehouse_id, code=code):
        raise BoxNotFound(code, warehouse=site.code)


def list_boxes(work: Work, *, warehouse: str | None = None) -> Sequence[ShownBox]:
    """List the boxes of one or all warehouses, the smallest first."""
    if warehouse is not None:
        find_site(work, warehouse)
    return work.db.records(ShownBox, "boxes_to_show", warehouse=warehouse)


RECOMMEND_BOXES = "recommend_boxes"
