"""Commands that correct, move or set aside stock: adjust, move, damage, restore, quarantine."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

import typer

from makegood.domain.plain import as_plain
from makegood.entrypoints.cli.counter import Counter, Json, Warehouse, opened
from makegood.entrypoints.cli.output import counted, put, put_json, said
from makegood.entrypoints.cli.tree import example, group
from makegood.planner.attempt import Attempt
from makegood.services.adjust_stock import adjust_stock
from makegood.services.change_stock import StockChanged
from makegood.services.move_stock import move_stock
from makegood.services.set_stock_aside import damage_stock, quarantine_stock, release_quarantine, restore_stock

app = group("")

Sku = Annotated[str, typer.Argument(help="SKU, alias or barcode.")]
Units = Annotated[int, typer.Argument(help="How many units.", min=1)]
At = Annotated[str, typer.Option("--at", help="The place where they lie.", metavar="LOCATION")]
To = Annotated[str | None, typer.Option("--to", help="The place they go to; else they stay.", metavar="LOCATION")]
Merchant = Annotated[str, typer.Option("--merchant", help="Whose goods they are.")]
Lot = Annotated[str, typer.Option("--lot", help="The lot, where there are several.")]
Expires = Annotated[
    datetime | None,
    typer.Option("--expires", help="The day on which they expire.", formats=["%Y-%m-%d"], metavar="DATE"),
]


# A minus before a number is not an option here.
@app.command(
    epilog=example("adjust MUG 3 --at A-01 --reason found", 'adjust MUG -2 --at A-01 --reason "not there"'),
    context_settings={"ignore_unknown_options": True},
)
def adjust(
    ctx: typer.Context,
    sku: Sku,
    change: Annotated[int, typer.Argument(help="How many units more, or with a minus fewer.", metavar="UNITS")],
    at: At,
    reason: Annotated[str, typer.Option(help="Why, for the ledger.")],
    warehouse: Warehouse = None,
    merchant: Merchant = "default",
    lot: Lot = "",
    expires: Expires = None,
    json: Json = False,
) -> None:
    """Correct what the books say lies in a place; what was added goes to whoever waits."""
    with opened(ctx) as books:
        made = books.change(
            adjust_stock,
            sku,
            change,
            location=at,
            reason=reason,
            warehouse=warehouse,
            merchant=merchant,
            lot=lot,
            expires_on=day_of(expires),
        )
    put_change(
        made, f"{counted(abs(change), 'unit')} of {sku} {'added' if change > 0 else 'taken off'} at {at}", json
    )


@app.command(epilog=example("move MUG 12 --from DOCK --to A-01"))
def move(
    ctx: typer.Context,
    sku: Sku,
    number: Units,
    source: Annotated[str, typer.Option("--from", help="The place where they lie.", metavar="LOCATION")],
    to: Annotated[str, typer.Option("--to", help="The place they go to.", metavar="LOCATION")],
    warehouse: Warehouse = None,
    merchant: Merchant = "default",
    lot: Lot = "",
    expires: Expires = None,
    json: Json = False,
) -> None:
    """Move units; put away into a pickable place, they go to whoever waits."""
    with opened(ctx) as books:
        made = books.change(
            move_stock,
            sku,
            number,
            from_location=source,
            to_location=to,
            warehouse=warehouse,
            merchant=merchant,
            lot=lot,
            expires_on=day_of(expires),
        )
    put_change(made, f"{counted(number, 'unit')} of {sku} moved from {source} to {to}", json)


@app.command(epilog=example("damage MUG 2 --at A-01", "damage MUG 2 --at A-01 --to RETURNS"))
def damage(
    ctx: typer.Context,
    sku: Sku,
    number: Units,
    at: At,
    to: To = None,
    warehouse: Warehouse = None,
    merchant: Merchant = "default",
    lot: Lot = "",
    expires: Expires = None,
    json: Json = False,
) -> None:
    """Set damaged units aside; orders that had them go back to the queue."""
    with opened(ctx) as books:
        made = _set(books, damage_stock, sku, number, at, to, warehouse, merchant, lot, expires)
    put_change(made, f"{counted(number, 'unit')} of {sku} set aside as damaged", json)


@app.command(epilog=example("restore MUG 2 --at A-01"))
def restore(
    ctx: typer.Context,
    sku: Sku,
    number: Units,
    at: At,
    to: To = None,
    warehouse: Warehouse = None,
    merchant: Merchant = "default",
    lot: Lot = "",
    expires: Expires = None,
    json: Json = False,
) -> None:
    """Take units back that were set aside as damaged and are sound."""
    with opened(ctx) as books:
        made = _set(books, restore_stock, sku, number, at, to, warehouse, merchant, lot, expires)
    put_change(made, f"{counted(number, 'unit')} of {sku} taken back into stock", json)


@app.command(
    epilog=example("quarantine MUG 5 --at A-01 --lot L7", "quarantine MUG 5 --at A-01 --lot L7 --release")
)
def quarantine(
    ctx: typer.Context,
    sku: Sku,
    number: Units,
    at: At,
    to: To = None,
    release: Annotated[bool, typer.Option("--release", help="Give them back instead.")] = False,
    warehouse: Warehouse = None,
    merchant: Merchant = "default",
    lot: Lot = "",
    expires: Expires = None,
    json: Json = False,
) -> None:
    """Lock units away until somebody has looked at them, or release them."""
    with opened(ctx) as books:
        verb = release_quarantine if release else quarantine_stock
        made = _set(books, verb, sku, number, at, to, warehouse, merchant, lot, expires)
    done = "released from" if release else "put into"
    put_change(made, f"{counted(number, 'unit')} of {sku} {done} quarantine", json)


def put_change(made: StockChanged, words: str, json: bool) -> None:
    """Print what a change of stock did: the units, and who lost some by it."""
    if json:
        put_json({**made._asdict(), "lost": [lost_order(attempt) for attempt in made.lost]})
        return
    put(f"{words} ({made.source}).")
    if made.along:
        put(f"{counted(made.along, 'unit')} of them stayed reserved for the orders that had them.")
    put_lost(made.lost)


def put_lost(lost: Any) -> None:
    """Print which orders lost units and went back to the queue."""
    for attempt in lost:
        put(f"Order {attempt.order.number} lost units by it and is {said(attempt.after.status)}.")


def lost_order(attempt: Attempt) -> dict[str, Any]:
    """Give an order that lost units as a program reads it."""
    return {
        "order": attempt.order.number,
        "status_before": attempt.before,
        "status": as_plain(attempt.after.status),
        "short": attempt.short,
    }


def day_of(moment: datetime | None) -> date | None:
    """Give the day of what was typed as a date."""
    return moment.date() if moment else None


def _set(
    books: Counter,
    verb: Callable[..., StockChanged],
    sku: str,
    number: int,
    at: str,
    to: str | None,
    warehouse: str | None,
    merchant: str,
    lot: str,
    expires: datetime | None,
) -> StockChanged:
    return books.change(
        verb,
        sku,
        number,
        location=at,
        to_location=to,
        warehouse=warehouse,
        merchant=merchant,
        lot=lot,
        expires_on=day_of(expires),
    )
