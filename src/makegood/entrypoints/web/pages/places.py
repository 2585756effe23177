"""/settings/warehouses, …/locations and …/boxes: what a warehouse is made of, added and changed by forms."""

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from makegood.domain.boxes import NewBox
from makegood.domain.catalogue import LocationType, NewWarehouse
from makegood.entrypoints.web.fields import Asked, Tick, Whole, Word
from makegood.entrypoints.web.visit import HouseManager, Reader
from makegood.services.boxes.keep_boxes import list_boxes, retire_box
from makegood.services.describe_catalogue import show_location
from makegood.services.keep_places import (
    add_new_box,
    add_new_location,
    add_new_warehouse,
    change_box,
    change_location,
    change_warehouse,
    show_box,
    show_warehouse,
)
from makegood.services.pages import cursor_after, read_cursor
from makegood.services.show_stock import list_locations, list_warehouses
from makegood.services.work import Work

router = APIRouter()

A_PAGE = 100
WAREHOUSES, LOCATIONS, BOXES = "/settings/warehouses", "/settings/locations", "/settings/boxes"


class Place(NamedTuple):
    """What a form says of a location."""

    code: str
    warehouse: str
    said: dict[str, Any]


def sited(
    code: Word, network_rank: Whole, name: Word = "", allow_backorders: Tick = False, shares_stock: Tick = False
) -> NewWarehouse:
    """Read what a form says of a warehouse."""
    return NewWarehouse(code, name.strip(), network_rank, allow_backorders, shares_stock)


def described(
    code: Word,
    warehouse: Word,
    type: Annotated[LocationType, Form()],
    pick_sequence: Whole = 0,
    is_pickable: Tick = False,
    active: Tick = False,
) -> Place:
    """Read what a form says of a location."""
    said = {"type": type, "is_pickable": is_pickable, "active": active, "pick_sequence": pick_sequence}
    return Place(code, warehouse, said)


def measured(
    code: Word,
    warehouse: Word,
    length_mm: Whole,
    width_mm: Whole,
    height_mm: Whole,
    max_weight_g: Whole,
    weight_g: Whole = 0,
) -> NewBox:
    """Read what a form says of a box."""
    sizes = (length_mm, width_mm, height_mm, max_weight_g, weight_g)
    return NewBox(code.strip(), *sizes, warehouse=warehouse)


Sited = Annotated[NewWarehouse, Depends(sited)]
Described = Annotated[Place, Depends(described)]
Measured = Annotated[NewBox, Depends(measured)]


@router.get("/settings/warehouses")
def warehouses(visit: Reader) -> Response:
    """List the warehouses by their rank in the network."""
    return visit.show("settings/warehouses.html", warehouses=visit.read(list_warehouses), one=None)


@router.get("/settings/warehouses/change")
def one_warehouse(visit: Reader, code: str) -> Response:
    """Ask what is to change of a warehouse."""
    return visit.show("settings/change_warehouse.html", one=visit.read(show_warehouse, code))


@router.post("/settings/warehouses")
def add_warehouse(visit: HouseManager, new: Sited) -> Response:
    """Add a warehouse."""
    made = visit.do(add_new_warehouse, new)
    return visit.done(f"Warehouse {made.code} is added.", to=WAREHOUSES)


@router.post("/settings/warehouses/change")
def edit_warehouse(visit: HouseManager, new: Sited) -> Response:
    """Change a warehouse."""
    made = visit.do(change_warehouse, new)
    return visit.done(f"Warehouse {made.code} is changed.", to=WAREHOUSES)


@router.get("/settings/locations")
def locations(visit: Reader, warehouse: Asked = None, q: Asked = None, after: Asked = None) -> Response:
    """List the locations in the order in which pickers walk."""
    found = visit.read(list_locations, warehouse=warehouse, search=q)
    (before,) = read_cursor(after, 1)
    first = before or 0
    last = first + A_PAGE
    return visit.show(
        "settings/locations.html",
        locations=found[first:last],
        total=len(found),
        following=cursor_after(last) if last < len(found) else None,
        warehouses=[one.code for one in visit.read(list_warehouses)],
        types=list(LocationType),
        one=None,
    )


@router.get("/settings/locations/change")
def one_location(visit: Reader, warehouse: str, code: str) -> Response:
    """Ask what is to change of a location."""
    one = visit.read(show_location, code, warehouse=warehouse)
    return visit.show("settings/change_location.html", one=one, types=list(LocationType))


@router.post("/settings/locations")
def add_location(visit: HouseManager, new: Described) -> Response:
    """Add a location."""
    made = visit.do(lambda work: add_new_location(work, new.code, warehouse=new.warehouse, **new.said))
    return visit.done(f"Location {made.code} in {made.warehouse} is added.", to=LOCATIONS)


@router.post("/settings/locations/change")
def edit_location(visit: HouseManager, new: Described) -> Response:
    """Change a location; what lies there comes into or goes out of reach with it."""
    made = visit.do(lambda work: change_location(work, new.code, warehouse=new.warehouse, **new.said))
    return visit.done(f"Location {made.code} in {made.warehouse} is changed.", to=LOCATIONS)


@router.get("/settings/boxes")
def boxes(visit: Reader) -> Response:
    """List the boxes, the smallest first."""
    return visit.show("settings/boxes.html", **visit.read(_boxes), one=None)


@router.get("/settings/boxes/change")
def one_box(visit: Reader, warehouse: str, code: str) -> Response:
    """Ask what is to change of a box."""
    return visit.show("settings/change_box.html", one=visit.read(show_box, code, warehouse=warehouse))


@router.post("/settings/boxes")
def new_box(visit: HouseManager, box: Measured) -> Response:
    """Add a box."""
    visit.do(add_new_box, box)
    return visit.done(f"Box {box.code} is in use.", to=BOXES)


@router.post("/settings/boxes/change")
def edit_box(visit: HouseManager, box: Measured) -> Response:
    """Change a box."""
    visit.do(change_box, box)
    return visit.done(f"Box {box.code} is changed.", to=BOXES)


@router.post("/settings/boxes/retire")
def drop_box(visit: HouseManager, code: Word, warehouse: Word) -> Response:
    """Use a box no more."""
    visit.do(retire_box, code, warehouse=warehouse)
    return visit.done(f"Box {code} is not used any more.", to=BOXES)


def _boxes(work: Work) -> dict[str, Any]:
    return {
        "boxes": [box for box in list_boxes(work) if box.active],
        "warehouses": [one.code for one in list_warehouses(work)],
    }
