"""Units are set aside, damaged or locked away in quarantine, out of the queue's reach; sound ones come back."""

from datetime import date
from typing import Required, TypedDict, Unpack

from makegood.domain.catalogue import UnitStatus
from makegood.services.carry_stock import Carry, carry_stock
from makegood.services.change_stock import StockChanged
from makegood.services.find_stock import Named, find_places, insist_on_units, places_that_hold
from makegood.services.new_orders import find_site
from makegood.services.post_stock import numbered, sourced
from makegood.services.work import Work


class Where(TypedDict, total=False):
    """Which units are meant, and where they lie; they go to `to_location` if it is given, else they stay."""

    location: Required[str]
    to_location: str | None
    warehouse: str | None
    merchant: str
    lot: str
    expires_on: date | None


def damage_stock(work: Work, sku: str, units: int, **where: Unpack[Where]) -> StockChanged:
    """Set damaged units aside; reservations that no longer fit are freed. Raises `NotEnough`."""
    return _set(work, sku, units, where, UnitStatus.AVAILABLE, UnitStatus.DAMAGED, ("damage", "damaged"))


def restore_stock(work: Work, sku: str, units: int, **where: Unpack[Where]) -> StockChanged:
    """Take damaged units back into stock, where they go to whoever waits. Raises `NotEnough`."""
    return _set(work, sku, units, where, UnitStatus.DAMAGED, UnitStatus.AVAILABLE, ("restore", "damage reversed"))


def quarantine_stock(work: Work, sku: str, units: int, **where: Unpack[Where]) -> StockChanged:
    """Lock units away; reservations that no longer fit are freed. Raises `NotEnough`."""
    became = ("quarantine", "quarantined")
    return _set(work, sku, units, where, UnitStatus.AVAILABLE, UnitStatus.QUARANTINE, became)


def release_quarantine(work: Work, sku: str, units: int, **where: Unpack[Where]) -> StockChanged:
    """Give units back from quarantine: they go to whoever waits, if they are in reach. Raises `NotEnough`."""
    became = ("quarantine-release", "quarantine released")
    return _set(work, sku, units, where, UnitStatus.QUARANTINE, UnitStatus.AVAILABLE, became)


def _set(
    work: Work, sku: str, units: int, where: Where, before: UnitStatus, after: UnitStatus, became: tuple[str, str]
) -> StockChanged:
    """Give units another status, in their place or in another; `became` is the kind of change and its reason."""
    insist_on_units(units)
    kind, reason = became
    site = find_site(work, where.get("warehouse"))
    merchant, lot = where.get("merchant", "default"), where.get("lot", "")
    named = Named(sku, where["location"], merchant, lot, where.get("expires_on"), before)
    place = places_that_hold(work, site, [named])[0]
    there = find_places(work, site, [named._replace(location=where.get("to_location") or named.location)])[0]
    carry = Carry(sku, place, place._replace(location_id=there.location_id, status=after), units)
    with sourced(work, numbered(work, kind)) as changing:
        return carry_stock(changing, site.warehouse_id, [carry], reason=reason)
