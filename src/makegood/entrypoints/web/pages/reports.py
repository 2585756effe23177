"""/reports: how it goes, as charts and tables, with the orders behind each figure."""

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from makegood.domain.errors import InvalidValue
from makegood.domain.periods import known_zone
from makegood.entrypoints.web.charting import chart_of
from makegood.entrypoints.web.fields import Asked as Field
from makegood.entrypoints.web.fields import Date
from makegood.entrypoints.web.listing import MOST, csv_file, pages_of
from makegood.entrypoints.web.rendering import link
from makegood.entrypoints.web.visit import Reader
from makegood.services.accounts.merchants import merchants_seen
from makegood.services.business_settings import business_settings
from makegood.services.reports.as_csv import cells_of, fields_of
from makegood.services.reports.kinds import REPORTS, Kind, kind_named
from makegood.services.reports.list_report_orders import ReportOrder, Which, list_report_orders
from makegood.services.reports.make_report import FEW, Report, make_report
from makegood.services.reports.rows import UNSEEN
from makegood.services.reports.trace_inflows import one_query
from makegood.services.reports.window import Asked
from makegood.services.show_stock import list_warehouses
from makegood.services.work import Work

router = APIRouter()

ORDER_HEAD = (
    "Order",
    "Customer",
    "E-mail",
    "Merchant",
    "Warehouse",
    "Placed",
    "Counted",
    "Units short",
    "Set off by",
)
WORDS = {
    "at_start": "Waiting at start",
    "at_end": "Waiting at end",
    "median_days": "Median days",
    "p90_days": "90 % within days",
    "top_skus": "To reorder first",
    "held_orders": "Orders on hold",
    "held_units": "Units on hold",
    "orders_percent": "Orders whole, %",
    "lines_percent": "Lines whole, %",
    "units_percent": "Units sent, %",
    "percent": "Without a retry, %",
    "met": "Goal met",
    "sku": "SKU",
    "days": "Days since ordered",
    "span": "From",
    "score": "Orders × units",
}


def _asked(
    request: Request,
    since: Annotated[Date, Query(alias="from")] = None,
    until: Annotated[Date, Query(alias="to")] = None,
    zone: Field = None,
    warehouse: Field = None,
    merchant: Field = None,
) -> Asked:
    return Asked(since, until, zone, warehouse, merchant)


def _which(sku: Field = None, days: Field = None, source: Field = None) -> Which:
    return Which(sku, days, source)


InDays = Annotated[Asked, Depends(_asked)]
Narrowed = Annotated[Which, Depends(_which)]


class Cell(NamedTuple):
    """A cell of a report's table: what it is, and where the orders behind it are."""

    value: Any
    field: str
    behind: str | None


@router.get("/reports")
def reports(visit: Reader) -> Response:
    """List the reports."""
    return visit.show("reports/list.html", reports=REPORTS)


@router.get("/reports/orders")
def orders(
    visit: Reader, asked: InDays, which: Narrowed, figure: str, report: Field = None, after: Field = None
) -> Response:
    """List the orders behind a figure."""
    found = visit.read(list_report_orders, figure, asked, which, after=after)
    kind = kind_named(report) if report else None
    return visit.show("reports/orders.html", found=found, figure=figure, days=asked, which=which, kind=kind)


@router.get("/reports/orders.csv")
def orders_file(visit: Reader, asked: InDays, which: Narrowed, figure: str) -> Response:
    """Give the orders behind a figure as a file."""

    def read(after: str | None) -> tuple[Sequence[ReportOrder], str | None]:
        return visit.read(list_report_orders, figure, asked, which, after=after, most=MOST)

    return csv_file(f"{figure}-orders", ORDER_HEAD, map(_order_row, pages_of(read)))


@router.get("/reports/{name}.csv")
def report_file(visit: Reader, asked: InDays, name: str) -> Response:
    """Give a report as a file."""
    made = visit.read(_made, name, asked, _zone_of_reader(visit), MOST)
    return csv_file(f"{name}-{made.until}", fields_of(name), cells_of(made))


@router.get("/reports/{name}")
def report(visit: Reader, asked: InDays, name: str) -> Response:
    """Show a report as a chart and a table."""
    kind = kind_named(name)
    made = visit.read(_made, name, asked, _zone_of_reader(visit), FEW)
    shown = [field for field in fields_of(name) if field not in UNSEEN and _is_told(field, made)]
    return visit.show(
        "reports/one.html",
        kind=kind,
        made=made,
        chart=chart_of(name, made.rows),
        heads=[(field, WORDS.get(field, field.replace("_", " ").capitalize())) for field in shown],
        rows=[[_cell(kind, field, row, made, asked) for field in shown] for row in made.rows],
        empty=not any(_counts(row) for row in made.rows),
        warehouses=[one.code for one in visit.read(list_warehouses)],
        merchants=visit.read(merchants_seen),
        query=one_query() if name == "inflows" else None,
        most=FEW,
    )


def _made(work: Work, name: str, asked: Asked, zone: str | None, most: int) -> Report[Any]:
    """Make a report; where neither it nor the business has a zone, the days of the reader's count."""
    chosen = asked.zone or business_settings(work.db).time_zone
    return make_report(work, name, asked if chosen else asked._replace(zone=zone), most=most)


def _zone_of_reader(visit: Reader) -> str | None:
    """Give the zone that a script told of; None when there is no such zone."""
    try:
        return known_zone(unquote(visit.request.cookies.get("zone", "UTC")))
    except InvalidValue:
        return None


def _is_told(field: str, made: Report[Any]) -> bool:
    """Leave out what says nothing: names nobody gave, the only merchant."""
    if field == "merchant":
        return len({row.merchant for row in made.rows}) > 1
    return field not in ("name", "top_skus") or any(getattr(row, field) for row in made.rows)


def _counts(row: Any) -> bool:
    """Tell whether anything is counted in a row."""
    return any(value for field, value in row._asdict().items() if isinstance(value, int) and field not in UNSEEN)


def _cell(kind: Kind, field: str, row: Any, made: Report[Any], asked: Asked) -> Cell:
    value = getattr(row, field)
    figure = kind.figures.get(field)
    if not figure or not value:
        return Cell(value, field, None)
    narrowed = {name: getattr(row, name, None) for name in Which._fields}
    address = link(
        "/reports/orders",
        {"report": kind.name, "figure": figure, "zone": made.zone, "warehouse": asked.warehouse},
        {"from": getattr(row, "since", made.since), "to": getattr(row, "until", made.until)},
        narrowed,
        merchant=getattr(row, "merchant", asked.merchant),
    )
    return Cell(value, field, address)


def _order_row(one: ReportOrder) -> Sequence[object]:
    return (one.order, one.customer_name or one.customer_reference, one.customer_email, one.merchant,
            one.warehouse, one.placed_at, one.counted_at, one.short, one.sources)  # fmt: skip
