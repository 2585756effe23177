"""Change what lies in one place, named by the id that a list of stock gives it."""

from typing import NamedTuple

from makegood.domain.catalogue import Place, UnitStatus
from makegood.domain.errors import InvalidValue, NotEnough, UnitNotFound, WrongState
from makegood.services.add_catalogue import find_locations
from makegood.services.carry_stock import Carry, carry_stock
from makegood.services.change_stock import StockChanged, change_stock
from makegood.services.find_stock import insist_on_units
from makegood.services.post_stock import numbered, sourced
from makegood.services.shrink_stock import Unit
from makegood.services.work import Work

# What can be given another status; picked goods belong to their order, goods on their way to their transfer.
SHELVED = (UnitStatus.AVAILABLE, UnitStatus.DAMAGED, UnitStatus.QUARANTINE)


class NamedUnit(NamedTuple):
    """An inventory unit as it was found, without a lock."""

    place: Place
    warehouse: str
    sku: str


def adjust_unit(work: Work, unit: int, units: int, *, reason: str) -> StockChanged:
    """Add units to a place, or with a minus take them off. Raises `UnitNotFound`, `WrongState`, `NotEnough`."""
    insist_on_units(abs(units))
    if not reason.strip():
        raise InvalidValue("reason", reason, "a reason")
    found = _find(work, unit, "be adjusted")

    def refusal(_: Place, there: Unit | None) -> NotEnough:
        return NotEnough(sku=found.sku, wanted=-units, free=there.quantity if there else 0)

    with sourced(work, numbered(work, "adjustment")) as adjusting:
        changes = {found.place: units}
        changed = change_stock(adjusting, found.place.warehouse_id, changes, reason=reason, refusal=refusal)
        return StockChanged(adjusting.source, units, lost=changed.lost)


def move_unit(work: Work, unit: int, units: int, *, to_location: str) -> StockChanged:
    """Move units to another location of the warehouse. Raises as `change_unit_status`."""
    found = _find(work, unit, "be moved")
    there = _location(work, found, to_location)
    if there == found.place.location_id:
        raise InvalidValue("to_location", to_location, "another location")
    return _carry(work, found, found.place._replace(location_id=there), units, "move", "move")


def damage_unit(work: Work, unit: int, units: int, *, to_location: str | None = None) -> StockChanged:
    """Set damaged units aside. Raises as `restore_unit`."""
    return _change_status(work, unit, units, UnitStatus.DAMAGED, to_location, "damage", "damaged")


def quarantine_unit(work: Work, unit: int, units: int, *, to_location: str | None = None) -> StockChanged:
    """Lock units away. Raises as `restore_unit`."""
    return _change_status(work, unit, units, UnitStatus.QUARANTINE, to_location, "quarantine", "quarantined")


def restore_unit(work: Work, unit: int, units: int, *, to_location: str | None = None) -> StockChanged:
    """Take damaged or quarantined units back into stock, where they go to whoever waits.

    Raises `UnitNotFound`, `WrongState`, `LocationNotFound`, `NotEnough`.
    """
    return _change_status(work, unit, units, UnitStatus.AVAILABLE, to_location, "restore", "restored")


def _change_status(
    work: Work, unit: int, units: int, status: UnitStatus, to_location: str | None, kind: str, reason: str
) -> StockChanged:
    found = _find(work, unit, f"be made {status.lower()}")
    if found.place.status == status:
        raise WrongState(order="", status=status, action=f"be made {status.lower()}")
    location = _location(work, found, to_location) if to_location else found.place.location_id
    return _carry(work, found, found.place._replace(location_id=location, status=status), units, kind, reason)


def _carry(work: Work, found: NamedUnit, to: Place, units: int, kind: str, reason: str) -> StockChanged:
    insist_on_units(units)
    with sourced(work, numbered(work, kind)) as changing:
        carries = [Carry(found.sku, found.place, to, units)]
        return carry_stock(changing, found.place.warehouse_id, carries, reason=reason)


def _find(work: Work, unit: int, action: str) -> NamedUnit:
    row = work.db.one("named_unit", unit=unit)
    if row is None:
        raise UnitNotFound(unit=unit)
    *place, warehouse, sku = row
    found = NamedUnit(Place(*place), warehouse, sku)
    if found.place.status not in SHELVED:
        raise WrongState(order="", status=found.place.status, action=action)
    return found


def _location(work: Work, found: NamedUnit, code: str) -> int:
    return find_locations(work, [(found.warehouse, code)])[found.warehouse, code][0]
