"""Read for people what lies where, what of it is free, and the catalogue of what is sold and where it can lie."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from makegood.domain.errors import VariantNotFound
from makegood.services.named_filters import insist_on_named
from makegood.services.pages import cursor_after, insist_on_most, read_cursor
from makegood.services.work import Work


class VariantStock(NamedTuple):
    """What a warehouse has of one variant; `free` and `not_pickable` are parts of what nobody has reserved.

    `set_aside` is damaged, in quarantine or in transit; `waiting` is what the queue still lacks.
    """

    variant_id: int
    warehouse_id: int
    sku_key: str
    merchant: str
    sku: str
    name: str
    warehouse: str
    on_hand: int
    reserved: int
    free: int
    not_pickable: int
    set_aside: int
    waiting: int


class PlacedStock(NamedTuple):
    """What lies in one place with one lot and status; `why_not` says why none of it is usable."""

    unit_id: int
    merchant: str
    sku: str
    name: str
    warehouse: str
    location: str
    location_type: str
    status: str
    lot: str
    expires_on: date | None
    received_at: datetime
    quantity: int
    reserved: int
    free: int
    why_not: str


class WarehouseSheet(NamedTuple):
    """A site and how many locations it has."""

    code: str
    name: str
    network_rank: int
    allow_backorders: bool
    shares_stock: bool
    locations: int


class LocationSheet(NamedTuple):
    """A place in a warehouse, with how many variants and units lie there."""

    warehouse: str
    code: str
    type: str
    is_pickable: bool
    active: bool
    pick_sequence: int
    variants: int
    units: int


class VariantSheet(NamedTuple):
    """A sellable thing; millimetres, grams, days."""

    variant_id: int
    sku_key: str
    merchant: str
    sku: str
    name: str
    lot_tracked: bool
    expiry_tracked: bool
    min_shelf_life_days: int
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    weight_g: int | None
    aliases: Sequence[str]
    barcodes: Sequence[str]


def stock_by_variant(
    work: Work, *, warehouse: str | None = None, short: bool = False, after: str | None = None, most: int = 100
) -> tuple[list[VariantStock], str | None]:
    """Give a page of what there is of each variant, by SKU, and the cursor of the next.

    `short` leaves out what nobody waits for.
    """
    insist_on_named(work, warehouse=warehouse)
    sku, variant, site = read_cursor(after, (str, int, int))
    rows = work.db.records(
        VariantStock,
        "stock_by_variant",
        today=work.today,
        warehouse=warehouse,
        short=short,
        after_sku=sku,
        after_variant=variant,
        after_warehouse=site,
        most=insist_on_most(most) + 1,
    )
    last = rows[most - 1] if len(rows) > most else None
    return rows[:most], cursor_after(last.sku_key, last.variant_id, last.warehouse_id) if last else None


def stock_by_place(
    work: Work,
    *,
    sku: str | None = None,
    warehouse: str | None = None,
    location: str | None = None,
    after: str | None = None,
    most: int = 200,
) -> tuple[list[PlacedStock], str | None]:
    """Give a page of what lies where, oldest first, and the cursor of the next; raises `VariantNotFound`."""
    insist_on_named(work, warehouse=warehouse)
    (last_seen,) = read_cursor(after, 1)
    rows = work.db.records(
        PlacedStock,
        "stock_by_place",
        today=work.today,
        variants=None if sku is None else _variants_called(work, sku),
        warehouse=warehouse,
        location=location,
        after=last_seen or 0,
        most=insist_on_most(most) + 1,
    )
    return rows[:most], cursor_after(rows[most - 1].unit_id) if len(rows) > most else None


def list_warehouses(work: Work) -> list[WarehouseSheet]:
    """Give the warehouses, the preferred one first."""
    return work.db.records(WarehouseSheet, "warehouses_to_show")


def list_locations(work: Work, *, warehouse: str | None = None, search: str | None = None) -> list[LocationSheet]:
    """Give the places of one or all warehouses, as pickers walk; `search` is found in a code."""
    insist_on_named(work, warehouse=warehouse)
    return work.db.records(LocationSheet, "locations_to_show", warehouse=warehouse, search=search)


def list_variants(
    work: Work, *, search: str | None = None, after: str | None = None, most: int = 100
) -> tuple[list[VariantSheet], str | None]:
    """Give a page of what is sold, by SKU, and the cursor of the next; `search` is found in SKU or name."""
    sku, variant = read_cursor(after, (str, int))
    rows = work.db.records(
        VariantSheet,
        "variants_to_show",
        search=search,
        after_sku=sku,
        after_variant=variant,
        most=insist_on_most(most) + 1,
    )
    last = rows[most - 1] if len(rows) > most else None
    return rows[:most], cursor_after(last.sku_key, last.variant_id) if last else None


def _variants_called(work: Work, text: str) -> list[int]:
    found = [row[0] for row in work.db.all("variants_called", text=text)]
    if not found:
        raise VariantNotFound(text)
    return found
