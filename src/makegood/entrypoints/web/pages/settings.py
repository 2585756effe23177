"""/settings/…: what the business decides, and what its warehouses are made of."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from makegood.domain.alternatives import AlternativeKind, NewAlternative
from makegood.domain.boxes import NewBox
from makegood.domain.catalogue import LocationType, NewWarehouse
from makegood.entrypoints.web.listing import Asked
from makegood.entrypoints.web.visit import (
    ChangingHouseAdministrator,
    HouseAdministrator,
    HouseManager,
    Manager,
    Reader,
)
from makegood.services.add_catalogue import add_warehouses
from makegood.services.alternatives.keep_alternatives import (
    add_alternatives,
    list_alternatives,
    remove_alternative,
)
from makegood.services.boxes.keep_boxes import add_box, list_boxes, retire_box
from makegood.services.business_settings import business_settings, change_setting, setting_changes
from makegood.services.describe_catalogue import describe_location
from makegood.services.show_stock import list_locations, list_warehouses
from makegood.services.work import Work

router = APIRouter()

Word = Annotated[str, Form()]
Maybe = Annotated[Asked, Form()]
Whole = Annotated[int, Form()]
Tick = Annotated[bool, Form()]

# What a setting is called, and what it does.
SETTINGS = {
    "max_backorder_days": ("Longest wait, days", "An order that is short for longer is held for review."),
    "escalate_partial": ("Hold orders that have a part", "Hold for review also what has some of its units."),
    "escalation_frees": (
        "Give away what a held order has",
        "Its units go to the queue when it is held for its age.",
    ),
    "supplier_margin_days": ("Margin for suppliers, days", "Supply is counted on so much later than announced."),
}


@router.get("/settings/business")
def business(visit: HouseAdministrator) -> Response:
    """Show the settings in force, and who changed which."""
    return visit.show(
        "settings/business.html",
        now=visit.read(lambda work: business_settings(work.db))._asdict(),
        changes=visit.read(setting_changes),
        named=SETTINGS,
    )


@router.post("/settings/business/{name}")
def change(visit: ChangingHouseAdministrator, name: str, value: Word) -> Response:
    """Change one setting; the change is on record."""
    visit.do(change_setting, name, value.strip())
    called = SETTINGS.get(name, (name, ""))[0]
    shown = {"true": "yes", "false": "no"}.get(value, value)
    return visit.done(f"{called}: {shown}.", to="/settings/business")


@router.get("/settings/warehouses")
def warehouses(visit: Reader) -> Response:
    """List the warehouses by their rank in the network."""
    return visit.show("settings/warehouses.html", warehouses=visit.read(list_warehouses))


@router.post("/settings/warehouses")
def keep_warehouse(
    visit: HouseManager,
    code: Word,
    network_rank: Whole,
    name: Annotated[str, Form()] = "",
    allow_backorders: Tick = False,
    shares_stock: Tick = False,
) -> Response:
    """Add a warehouse, or bring what is said of it up to date."""
    said = NewWarehouse(code.strip(), name.strip(), network_rank, allow_backorders, shares_stock)
    visit.do(add_warehouses, [said])
    return visit.done(f"Warehouse {said.code} is as you said.", to="/settings/warehouses")


@router.get("/settings/locations")
def locations(visit: Reader, warehouse: Asked = None) -> Response:
    """List the locations in the order in which pickers walk."""
    return visit.show(
        "settings/locations.html",
        locations=visit.read(list_locations, warehouse=warehouse),
        warehouses=[one.code for one in visit.read(list_warehouses)],
        types=list(LocationType),
    )


@router.post("/settings/locations")
def keep_location(
    visit: HouseManager,
    code: Word,
    warehouse: Word,
    type: Annotated[LocationType, Form()],
    pick_sequence: Whole = 0,
    is_pickable: Tick = False,
    active: Tick = False,
) -> Response:
    """Add a location, or change it; what lies there comes into or goes out of reach with it."""
    said: dict[str, Any] = {
        "type": type,
        "is_pickable": is_pickable,
        "active": active,
        "pick_sequence": pick_sequence,
    }
    made = visit.do(lambda work: describe_location(work, code, warehouse=warehouse, **said))
    return visit.done(f"Location {made.code} in {made.warehouse} is as you said.", to="/settings/locations")


@router.get("/settings/boxes")
def boxes(visit: Reader) -> Response:
    """List the boxes, the smallest first."""
    return visit.show("settings/boxes.html", **visit.read(_boxes))


@router.post("/settings/boxes")
def keep_box(
    visit: HouseManager,
    code: Word,
    warehouse: Word,
    length_mm: Whole,
    width_mm: Whole,
    height_mm: Whole,
    max_weight_g: Whole,
    weight_g: Whole = 0,
) -> Response:
    """Add a box, or bring it up to date."""
    sizes = (length_mm, width_mm, height_mm, max_weight_g, weight_g)
    visit.do(add_box, NewBox(code.strip(), *sizes, warehouse=warehouse))
    return visit.done(f"Box {code.strip()} is in use.", to="/settings/boxes")


@router.post("/settings/boxes/retire")
def drop_box(visit: HouseManager, code: Word, warehouse: Word) -> Response:
    """Use a box no more."""
    visit.do(retire_box, code, warehouse=warehouse)
    return visit.done(f"Box {code} is not used any more.", to="/settings/boxes")


@router.get("/settings/alternatives")
def alternatives(visit: Reader, sku: Asked = None, after: Asked = None) -> Response:
    """List what can be sent instead of what."""
    found = visit.read(list_alternatives, sku=sku, after=after)
    return visit.show("settings/alternatives.html", found=found, kinds=list(AlternativeKind))


@router.post("/settings/alternatives")
def keep_alternative(
    visit: Manager,
    sku: Word,
    substitute: Word,
    kind: Annotated[AlternativeKind, Form()],
    position: Whole = 1,
    units: Whole = 1,
    per: Whole = 1,
    two_way: Tick = False,
    needs_consent: Tick = False,
    merchant: Annotated[str, Form()] = "default",
) -> Response:
    """Say what can be sent instead of a SKU."""
    said = NewAlternative(
        sku.strip(), substitute.strip(), kind, position, units, per, two_way, needs_consent, merchant.strip()
    )
    visit.do(add_alternatives, [said])
    return visit.done(f"{said.substitute} can be sent instead of {said.sku}.", to="/settings/alternatives")


@router.post("/settings/alternatives/remove")
def drop_alternative(visit: Manager, sku: Word, substitute: Word, merchant: Word) -> Response:
    """Say that something is not sent instead of a SKU any more."""
    visit.do(remove_alternative, sku, substitute, merchant=merchant)
    return visit.done(f"{substitute} is not sent instead of {sku} any more.", to="/settings/alternatives")


def _boxes(work: Work) -> dict[str, Any]:
    return {
        "boxes": [box for box in list_boxes(work) if box.active],
        "warehouses": [one.code for one in list_warehouses(work)],
    }
