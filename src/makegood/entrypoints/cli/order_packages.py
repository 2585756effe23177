"""`makegood orders packages`: the boxes that are recommended for an order."""

from collections import Counter
from typing import Annotated

import typer

from makegood.entrypoints.cli.counter import Json, opened
from makegood.entrypoints.cli.output import Column, put, put_json, put_table, said, talk, text, units
from makegood.entrypoints.cli.tree import example, group
from makegood.entrypoints.cli.wanted import NUMBER
from makegood.services.boxes.show_packages import OrderPackages, find_packages, show_packages

app = group("")


@app.command(epilog=example("orders packages 1001", "orders packages 1001 --again"))
def packages(
    ctx: typer.Context,
    order: Annotated[str, typer.Argument(help=NUMBER)],
    again: Annotated[bool, typer.Option("--again", help="Look for boxes anew.")] = False,
    json: Json = False,
) -> None:
    """Show the boxes that are recommended for an allocated order; they are found now if they were not yet."""
    with opened(ctx) as books:
        found = books.read(show_packages, order)
        if again or found.outcome == "PENDING" or not found.current:
            found = books.change(find_packages, order)
    put_json(found) if json else _put(found)


def _put(found: OrderPackages) -> None:
    if found.outcome == "NONE":
        talk(f"No boxes for order {found.order}: it is not allocated, or its warehouse has none.")
        return
    if not found.packages:
        put(f"Order {found.order}: {said(found.outcome)}{': ' * bool(found.message)}{found.message}.")
        return
    put_table(
        [units("No"), Column("Box"), Column("Inside, mm"), units("Weight, g"), text("Holds")],
        [(one.package_number, one.box, f"{one.length_mm}x{one.width_mm}x{one.height_mm}", one.weight_g,
          ", ".join(f"{count} {sku}" for sku, count in Counter(p.sku for p in one.placements).items()))
         for one in found.packages],
    )  # fmt: skip
    if not found.current:
        talk("The order has changed since.")
