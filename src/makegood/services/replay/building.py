"""The shop's building: one warehouse, a dock, picking bins that each hold their own goods, a shelf for returns."""

from collections.abc import Iterable
from zlib import crc32

from makegood.domain.catalogue import LocationType, NewLocation, NewVariant, NewWarehouse
from makegood.services.add_catalogue import add_locations, add_variants, add_warehouses
from makegood.services.replay.shop_book import sku_key
from makegood.services.work import Work

SITE = "SHOP"
DOCK = "DOCK"
# Returned goods lie apart, so that the books can say who got them.
RETURNS = "RETURNS"
BINS = 40


def bin_of(sku: str) -> str:
    """Give the one bin in which a SKU lies."""
    return f"P-{crc32(sku_key(sku).encode()) % BINS + 1:02}"


def furnish(work: Work, goods: Iterable[tuple[str, str]]) -> None:
    """Add the warehouse with its places, and the goods (SKU and name)."""
    add_warehouses(work, [NewWarehouse(SITE, "The shop", network_rank=1)])
    add_locations(
        work,
        [
            NewLocation(DOCK, SITE, LocationType.RECEIVING, is_pickable=False),
            NewLocation(RETURNS, SITE, LocationType.RETURNS, pick_sequence=BINS + 1),
            *(
                NewLocation(f"P-{number:02}", SITE, LocationType.PICKING, pick_sequence=number)
                for number in range(1, BINS + 1)
            ),
        ],
    )
    add_variants(work, [NewVariant(sku=sku, name=name) for sku, name in goods])
