"""/inventory: what lies where, who waits for it, and every way in which a person changes that."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from makegood.domain.accounts import Role, insist_on_role
from makegood.domain.errors import InvalidValue, UnitNotFound
from makegood.entrypoints.web.fields import Asked, Maybe, Whole, Word
from makegood.entrypoints.web.listing import MOST, csv_file, pages_of
from makegood.entrypoints.web.rendering import counted
from makegood.entrypoints.web.visit import Clerk, Reader, own_path
from makegood.services.adjust_stock import adjust_stock
from makegood.services.change_stock import StockChanged
from makegood.services.change_unit import adjust_unit, damage_unit, move_unit, quarantine_unit, restore_unit
from makegood.services.dashboard.who_waits import who_waits
from makegood.services.move_stock import move_stock
from makegood.services.pages import cursor_after
from makegood.services.show_stock import PlacedStock, list_warehouses, stock_by_place
from makegood.services.work import Work

router = APIRouter()


class Act(StrEnum):
    """What can be done to units in their place."""

    MOVE = "move"
    ADJUST = "adjust"
    DAMAGE = "damage"
    QUARANTINE = "quarantine"
    RESTORE = "restore"


LEAST = {Act.QUARANTINE: Role.MANAGER, Act.RESTORE: Role.MANAGER}
ASIDE: dict[Act, Callable[..., StockChanged]] = {
    Act.DAMAGE: damage_unit,
    Act.QUARANTINE: quarantine_unit,
    Act.RESTORE: restore_unit,
}


HEAD = ("SKU", "Name", "Merchant", "Warehouse", "Location", "Location type", "Lot", "Expires", "Received", "State",
        "Units", "Reserved", "Free", "Why not pickable")  # fmt: skip


def _which(sku: Asked = None, warehouse: Asked = None, location: Asked = None) -> dict[str, str | None]:
    return {"sku": sku, "warehouse": warehouse, "location": location}


Which = Annotated[dict[str, str | None], Depends(_which)]


@router.get("/inventory")
def inventory(visit: Reader, which: Which, after: Asked = None) -> Response:
    """List what lies where; of an item also who waits for it."""
    units, following = visit.read(stock_by_place, **which, after=after, most=50)
    sku, warehouse = which["sku"], which["warehouse"]
    return visit.show(
        "floor/inventory.html",
        units=units,
        following=following,
        waits=visit.read(who_waits, sku, warehouse=warehouse, most=10) if sku else None,
        warehouses=[one.code for one in visit.read(list_warehouses)],
    )


@router.get("/inventory.csv")
def inventory_file(visit: Reader, which: Which) -> Response:
    """Give what lies where as a file."""

    def read(after: str | None) -> tuple[Sequence[PlacedStock], str | None]:
        return visit.read(stock_by_place, **which, after=after, most=MOST)

    return csv_file("inventory", HEAD, map(_row, pages_of(read)))


def _row(one: PlacedStock) -> Sequence[object]:
    return (one.sku, one.name, one.merchant, one.warehouse, one.location, one.location_type, one.lot,
            one.expires_on, one.received_at.isoformat(), one.status, one.quantity, one.reserved, one.free,
            one.why_not)  # fmt: skip


@router.post("/inventory")
def book(
    visit: Clerk, sku: Word, units: Whole, location: Word, reason: Word, warehouse: Maybe = None, lot: Word = ""
) -> Response:
    """Book units in, or with a minus off, where the books are wrong."""
    made = visit.do(
        adjust_stock, sku.strip(), units, location=location.strip(), reason=reason, warehouse=warehouse, lot=lot
    )
    return visit.done(_told(made), to=_of(sku))


@router.post("/inventory/move")
def move(
    visit: Clerk,
    from_location: Word,
    sku: Word,
    to_location: Word,
    units: Whole = 1,
    warehouse: Maybe = None,
    lot: Word = "",
) -> Response:
    """Move units from bin to bin: putaway, replenishment, clearing a bin."""
    here, there = from_location.strip(), to_location.strip()
    made = visit.do(
        move_stock, sku.strip(), units, from_location=here, to_location=there, warehouse=warehouse, lot=lot.strip()
    )
    words = f"{units} {sku.strip()} from {here} to {there}. {_told(made)}"
    return visit.done(words, to="/inventory?" + urlencode({"location": there}))


@router.get("/inventory/{unit}")
def ask(visit: Reader, unit: int) -> Response:
    """Ask what is to be done to units in their place."""
    return visit.show(
        "floor/unit.html", unit=visit.read(_unit, unit), acts=[a for a in Act if visit.may(_least(a))]
    )


@router.post("/inventory/{unit}")
def change(
    visit: Clerk,
    unit: int,
    act: Annotated[Act, Form()],
    units: Whole,
    to_location: Maybe = None,
    reason: Word = "",
    back: Maybe = None,
) -> Response:
    """Move, correct, set aside or restore units in their place."""
    insist_on_role(visit.caller, _least(act))
    if act is Act.ADJUST:
        made = visit.do(adjust_unit, unit, units, reason=reason)
    elif act is Act.MOVE:
        if not to_location:
            raise InvalidValue("to_location", to_location, "the location where they go")
        made = visit.do(move_unit, unit, units, to_location=to_location)
    else:
        made = visit.do(ASIDE[act], unit, units, to_location=to_location)
    return visit.done(_told(made), to=own_path(back or "/inventory"))


def _least(act: Act) -> Role:
    return LEAST.get(act, Role.STAFF)


def _unit(work: Work, unit: int) -> PlacedStock:
    found, _ = stock_by_place(work, after=cursor_after(unit - 1), most=1)
    if not found or found[0].unit_id != unit:
        raise UnitNotFound(unit=unit)
    return found[0]


def _told(made: StockChanged) -> str:
    """Say what a change of stock did."""
    words = [f"On record as {made.source}."]
    if made.along:
        words.append(f"{counted(made.along, 'reserved unit')} moved with their orders.")
    if made.lost:
        words.append(f"{counted(len(made.lost), 'order')} lost units and must wait again.")
    return " ".join(words)


def _of(sku: str) -> str:
    return "/inventory?" + urlencode({"sku": sku.strip()})
