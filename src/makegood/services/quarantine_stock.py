"""Units whose fate is open are locked away in quarantine, and released when they are found sound."""

from datetime import date

from makegood.domain.catalogue import UnitStatus
from makegood.services.change_stock import StockChanged
from makegood.services.find_stock import Named
from makegood.services.move_stock import change_status
from makegood.services.work import Work


def quarantine_stock(
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
    """Lock units away; reservations that no longer fit are freed. Raises `NotEnough`."""
    return change_status(
        work,
        Named(sku, location, merchant, lot, expires_on),
        units,
        UnitStatus.QUARANTINE,
        warehouse=warehouse,
        to_location=to_location,
        kind="quarantine",
        reason="quarantined",
    )


def release_quarantine(
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
    """Give units back from quarantine: they go to whoever waits, if they are in reach. Raises `NotEnough`."""
    return change_status(
        work,
        Named(sku, location, merchant, lot, expires_on, UnitStatus.QUARANTINE),
        units,
        UnitStatus.AVAILABLE,
        warehouse=warehouse,
        to_location=to_location,
        kind="quarantine-release",
        reason="quarantine released",
    )
