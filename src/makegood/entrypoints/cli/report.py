"""`makegood report`: how it goes, as tables, JSON or CSV, and the orders behind a figure."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

import typer

from makegood.entrypoints.cli.counter import After, Counter, Json, Limit, Warehouse, opened, tell_next
from makegood.entrypoints.cli.output import Column, day, minute, put, put_json, put_table, text, units
from makegood.entrypoints.cli.tree import among, example, group
from makegood.services.reports.as_csv import as_csv
from makegood.services.reports.kinds import NAMES, REPORTS, kind_named
from makegood.services.reports.list_report_orders import FIGURES, ReportOrders, Which, list_report_orders
from makegood.services.reports.make_report import Report, make_report, window_of
from makegood.services.reports.rows import UNSEEN, SkuRow
from makegood.services.reports.window import Asked
from makegood.services.work import Work

app = group("Say how it goes.")

HEADS: Mapping[str, str] = {
    "sku": "SKU",
    "p90_days": "90 % days",
    "top_skus": "To reorder first",
    "percent": "No retry, %",
    "met": "Goal met",
}
# Where there is no room for all, the shares say most.
SPARE = ("name", "whole_orders", "lines", "whole_lines", "units_sent", "first_at")

Name = Annotated[
    str | None, typer.Argument(help="Which report; without it they are listed.", autocompletion=among(*NAMES))
]
Since = Annotated[str | None, typer.Option("--from", help="The first day, such as 2026-03-01.", metavar="DAY")]
Until = Annotated[str | None, typer.Option("--to", help="The last day, included.", metavar="DAY")]
Zone = Annotated[
    str | None,
    typer.Option(help="Time zone whose days count, such as Europe/Berlin; else the business's, or UTC."),
]
Merchant = Annotated[str | None, typer.Option(help="Code of the merchant.")]
OrdersOf = Annotated[
    str | None,
    typer.Option(
        "--orders",
        help="Show the orders behind a figure instead.",
        autocompletion=among(*FIGURES),
        metavar="FIGURE",
    ),
]


@app.command(
    epilog=example("report monthly", "report aging --to 2026-03-31 --csv", "report monthly --orders resolved")
)
def report(
    ctx: typer.Context,
    name: Name = None,
    since: Since = None,
    until: Until = None,
    zone: Zone = None,
    warehouse: Warehouse = None,
    merchant: Merchant = None,
    orders: OrdersOf = None,
    sku: Annotated[str | None, typer.Option(help="With --orders: only those short of this SKU.")] = None,
    days: Annotated[
        str | None, typer.Option(help="With --orders: only those of these days, such as 8-14.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="With --orders unblocked: what set it off.")] = None,
    limit: Limit = 50,
    after: After = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV for a spreadsheet.")] = False,
    json: Json = False,
) -> None:
    """Say how it goes, as it was put on record: what is over is told the same whenever it is asked.

    Days are whole ones of a time zone. A report has days of its own; --from and --to choose others.
    """
    if name is None:
        put_json([_listed(one) for one in REPORTS]) if json else _put_list()
        return
    asked = Asked(_day(since, "--from"), _day(until, "--to"), zone, warehouse, merchant)
    with opened(ctx) as books:
        if orders:
            _put_orders(books, name, orders, asked, Which(sku, days, source), limit, after, json=json)
            return
        made = books.read(make_report, name, asked, most=limit)
    if csv:
        put(as_csv(made).replace("\r\n", "\n"))
    else:
        put_json(made) if json else put_report(made)


def put_report(made: Report[Any]) -> None:
    """Print a report as a table, below what it is about."""
    put(f"{made.title}: {about(made)}")
    fields = [field for field in made.rows[0]._fields if _is_told(field, made)] if made.rows else []
    if not fields:
        put("Nothing to tell.")
        return
    rows = [[_cell(getattr(row, field)) for field in fields] for row in made.rows]
    put_table([_column(field, rows[0][place]) for place, field in enumerate(fields)], rows)


def _is_told(field: str, made: Report[Any]) -> bool:
    """Leave out what says nothing: what stands elsewhere, and the only merchant."""
    alone = field == "merchant" and len({row.merchant for row in made.rows}) == 1
    return field not in UNSEEN and not alone


def about(made: Report[Any]) -> str:
    """Say which days a report is about, and whether they are over."""
    days = f"{made.since} to {made.until}" if made.since != made.until else f"{made.until}"
    return f"{days}, {made.zone}{'' if made.final else ', so far'}"


def _column(field: str, value: object) -> Column:
    head = HEADS.get(field, field.replace("_percent", ", %").replace("_", " ").capitalize())
    if field in ("sku", "name", "source", "top_skus"):
        return text(head, spare=field in SPARE)
    counts = isinstance(value, int | float) and not isinstance(value, bool)
    if counts or field.endswith(("_days", "percent")):
        return units(head, spare=field in SPARE)
    return Column(head, spare=field in SPARE)


def _cell(value: object) -> object:
    if isinstance(value, list | tuple):
        return ", ".join(one.sku for one in value if isinstance(one, SkuRow))
    if isinstance(value, float):
        return f"{value:g}"
    return minute(value) if isinstance(value, datetime) else value


def _put_list() -> None:
    put_table([Column("Report"), text("What it tells")], [(one.name, one.tells) for one in REPORTS])


def _listed(one: Any) -> dict[str, object]:
    return {"name": one.name, "title": one.title, "tells": one.tells, "figures": one.figures}


def _put_orders(
    books: Counter, name: str, figure: str, asked: Asked, which: Which, most: int, after: str | None, *, json: bool
) -> None:
    found = books.read(_orders_of, name, figure, asked, which, after, most)
    if json:
        put_json(found)
        return
    put_table(
        [Column("Order"), text("Customer"), Column("Placed"), Column("Counted"), units("Short"), text("By")],
        [
            (one.order, one.customer_name or one.customer_reference, day(one.placed_at), minute(one.counted_at),
             one.short, ", ".join(one.sources))
            for one in found.orders
        ],
    )  # fmt: skip
    tell_next(found.next, f"report {name} --orders {figure}")


def _orders_of(
    work: Work, name: str, figure: str, asked: Asked, which: Which, after: str | None, most: int
) -> ReportOrders:
    """Read the orders behind a figure, or a field, of a report, in the days that this is about."""
    kind = kind_named(name)
    period = window_of(work, kind, asked).period
    days = asked._replace(since=period.since, until=period.until, zone=period.zone)
    return list_report_orders(work, kind.figures.get(figure, figure), days, which, after=after, most=most)


def _day(words: str | None, option: str) -> date | None:
    if words is None:
        return None
    try:
        return date.fromisoformat(words)
    except ValueError as wrong:
        raise typer.BadParameter(f"{words!r} is not a day, such as 2026-03-01.", param_hint=option) from wrong
