"""Add a warehouse, location or box that is new, or change one that is known; never one for the other."""

from typing import Any

from makegood.domain.boxes import NewBox
from makegood.domain.catalogue import NewWarehouse
from makegood.domain.errors import AlreadyExists, BoxNotFound, InvalidValue, WarehouseNotFound
from makegood.services.add_catalogue import add_warehouses
from makegood.services.boxes.keep_boxes import ShownBox, add_box, list_boxes
from makegood.services.describe_catalogue import describe_location, show_location
from makegood.services.new_orders import find_site
from makegood.services.show_stock import LocationSheet, WarehouseSheet, list_locations, list_warehouses
from makegood.services.work import Work


def add_new_warehouse(work: Work, new: NewWarehouse) -> WarehouseSheet:
    """Add a warehouse and give it; raises `AlreadyExists` when one has its code, and `InvalidValue`."""
    new = new._replace(code=new.code.strip())
    if not new.code:
        raise InvalidValue("code", new.code, "a code")
    work.db.run("hold_places")
    for one in list_warehouses(work):
        if one.code == new.code:
            raise AlreadyExists(kind="Warehouse", name=one.code, stands=f"with rank {one.network_rank}")
    add_warehouses(work, [new])
    return show_warehouse(work, new.code)


def change_warehouse(work: Work, as_it_is: NewWarehouse) -> WarehouseSheet:
    """Bring a warehouse up to date and give it; raises `WarehouseNotFound`."""
    known = show_warehouse(work, as_it_is.code)
    add_warehouses(work, [as_it_is])
    return show_warehouse(work, known.code)


def show_warehouse(work: Work, code: str) -> WarehouseSheet:
    """Give a warehouse by its code; raises `WarehouseNotFound`."""
    for found in list_warehouses(work):
        if found.code == code:
            return found
    raise WarehouseNotFound(code)


def add_new_location(work: Work, code: str, *, warehouse: str | None = None, **said: Any) -> LocationSheet:
    """Add a location and give it; raises `AlreadyExists` when its warehouse has one of this code."""
    code, site = code.strip(), find_site(work, warehouse)
    if not code:
        raise InvalidValue("code", code, "a code")
    work.db.run("hold_places")
    for one in list_locations(work, warehouse=site.code):
        if one.code == code:
            stands = f"for {one.type}, with {one.units} units in it"
            raise AlreadyExists(kind=f"Location in {site.code}", name=code, stands=stands)
    return describe_location(work, code, warehouse=site.code, **said)


def change_location(work: Work, code: str, *, warehouse: str | None = None, **said: Any) -> LocationSheet:
    """Bring what is said of a location up to date and give it; raises `LocationNotFound`.

    Made usable, what lies there goes to whoever waits; made unusable, its reservations are freed.
    """
    known = show_location(work, code, warehouse=warehouse)
    return describe_location(work, known.code, warehouse=known.warehouse, **said)


def add_new_box(work: Work, new: NewBox) -> None:
    """Add a box; one that was retired may come back. Raises `AlreadyExists` when one in use has its code."""
    site = find_site(work, new.warehouse)
    work.db.run("hold_places")
    for one in _boxes_in_use(work, site.code, new.code):
        stands = f"{one.length_mm} × {one.width_mm} × {one.height_mm} mm"
        raise AlreadyExists(kind=f"Box of {site.code}", name=one.code, stands=stands)
    add_box(work, new)


def change_box(work: Work, new: NewBox) -> None:
    """Bring a box in use up to date; raises `BoxNotFound`."""
    show_box(work, new.code, warehouse=new.warehouse)
    add_box(work, new)


def show_box(work: Work, code: str, *, warehouse: str | None = None) -> ShownBox:
    """Give a box in use; raises `BoxNotFound`."""
    site = find_site(work, warehouse)
    for found in _boxes_in_use(work, site.code, code):
        return found
    raise BoxNotFound(code, warehouse=site.code)


def _boxes_in_use(work: Work, warehouse: str, code: str) -> list[ShownBox]:
    return [one for one in list_boxes(work, warehouse=warehouse) if one.active and one.code == code.strip()]
