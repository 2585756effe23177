"""`makegood stock`: how much there is of what, or what lies where."""

from collections.abc import Sequence
from typing import Annotated

import typer

from makegood.entrypoints.cli.counter import After, Json, Limit, Warehouse, opened, tell_next
from makegood.entrypoints.cli.output import Column, Status, put_json, put_table, talk, text, units
from makegood.entrypoints.cli.tree import example, group
from makegood.services.show_stock import PlacedStock, VariantStock, stock_by_place, stock_by_variant

app = group("")


@app.command(epilog=example("stock", "stock MUG", "stock --location A-01", "stock --short"))
def stock(
    ctx: typer.Context,
    sku: Annotated[str | None, typer.Argument(help="SKU, alias or barcode: show what lies where of it.")] = None,
    location: Annotated[str | None, typer.Option("--location", "-l", help="Show what lies in this place.")] = None,
    warehouse: Warehouse = None,
    short: Annotated[bool, typer.Option("--short", help="Only what orders wait for.")] = False,
    limit: Limit = 100,
    after: After = None,
    json: Json = False,
) -> None:
    """Show how much there is of each variant; with a SKU or a location, what lies where.

    Free is what can be given out now. What lies in a place that is not pickable, or is too close to its expiry,
    stands beside it.
    """
    with opened(ctx) as books:
        if sku or location:
            places, following = books.read(
                stock_by_place, sku=sku, warehouse=warehouse, location=location, after=after, most=limit
            )
            put_json({"stock": places, "next": following}) if json else _put_places(places)
        else:
            rows, following = books.read(
                stock_by_variant, warehouse=warehouse, short=short, after=after, most=limit
            )
            put_json({"stock": rows, "next": following}) if json else _put_variants(rows, short)
    if not json:
        tell_next(following, "stock …")


def _put_variants(rows: Sequence[VariantStock], short: bool) -> None:
    if short and not rows:
        talk("Nobody waits for anything.")
        return
    if not rows:
        talk("Nothing lies there and nobody waits. Stock comes in with `makegood receive`, or from a file with")
        talk("`makegood import stock FILE`.")
        return
    put_table(
        [Column("SKU"), text("Name", spare=True), Column("Warehouse", spare=True), units("On hand"),
         units("Reserved"), units("Free"), units("Not pickable"), units("Set aside", spare=True),
         units("Waiting")],
        [(row.sku, row.name, row.warehouse, row.on_hand, row.reserved, row.free, row.not_pickable, row.set_aside,
          row.waiting) for row in rows],
    )  # fmt: skip


def _put_places(places: Sequence[PlacedStock]) -> None:
    if not places:
        talk("Nothing lies there.")
        return
    put_table(
        [Column("SKU"), Column("Place"), Column("Lot", spare=True), Column("Expires", spare=True), units("Units"),
         units("Reserved"), units("Free"), Column("Status", spare=True), text("Why not free")],
        [(one.sku, f"{one.warehouse} {one.location}", one.lot, one.expires_on, one.quantity, one.reserved,
          one.free, Status(one.status), one.why_not) for one in places],
    )  # fmt: skip
