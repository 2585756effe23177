"""The catalogue over HTTP: what is sold, and the warehouses and locations where it can lie."""

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

from fastapi import Path, Query
from pydantic import Field

from makegood.domain.catalogue import LocationType, NewWarehouse
from makegood.entrypoints.api.bodies import MOST_UNITS, Body, Text, Word
from makegood.entrypoints.api.paging import After, Limit
from makegood.services.describe_catalogue import describe_variant, show_variant
from makegood.services.keep_places import (
    add_new_location,
    add_new_warehouse,
    change_location,
    change_warehouse,
    show_warehouse,
)
from makegood.services.show_stock import (
    LocationSheet,
    VariantSheet,
    WarehouseSheet,
    list_locations,
    list_variants,
    list_warehouses,
)
from makegood.services.work import Work

Sku = Annotated[Word, Path(description="SKU, alias or barcode.", examples=["MUG"])]
Merchant = Annotated[Word, Query(description="Whose it is.")]
Site = Annotated[Word, Path(description="Code of the warehouse.", examples=["EAST"])]
Bin = Annotated[Word, Path(description="Code of the location.", examples=["A-01"])]
Size = Annotated[int, Field(ge=1, le=MOST_UNITS)]


class VariantPage(NamedTuple):
    """A page of what is sold, by SKU, and the cursor of the next one."""

    variants: Sequence[VariantSheet]
    next: str | None


class WarehouseList(NamedTuple):
    """The warehouses, the preferred one first."""

    warehouses: Sequence[WarehouseSheet]


class LocationList(NamedTuple):
    """Locations in the order in which pickers walk."""

    locations: Sequence[LocationSheet]


class VariantEdit(Body):
    """What is said of a variant; aliases and barcodes come on top of those it has."""

    name: Text | None = Field(default=None, examples=["Mug, blue"])
    length_mm: Size | None = None
    width_mm: Size | None = None
    height_mm: Size | None = None
    weight_g: Size | None = None
    lot_tracked: bool | None = None
    expiry_tracked: bool | None = None
    min_shelf_life_days: int | None = Field(default=None, ge=0, le=36500)
    aliases: list[Word] = Field(default=[], max_length=100)
    barcodes: list[Word] = Field(default=[], max_length=100)


class NewVariant(VariantEdit):
    """A variant that is to be sold."""

    sku: Word = Field(examples=["MUG"])
    merchant: Word = "default"


class WarehouseEdit(Body):
    """What is said of a warehouse."""

    name: Text | None = None
    network_rank: int | None = Field(default=None, ge=0, le=MOST_UNITS, description="The smaller is preferred.")
    allow_backorders: bool | None = Field(default=None, description="False: what cannot be filled whole is held.")
    shares_stock: bool | None = Field(default=None, description="False: it serves its own orders only.")


class WarehouseToAdd(WarehouseEdit):
    """A warehouse that is added."""

    code: Word = Field(examples=["EAST"])


class LocationEdit(Body):
    """What is said of a location."""

    type: LocationType | None = None
    is_pickable: bool | None = Field(default=None, description="Whether what lies there can be given out.")
    active: bool | None = None
    pick_sequence: int | None = Field(default=None, ge=-(2**31), le=MOST_UNITS)


class LocationToAdd(LocationEdit):
    """A location that is added."""

    code: Word = Field(examples=["A-01"])
    warehouse: Word | None = Field(default=None, description="Else the first by network rank.")


def variants(
    work: Work,
    search: Annotated[Word | None, Query(description="Found in SKU or name.")] = None,
    limit: Limit = 50,
    after: After = None,
) -> VariantPage:
    """List what is sold.

    By SKU, with sizes, tracking, aliases and barcodes.
    """
    return VariantPage(*list_variants(work, search=search, after=after, most=limit))


def variant(work: Work, sku: Sku, merchant: Merchant = "default") -> VariantSheet:
    """Show one variant."""
    return show_variant(work, sku, merchant=merchant)


def add_variant(work: Work, new: NewVariant) -> VariantSheet:
    """Add a variant.

    One that is in the books is brought up to date with what is said of it.
    """
    return describe_variant(work, new.sku, merchant=new.merchant, **_said(new, "sku", "merchant"))


def edit_variant(work: Work, sku: Sku, changes: VariantEdit, merchant: Merchant = "default") -> VariantSheet:
    """Change a variant.

    With another minimum shelf life, lots become usable and go to whoever waits, or their reservations are freed.
    """
    known = show_variant(work, sku, merchant=merchant)
    return describe_variant(work, known.sku, merchant=merchant, **_said(changes))


def warehouses(work: Work) -> WarehouseList:
    """List the warehouses.

    The preferred one first.
    """
    return WarehouseList(list_warehouses(work))


def add_warehouse(work: Work, new: WarehouseToAdd) -> WarehouseSheet:
    """Add a warehouse."""
    return add_new_warehouse(work, NewWarehouse(new.code)._replace(**_said(new, "code")))


def edit_warehouse(work: Work, warehouse: Site, changes: WarehouseEdit) -> WarehouseSheet:
    """Change a warehouse."""
    known = NewWarehouse(*show_warehouse(work, warehouse)[:5])
    return change_warehouse(work, known._replace(**_said(changes)))


def locations(
    work: Work, warehouse: Annotated[Word | None, Query(description="Code of the warehouse.")] = None
) -> LocationList:
    """List the locations.

    In the order in which pickers walk, with how much lies there.
    """
    return LocationList(list_locations(work, warehouse=warehouse))


def add_location(work: Work, new: LocationToAdd) -> LocationSheet:
    """Add a location."""
    return add_new_location(work, new.code, warehouse=new.warehouse, **_said(new, "code", "warehouse"))


def edit_location(work: Work, warehouse: Site, location: Bin, changes: LocationEdit) -> LocationSheet:
    """Change a location.

    Made usable, what lies there goes to whoever waits; made unusable, its reservations are freed.
    """
    return change_location(work, location, warehouse=warehouse, **_said(changes))


def _said(body: Body, *besides: str) -> dict[str, Any]:
    """Give what a body says, but for the names that are told apart; what is null stays as it is."""
    return body.model_dump(exclude_none=True, exclude=set(besides))
