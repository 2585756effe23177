"""`makegood alternatives`: what may be sent instead of what was ordered."""

from typing import Annotated

import typer

from makegood.domain.alternatives import AlternativeKind, NewAlternative
from makegood.entrypoints.cli.counter import After, Json, Limit, opened, tell_next
from makegood.entrypoints.cli.output import Column, put, put_json, put_table, said, talk, text, units
from makegood.entrypoints.cli.tree import example, group
from makegood.services.alternatives.keep_alternatives import (
    add_alternatives,
    list_alternatives,
    remove_alternative,
)

app = group("See, add and remove what may be sent instead of what was ordered.")
Sku = Annotated[str, typer.Argument(help="What is ordered.")]
Substitute = Annotated[str, typer.Argument(help="What is sent instead.")]
Merchant = Annotated[str, typer.Option(help="Whose they are.")]


@app.command("list", epilog=example("alternatives list", "alternatives list MUG"))
def list_(
    ctx: typer.Context,
    sku: Annotated[str | None, typer.Argument(help="Only what stands for this SKU.")] = None,
    limit: Limit = 100,
    after: After = None,
    json: Json = False,
) -> None:
    """List the alternatives, the preferred one of each SKU first; two-way ones stand under both SKUs."""
    with opened(ctx) as books:
        page = books.read(list_alternatives, sku=sku, after=after, most=limit)
    if json:
        put_json(page)
    elif not page.alternatives:
        talk("There are no alternatives yet. Add one with `makegood alternatives add SKU SUBSTITUTE`.")
    else:
        put_table(
            [Column("SKU"), units("Units"), Column("Instead"), text("Name", spare=True), units("Units"),
             Column("Kind"), units("Position"), Column("Two-way"), Column("Needs consent")],
            [(one.sku, one.per, one.substitute, one.name, one.units, said(one.kind), one.position, one.two_way,
              one.needs_consent) for one in page.alternatives],
        )  # fmt: skip
        tell_next(page.next, "alternatives list …")


@app.command(
    epilog=example(
        "alternatives add MUG MUG-RED --no-consent",
        "alternatives add SIXPACK SINGLE --units 6 --two-way",
        "alternatives add POT POT-GOLD --kind upgrade --position 2",
    )
)
def add(
    ctx: typer.Context,
    sku: Sku,
    substitute: Substitute,
    kind: Annotated[
        str, typer.Option(help="equivalent, upgrade or downgrade.")
    ] = AlternativeKind.EQUIVALENT.lower(),
    position: Annotated[int, typer.Option(help="Of several the smallest is preferred.", min=1)] = 1,
    units_: Annotated[int, typer.Option("--units", help="So many units of the substitute stand for …", min=1)] = 1,
    per: Annotated[int, typer.Option(help="… so many units of what is ordered.", min=1)] = 1,
    two_way: Annotated[bool, typer.Option("--two-way", help="It holds the other way round too.")] = False,
    consent: Annotated[
        bool, typer.Option("--consent/--no-consent", help="Whether the customer has to agree.")
    ] = True,
    merchant: Merchant = "default",
    json: Json = False,
) -> None:
    """Add an alternative, or bring one up to date."""
    new = NewAlternative(sku, substitute, kind.upper(), position, units_, per, two_way, consent, merchant)
    with opened(ctx) as books:
        books.change(add_alternatives, [new])
    put_json(new) if json else put(f"{units_} {substitute} may be sent for {per} {sku}.")


@app.command(epilog=example("alternatives remove MUG MUG-RED"))
def remove(
    ctx: typer.Context, sku: Sku, substitute: Substitute, merchant: Merchant = "default", json: Json = False
) -> None:
    """Remove an alternative; orders to which it was applied stay as they are."""
    with opened(ctx) as books:
        books.change(remove_alternative, sku, substitute, merchant=merchant)
    if json:
        put_json({"sku": sku, "substitute": substitute, "removed": True})
    else:
        put(f"{substitute} is no alternative for {sku} any more.")
