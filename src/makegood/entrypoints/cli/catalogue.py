"""`makegood warehouses`, `locations`, `variants`: what is sold, and where it can lie."""

from typing import Annotated

import typer

from makegood.domain.catalogue import LocationType, NewLocation, NewVariant, NewWarehouse
from makegood.entrypoints.cli.counter import After, Json, Limit, Warehouse, opened, tell_next
from makegood.entrypoints.cli.output import Column, put, put_json, put_table, talk, text, units
from makegood.entrypoints.cli.stock_changes import lost_order, put_lost
from makegood.entrypoints.cli.tree import example, group
from makegood.entrypoints.cli.wanted import read_size
from makegood.services.add_catalogue import add_locations, add_variants, add_warehouses
from makegood.services.new_orders import find_site
from makegood.services.set_location import set_location
from makegood.services.show_stock import list_locations, list_variants, list_warehouses

app = group("")
warehouses = group("See and add warehouses.")
locations = group("See, add and change the places of a warehouse.")
variants = group("See and add what is sold.")
app.add_typer(warehouses, name="warehouses")
app.add_typer(locations, name="locations")
app.add_typer(variants, name="variants")


@warehouses.command("list", epilog=example("warehouses list"))
def list_sites(ctx: typer.Context, json: Json = False) -> None:
    """List the warehouses, the preferred one first."""
    with opened(ctx) as books:
        found = books.read(list_warehouses)
    if json:
        put_json({"warehouses": found})
    elif not found:
        talk("There are no warehouses yet. Add one with `makegood warehouses add CODE`.")
    else:
        put_table(
            [Column("Warehouse"), text("Name"), units("Rank"), Column("Backorders"), Column("Shares stock"),
             units("Places")],
            [(site.code, site.name, site.network_rank, site.allow_backorders, site.shares_stock, site.locations)
             for site in found],
        )  # fmt: skip


@warehouses.command("add", epilog=example("warehouses add EAST --name 'East dock' --rank 1"))
def add_site(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(help="Its code.")],
    name: Annotated[str, typer.Option(help="Its name.")] = "",
    rank: Annotated[int, typer.Option(help="The smaller number is preferred.")] = 100,
    backorders: Annotated[
        bool, typer.Option(help="Without, an order that cannot be filled whole goes on hold.")
    ] = True,
    shares: Annotated[bool, typer.Option(help="Without, it serves its own orders only.")] = True,
    json: Json = False,
) -> None:
    """Add a warehouse, or bring one up to date."""
    new = NewWarehouse(code, name, rank, backorders, shares)
    with opened(ctx) as books:
        books.change(add_warehouses, [new])
    put_json(new) if json else put(f"Warehouse {code} is in the books.")


@locations.command("list", epilog=example("locations list", "locations list --warehouse EAST"))
def list_places(ctx: typer.Context, warehouse: Warehouse = None, json: Json = False) -> None:
    """List the places, in the order in which pickers walk."""
    with opened(ctx) as books:
        found = books.read(list_locations, warehouse=warehouse)
    if json:
        put_json({"locations": found})
    elif not found:
        talk("There are no places yet. Add one with `makegood locations add CODE`.")
    else:
        put_table(
            [Column("Place"), Column("Type"), Column("Pickable"), Column("Active"), units("Pick sequence"),
             units("Variants", spare=True), units("Units")],
            [(f"{one.warehouse} {one.code}", one.type.lower(), one.is_pickable, one.active, one.pick_sequence,
              one.variants, one.units) for one in found],
        )  # fmt: skip


@locations.command(
    "add",
    epilog=example(
        "locations add A-01 --type picking --sequence 1", "locations add DOCK --type receiving --not-pickable"
    ),
)
def add_place(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(help="Its code.")],
    warehouse: Warehouse = None,
    kind: Annotated[
        str, typer.Option("--type", help="What it is for: " + ", ".join(one.lower() for one in LocationType) + ".")
    ] = "STORAGE",
    pickable: Annotated[bool, typer.Option("--pickable/--not-pickable", help="Can be picked from.")] = True,
    sequence: Annotated[int, typer.Option(help="When pickers come past: the smaller number first.")] = 0,
    json: Json = False,
) -> None:
    """Add a place to a warehouse; one that exists stays as it is."""
    with opened(ctx) as books:
        site = books.read(find_site, warehouse)
        new = NewLocation(code, site.code, kind.upper(), pickable, True, sequence)
        added = books.change(add_locations, [new])
    if json:
        put_json({**new._asdict(), "added": bool(added)})
    else:
        put(f"Place {site.code} {code} {'is in the books' if added else 'was there already and stays as it is'}.")


