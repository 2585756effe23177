"""Turn the names that people use for stock into places of the books: which variant, which bin, which lot."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from makegood.domain.catalogue import Place, UnitStatus
from makegood.domain.errors import Ambiguous, InvalidValue, VariantNotFound
from makegood.services.add_catalogue import find_locations, find_merchants
from makegood.services.new_orders import Site, match_skus
from makegood.services.work import Work

MOST_UNITS = 2**31 - 1


class Named(NamedTuple):
    """A place as people name it: SKU, alias or barcode, a location's code, a lot where there are several."""

    sku: str
    location: str
    merchant: str = "default"
    lot: str = ""
    expires_on: date | None = None
    status: str = UnitStatus.AVAILABLE


def find_places(work: Work, site: Site, names: Sequence[Named]) -> list[Place]:
    """Give each named place as it was named.

    Raises `MerchantNotFound`, `VariantNotFound` or `LocationNotFound` for the first that does not exist.
    """
    variants = find_variants(work, [(one.merchant, one.sku) for one in names])
    bins = find_locations(work, [(site.code, one.location) for one in names])
    return [
        Place(
            variant,
            site.warehouse_id,
            bins[site.code, one.location][0],
            one.status,
            one.lot.strip(),
            one.expires_on,
        )
        for one, variant in zip(names, variants, strict=True)
    ]


def places_to_fill(work: Work, site: Site, names: Sequence[Named]) -> list[Place]:
    """Give the places into which units go; a known lot brings its expiry date.

    Raises `InvalidValue` when a tracked variant comes without its lot or expiry date; what is set aside as
    damaged or for quarantine may.
    """
    places = find_places(work, site, names)
    rules = work.db.all(
        "lot_rules", variants=[place.variant_id for place in places], lots=[place.lot for place in places]
    )
    filled = [
        place._replace(expires_on=place.expires_on or known)
        for place, (_, _, known) in zip(places, rules, strict=True)
    ]
    for one, place, (by_lot, by_expiry, _) in zip(names, filled, rules, strict=True):
        if place.status != UnitStatus.AVAILABLE:
            continue
        if by_lot and not place.lot:
            raise InvalidValue("lot", one.lot, f"the lot of {one.sku}, which is tracked by lot")
        if by_expiry and place.expires_on is None:
            raise InvalidValue("expires_on", None, f"the expiry date of {one.sku}, which is tracked by expiry")
    return filled


def places_that_hold(work: Work, site: Site, names: Sequence[Named]) -> list[Place]:
    """Give the places from which units are taken; where one lot lies alone it need not be named.

    Raises `Ambiguous` when several lots lie there and none is named.
    """
    places = find_places(work, site, names)
    rows = work.db.records(
        Place,
        "stock_in_places",
        variants=[place.variant_id for place in places],
        locations=[place.location_id for place in places],
        statuses=[place.status for place in places],
    )
    lots: dict[tuple[int, int, str], list[Place]] = {}
    for row in rows:
        lots.setdefault((row.variant_id, row.location_id, row.status), []).append(row)
    return [
        _choose(one, place, lots.get((place.variant_id, place.location_id, place.status), []))
        for one, place in zip(names, places, strict=True)
    ]


def find_variants(work: Work, names: Sequence[tuple[str, str]]) -> list[int]:
    """Give the variant of each (merchant, SKU), or raise `MerchantNotFound` or `VariantNotFound`."""
    merchants = find_merchants(work, {merchant for merchant, _ in names})
    found = match_skus(work, [(merchants[merchant], sku) for merchant, sku in names])
    for (_, sku), variant in zip(names, found, strict=True):
        if variant is None:
            raise VariantNotFound(sku)
    return [variant for variant in found if variant is not None]


def insist_on_units(units: int, *, field: str = "units", least: int = 1) -> None:
    """Refuse a number of units that nobody can mean."""
    if not least <= units <= MOST_UNITS:
        raise InvalidValue(field, units, f"a whole number from {least}")


def _choose(one: Named, place: Place, lots: Sequence[Place]) -> Place:
    fitting = [
        lot
        for lot in lots
        if (not place.lot or lot.lot == place.lot) and place.expires_on in (None, lot.expires_on)
    ]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting or place in fitting:
        return place
    choices = [f"lot {lot.lot or 'without a name'}, expires {lot.expires_on or 'never'}" for lot in fitting]
    raise Ambiguous(name=f"{one.sku} in {one.location}", choices=choices)
