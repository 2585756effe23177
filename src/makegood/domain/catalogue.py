"""What is sold and where it lies, as it is added to the books."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class LocationType(StrEnum):
    """What a place in a warehouse is for."""

    RECEIVING = "RECEIVING"
    STORAGE = "STORAGE"
    PICKING = "PICKING"
    PACKING = "PACKING"
    SHIPPING = "SHIPPING"
    RETURNS = "RETURNS"
    QUARANTINE = "QUARANTINE"
    GENERAL = "GENERAL"


class UnitStatus(StrEnum):
    """What can be done with a quantity of a variant in a place."""

    AVAILABLE = "AVAILABLE"
    PICKED = "PICKED"
    DAMAGED = "DAMAGED"
    QUARANTINE = "QUARANTINE"
    IN_TRANSIT = "IN_TRANSIT"


class NewWarehouse(NamedTuple):
    """A site; orders are served from their own. `network_rank`: the smaller number is preferred."""

    code: str
    name: str = ""
    network_rank: int = 100
    allow_backorders: bool = True
    shares_stock: bool = True


class NewLocation(NamedTuple):
    """A place in a warehouse; only what lies in an active and pickable one is usable."""

    code: str
    warehouse: str
    type: str = LocationType.STORAGE
    is_pickable: bool = True
    active: bool = True
    pick_sequence: int = 0


class NewVariant(NamedTuple):
    """A sellable thing; millimetres, grams, days. Aliases and barcodes find it too."""

    sku: str
    name: str = ""
    merchant: str = "default"
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    weight_g: int | None = None
    lot_tracked: bool = False
    expiry_tracked: bool = False
    min_shelf_life_days: int = 0
    aliases: Sequence[str] = ()
    barcodes: Sequence[str] = ()


class Place(NamedTuple):
    """Where units of one lot with one status lie; ids of the books."""

    variant_id: int
    warehouse_id: int
    location_id: int
    status: str = UnitStatus.AVAILABLE
    lot: str = ""
    expires_on: date | None = None