@locations.command("set", epilog=example("locations set DOCK --pickable", "locations set A-01 --inactive"))
def set_place(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(help="Its code.")],
    warehouse: Warehouse = None,
    pickable: Annotated[bool | None, typer.Option("--pickable/--not-pickable", help="Can be picked from.")] = None,
    active: Annotated[bool | None, typer.Option("--active/--inactive", help="Is in use.")] = None,
    json: Json = False,
) -> None:
    """Make a place usable or not: its stock goes to whoever waits, or its reservations are freed."""
    if pickable is None and active is None:
        raise typer.BadParameter("Say what to change: --pickable, --not-pickable, --active or --inactive.")
    with opened(ctx) as books:
        lost = books.change(set_location, code, warehouse=warehouse, is_pickable=pickable, active=active)
    if json:
        put_json({"location": code, "lost": [lost_order(attempt) for attempt in lost]})
        return
    put(f"Place {code} is changed.")
    put_lost(lost)


@variants.command("list", epilog=example("variants list", "variants list mug"))
def list_sold(
    ctx: typer.Context,
    search: Annotated[str | None, typer.Argument(help="Only what has this in its SKU or name.")] = None,
    limit: Limit = 100,
    after: After = None,
    json: Json = False,
) -> None:
    """List what is sold, by SKU."""
    with opened(ctx) as books:
        found, following = books.read(list_variants, search=search, after=after, most=limit)
    if json:
        put_json({"variants": found, "next": following})
    elif not found:
        nothing = "Nothing is sold yet. Add it with `makegood variants add SKU`."
        talk("No variant is called that." if search else nothing)
    else:
        put_table(
            [Column("SKU"), text("Name"), Column("Merchant", spare=True), text("Aliases", spare=True),
             text("Barcodes", spare=True), Column("Lots", spare=True), Column("Expires", spare=True),
             units("Shelf life, days", spare=True)],
            [(one.sku, one.name, _other(one.merchant), ", ".join(one.aliases), ", ".join(one.barcodes),
              one.lot_tracked, one.expiry_tracked, one.min_shelf_life_days) for one in found],
        )  # fmt: skip
        tell_next(following, "variants list …")


@variants.command("add", epilog=example("variants add MUG --name 'Mug, white' --barcode 4006381333931"))
def add_sold(
    ctx: typer.Context,
    sku: Annotated[str, typer.Argument(help="Its SKU.")],
    name: Annotated[str, typer.Option(help="Its name.")] = "",
    merchant: Annotated[str, typer.Option(help="Whose it is.")] = "default",
    alias: Annotated[list[str] | None, typer.Option(help="Another SKU text that means it; several times.")] = None,
    barcode: Annotated[list[str] | None, typer.Option(help="A barcode; several times.")] = None,
    lots: Annotated[bool, typer.Option("--lots", help="It comes in lots.")] = False,
    expires: Annotated[bool, typer.Option("--expires", help="It expires.")] = False,
    shelf_life: Annotated[int, typer.Option(help="Days it must keep when it goes out.", min=0)] = 0,
    size: Annotated[
        str | None, typer.Option(help="Its length x width x height in millimetres.", metavar="LxWxH")
    ] = None,
    weight: Annotated[int | None, typer.Option(help="Its weight in grams.", min=1)] = None,
    json: Json = False,
) -> None:
    """Add a variant, or bring one up to date."""
    length, width, height = read_size(size) if size else (None, None, None)
    new = NewVariant(
        sku,
        name,
        merchant,
        length_mm=length,
        width_mm=width,
        height_mm=height,
        weight_g=weight,
        lot_tracked=lots,
        expiry_tracked=expires,
        min_shelf_life_days=shelf_life,
        aliases=alias or (),
        barcodes=barcode or (),
    )
    with opened(ctx) as books:
        books.change(add_variants, [new])
    put_json(new) if json else put(f"Variant {sku} is in the books.")


def _other(merchant: str) -> str:
    """Leave out the merchant that a shop without others has."""
    return "" if merchant == "default" else merchant
