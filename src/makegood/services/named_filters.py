"""Filters that name a warehouse or merchant: what does not exist is refused, not answered with an empty list."""

from makegood.services.add_catalogue import find_merchants
from makegood.services.new_orders import find_site
from makegood.services.work import Work


def insist_on_named(work: Work, *, warehouse: str | None = None, merchant: str | None = None) -> None:
    """Raise `WarehouseNotFound` or `MerchantNotFound` for a name that stands for nothing that may be seen."""
    if warehouse is not None:
        find_site(work, warehouse)
    if merchant is not None:
        find_merchants(work, {merchant})
