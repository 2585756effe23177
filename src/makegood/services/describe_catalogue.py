"""Describe one variant or location as an import does: what is not said stays, what is new is added."""

from typing import Any

from makegood.domain.errors import InvalidValue, LocationNotFound, MerchantNotFound, VariantNotFound
from makegood.services.files.entries import LocationEntry, VariantEntry
from makegood.services.files.rows import Group, Landing, Row, Terms
from makegood.services.import_locations import import_locations
from makegood.services.import_variants import import_variants
from makegood.services.new_orders import find_site
from makegood.services.show_stock import LocationSheet, VariantSheet, list_locations
from makegood.services.work import Work


def describe_variant(work: Work, sku: str, *, merchant: str = "default", **said: Any) -> VariantSheet:
    """Add a variant, or bring what is said of it up to date, and give it as it stands.

    Another minimum shelf life serves whoever waits, or frees reservations. Raises `MerchantNotFound`, and
    `InvalidValue` for a code that stands for another variant.
    """
    if work.db.value("merchant_ids", codes=[merchant]) is None:
        raise MerchantNotFound(merchant)
    entry = VariantEntry(sku=sku.strip(), merchant=merchant, **said)
    _land(import_variants(work, [Group((merchant, sku), [Row(1, {}, entry)])], Terms()))
    return show_variant(work, sku, merchant=merchant)


def describe_location(work: Work, code: str, *, warehouse: str | None = None, **said: Any) -> LocationSheet:
    """Add a location, or bring what is said of it up to date, and give it as it stands.

    Made usable, what lies there goes to whoever waits; made unusable, its reservations are freed. Raises
    `WarehouseNotFound`.
    """
    site = find_site(work, warehouse)
    entry = LocationEntry(warehouse=site.code, location=code.strip(), **said)
    _land(import_locations(work, [Group((site.code, code), [Row(1, {}, entry)])], Terms()))
    return show_location(work, code, warehouse=site.code)


def show_variant(work: Work, sku: str, *, merchant: str = "default") -> VariantSheet:
    """Give the variant that a SKU, alias or barcode stands for; raises `VariantNotFound`."""
    found = work.db.all("variant_named", text=sku, merchant=merchant)
    if not found:
        raise VariantNotFound(sku)
    return work.db.records(VariantSheet, "variants_by_id", variants=[found[0][0]])[0]


def show_location(work: Work, code: str, *, warehouse: str | None = None) -> LocationSheet:
    """Give one location; raises `WarehouseNotFound`, `LocationNotFound`."""
    site = find_site(work, warehouse)
    for found in list_locations(work, warehouse=site.code):
        if found.code == code.strip():
            return found
    raise LocationNotFound(code, warehouse=site.code)


def _land(landing: Landing[Any]) -> None:
    for _, problems in landing.refused.values():
        raise InvalidValue(problems[0].field, problems[0].value, f"possible here: {problems[0].because}")
