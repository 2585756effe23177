"""Units that are found damaged leave the queue's reach; what turns out to be sound comes back."""

from datetime import date

from makegood.domain.catalogue import UnitStatus
from makegood.services.change_stock import StockChanged
from makegood.services.find_stock import Named
from makegood.services.move_stock import change_status
from makegood.services.work import Work


def damage_stock(
    work: Work,
    sku: str,
    units: int,
    *,
    location: str,
    warehouse: str | None = None,
    to_location: str | None = None,
    merchant: str = "default",
    lot: str = "",
    expires_on: date | None = None,
) -> StockChanged:
    """Set damaged units aside; reservations that no longer fit are freed. Raises `NotEnough`."""
    return change_status(
        work,
        Named(sku, location, merchant, lot, expires_on),
        units,
        UnitStatus.DAMAGED,
        warehouse=warehouse,
        to_location=to_location,
        kind="damage",
        reason="damaged",
    )


def restore_stock(
    work: Work,
    sku: str,
    units: int,
    *,
    location: str,
    warehouse: str | None = None,
    to_location: str | None = None,
    merchant: str = "default",
    lot: str = "",
    expires_on: date | None = None,
) -> StockChanged:
    """Take damaged units back into stock, where they go to whoever waits. Raises `NotEnough`."""
    return change_status(
        work,
        Named(sku, location, merchant, lot, expires_on, UnitStatus.DAMAGED),
        units,
        UnitStatus.AVAILABLE,
        warehouse=warehouse,
        to_location=to_location,
        kind="restore",
        reason="damage reversed",
    )
