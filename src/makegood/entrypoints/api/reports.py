"""Reports over HTTP: the list of them, each as JSON or CSV, and the orders behind their figures."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, NamedTuple

from fastapi import Query

from makegood.entrypoints.api.bodies import Word
from makegood.entrypoints.api.paging import After, Limit
from makegood.services.reports.kinds import REPORTS, Kind
from makegood.services.reports.list_report_orders import FIGURES, ReportOrders, Which, list_report_orders
from makegood.services.reports.make_report import Report, make_report
from makegood.services.reports.window import Asked
from makegood.services.work import Work

Since = Annotated[
    date | None, Query(alias="from", description="The first day; else the report's own.", examples=[None])
]
Until = Annotated[date | None, Query(alias="to", description="The last day, included.", examples=[None])]
Zone = Annotated[
    Word | None,
    Query(
        description="Time zone whose days count, such as Europe/Berlin; else the business's, or UTC.",
        examples=[None],
    ),
]
Warehouse = Annotated[Word | None, Query(description="Code of the warehouse in which orders were placed.")]
Merchant = Annotated[Word | None, Query(description="Code of the merchant.")]
FigureName = Annotated[Word, Query(description=f"One of {', '.join(FIGURES)}.", examples=["resolved"])]


class Listed(NamedTuple):
    """A report that can be made: where, what it tells, and which figure of `/reports/orders` a field counts."""

    name: str
    title: str
    tells: str
    path: str
    figures: Mapping[str, Any]


class Reports(NamedTuple):
    """The reports that there are."""

    reports: Sequence[Listed]


def many(work: Work) -> Reports:
    """List the reports, and what stands behind their figures."""
    return Reports(
        [Listed(one.name, one.title, one.tells, f"/reports/{one.name}", one.figures) for one in REPORTS]
    )


def _show(kind: Kind) -> Callable[..., Any]:
    """Give the function that shows one report."""

    def show(
        work: Work,
        since: Since = None,
        until: Until = None,
        zone: Zone = None,
        warehouse: Warehouse = None,
        merchant: Merchant = None,
        limit: Limit = 50,
    ) -> Any:
        return make_report(work, kind.name, Asked(since, until, zone, warehouse, merchant), most=limit)

    show.__name__ = kind.name.replace("-", "_")
    show.__doc__ = f"{kind.title}, as JSON or CSV.\n\n{kind.tells} What is over stays as it was told."
    show.__annotations__["return"] = Report[kind.row]  # type: ignore[name-defined]
    return show


SHOWS: Mapping[str, Callable[..., Any]] = {kind.name: _show(kind) for kind in REPORTS}


def orders(
    work: Work,
    figure: FigureName,
    since: Since = None,
    until: Until = None,
    zone: Zone = None,
    warehouse: Warehouse = None,
    merchant: Merchant = None,
    sku: Annotated[Word | None, Query(description="Of those that waited, only those short of this SKU.")] = None,
    days: Annotated[
        Word | None,
        Query(description="Of those that waited or were on hold, only those of these days.", examples=["8-14"]),
    ] = None,
    source: Annotated[
        Word | None,
        Query(description="For `unblocked` and `served`: what set it off.", examples=["receiving:D-1"]),
    ] = None,
    limit: Limit = 50,
    after: After = None,
) -> ReportOrders:
    """List the orders behind a figure of a report.

    As many rows as the figure says, with when it was counted and what set it off.
    """
    asked = Asked(since, until, zone, warehouse, merchant)
    return list_report_orders(work, figure, asked, Which(sku, days, source), after=after, most=limit)
