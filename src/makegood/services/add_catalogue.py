"""Add warehouses, locations and variants; adding one again brings its description up to date."""

from collections.abc import Collection, Sequence

from makegood.domain.catalogue import LocationType, NewLocation, NewVariant, NewWarehouse
from makegood.domain.errors import InvalidValue, LocationNotFound, MerchantNotFound, WarehouseNotFound
from makegood.services.work import Work


def add_warehouses(work: Work, warehouses: Sequence[NewWarehouse]) -> None:
    """Add warehouses by code, or bring them up to date."""
    columns = _columns(warehouses, NewWarehouse._fields)
    work.db.run(
        "add_warehouses",
        codes=columns["code"],
        names=columns["name"],
        ranks=columns["network_rank"],
        backorders=columns["allow_backorders"],
        sharing=columns["shares_stock"],
    )


def add_locations(work: Work, locations: Sequence[NewLocation]) -> int:
    """Add locations that do not exist yet and give their number.

    What makes an existing location usable or not goes through `set_location`, which tells the queue.
    Raises `WarehouseNotFound` and `InvalidValue`.
    """
    for location in locations:
        if location.type not in list(LocationType):
            raise InvalidValue("type", location.type, "one of " + ", ".join(LocationType))
    columns = _columns(locations, NewLocation._fields)
    known = {row[0] for row in work.db.all("warehouse_codes")}
    for missing in sorted(set(columns["warehouse"]) - known, key=str):
        raise WarehouseNotFound(missing)
    return work.db.run(
        "add_locations",
        codes=columns["code"],
        warehouses=columns["warehouse"],
        types=columns["type"],
        pickable=columns["is_pickable"],
        active=columns["active"],
        sequences=columns["pick_sequence"],
    )


def add_variants(work: Work, variants: Sequence[NewVariant]) -> None:
    """Add variants by SKU, or bring their description up to date, with their aliases and barcodes.

    Raises `MerchantNotFound`.
    """
    find_merchants(work, {one.merchant for one in variants})
    latest = list({(one.merchant, one.sku.strip().lower()): one for one in variants}.values())
    columns = _columns(latest, NewVariant._fields)
    work.db.run(
        "add_variants",
        merchants=columns["merchant"],
        skus=columns["sku"],
        names=columns["name"],
        lengths=columns["length_mm"],
        widths=columns["width_mm"],
        heights=columns["height_mm"],
        weights=columns["weight_g"],
        lots=columns["lot_tracked"],
        expiries=columns["expiry_tracked"],
        shelf_lives=columns["min_shelf_life_days"],
    )
    codes = [
        (one.merchant, one.sku, kind, code)
        for one in latest
        for kind, found in (("ALIAS", one.aliases), ("BARCODE", one.barcodes))
        for code in found
    ]
    if codes:
        merchants, skus, kinds, texts = (list(column) for column in zip(*codes, strict=True))
        work.db.run("add_codes", merchants=merchants, skus=skus, kinds=kinds, codes=texts)


def find_merchants(work: Work, codes: Collection[str]) -> dict[str, int]:
    """Give the id of each merchant by its code; raises `MerchantNotFound`, also for one that may not be seen."""
    found: dict[str, int] = dict(work.db.all("merchant_ids", codes=sorted(codes)))
    for missing in sorted(set(codes) - set(found)):
        raise MerchantNotFound(missing)
    return found


def find_locations(work: Work, places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, int]]:
    """Give location and warehouse id for each (warehouse, location) code, or raise `LocationNotFound`."""
    wanted = sorted(set(places))
    rows = work.db.all(
        "find_locations", warehouses=[place[0] for place in wanted], codes=[place[1] for place in wanted]
    )
    found = {(row[0], row[1]): (row[2], row[3]) for row in rows}
    for warehouse, location in wanted:
        if (warehouse, location) not in found:
            raise LocationNotFound(location, warehouse=warehouse)
    return found


def _columns(rows: Sequence[tuple[object, ...]], names: Sequence[str]) -> dict[str, list[object]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}
