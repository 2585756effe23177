"""Correct what the books say lies in a place: up or down, with a reason."""

from datetime import date

from makegood.domain.catalogue import Place
from makegood.domain.errors import InvalidValue, NotEnough
from makegood.services.change_stock import StockChanged, change_stock
from makegood.services.find_stock import Named, insist_on_units, places_that_hold, places_to_fill
from makegood.services.new_orders import find_site
from makegood.services.post_stock import numbered, sourced
from makegood.services.shrink_stock import Unit
from makegood.services.work import Work


def adjust_stock(
    work: Work,
    sku: str,
    units: int,
    *,
    location: str,
    reason: str,
    warehouse: str | None = None,
    merchant: str = "default",
    lot: str = "",
    expires_on: date | None = None,
) -> StockChanged:
    """Add units to a place, or with a minus take them off, and give what that did.

    Orders that wait get what was added; orders whose reservation no longer fits go back to the queue, worst
    rank first. Raises `NotEnough` when more is taken off than is there.
    """
    insist_on_units(abs(units))
    if not reason.strip():
        raise InvalidValue("reason", reason, "a reason")
    site = find_site(work, warehouse)
    named = [Named(sku, location, merchant, lot, expires_on)]
    place = (places_to_fill if units > 0 else places_that_hold)(work, site, named)[0]

    def refusal(_: Place, unit: Unit | None) -> NotEnough:
        return NotEnough(sku=sku, wanted=-units, free=unit.quantity if unit else 0)

    source = numbered(work, "adjustment")
    with sourced(work, source) as adjusting:
        changed = change_stock(adjusting, site.warehouse_id, {place: units}, reason=reason, refusal=refusal)
    return StockChanged(source, units, lost=changed.lost)
