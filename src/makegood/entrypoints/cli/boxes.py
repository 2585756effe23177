"""`makegood boxes`: the boxes of each warehouse."""

from typing import Annotated

import typer

from makegood.domain.boxes import NewBox
from makegood.entrypoints.cli.counter import Json, Warehouse, opened
from makegood.entrypoints.cli.output import Column, put, put_json, put_table, talk, units
from makegood.entrypoints.cli.tree import example, group
from makegood.entrypoints.cli.wanted import read_size
from makegood.services.boxes.keep_boxes import add_box, list_boxes, retire_box

app = group("See, add and retire the boxes that orders are sent in.")
Code = Annotated[str, typer.Argument(help="Its code.")]


@app.command("list", epilog=example("boxes list --warehouse EAST"))
def list_(ctx: typer.Context, warehouse: Warehouse = None, json: Json = False) -> None:
    """List the boxes of one or all warehouses, the smallest first."""
    with opened(ctx) as books:
        found = books.read(list_boxes, warehouse=warehouse)
    if json:
        put_json({"boxes": found})
    elif not found:
        talk("There are no boxes yet. Add one with `makegood boxes add CODE 300x200x150 --max-weight 10000`.")
    else:
        put_table(
            [Column("Box"), Column("Inside, mm"), units("Takes, g"), units("Empty, g"), Column("Active")],
            [(f"{one.warehouse} {one.code}", f"{one.length_mm}x{one.width_mm}x{one.height_mm}", one.max_weight_g,
              one.weight_g, one.active) for one in found],
        )  # fmt: skip


@app.command(
    epilog=example("boxes add M 350x250x150 --max-weight 10000", "boxes add S 20x15x10 --max-weight 500 -w EAST")
)
def add(
    ctx: typer.Context,
    code: Code,
    size: Annotated[str, typer.Argument(help="Inner length x width x height in millimetres.")],
    max_weight: Annotated[int, typer.Option(help="What may go into it, in grams.", min=1)],
    weight: Annotated[int, typer.Option(help="What it weighs empty, in grams.", min=0)] = 0,
    warehouse: Warehouse = None,
    json: Json = False,
) -> None:
    """Add a box to a warehouse, or bring one up to date."""
    new = NewBox(code, *read_size(size), max_weight, weight, warehouse=warehouse)
    with opened(ctx) as books:
        books.change(add_box, new)
    put_json(new) if json else put(f"Box {code} is in the list.")


@app.command(epilog=example("boxes retire M"))
def retire(ctx: typer.Context, code: Code, warehouse: Warehouse = None, json: Json = False) -> None:
    """Use a box no more."""
    with opened(ctx) as books:
        books.change(retire_box, code, warehouse=warehouse)
    put_json({"box": code, "active": False}) if json else put(f"Box {code} is used no more.")
