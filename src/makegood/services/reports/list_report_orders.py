"""The orders behind a figure of a report, page by page: as many rows as the figure says."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from makegood.domain.errors import InvalidValue
from makegood.domain.periods import Pace
from makegood.services.pages import cursor_after, insist_on_most, read_cursor
from makegood.services.record import STATUS_EVENTS
from makegood.services.reports.sort_by_age import FIRST_DAYS, group_named
from makegood.services.reports.window import Asked, Window, open_window
from makegood.services.work import Work

SHORT = ("order:backordered", "order:partially_allocated")
RESOLVED = ("order:backorder_resolved",)
FIRST = ("order:first_shipment",)

# What a figure counts, and of these the types of event that it is found among; none for how things stood.
FIGURES: Mapping[str, Sequence[str]] = {
    "waiting": (),
    "waiting_before": (),
    "on_hold": (),
    "entered": SHORT,
    "left": tuple(type_ for type_ in STATUS_EVENTS.values() if type_ not in SHORT),
    "held": ("order:held",),
    "escalated": ("order:escalated",),
    "resolved": RESOLVED,
    "by_inflow": RESOLVED,
    "by_retry": RESOLVED,
    "by_act": RESOLVED,
    "unblocked": RESOLVED,
    "served": ("allocation:created",),
    "shipped": FIRST,
    "whole": FIRST,
}
# Figures of one inflow, which is named by its source.
OF_A_SOURCE = ("unblocked", "served")


class Which(NamedTuple):
    """Of those that waited only those short of a SKU, or of a group of days (`8-14`); of an inflow its source."""

    sku: str | None = None
    days: str | None = None
    source: str | None = None


ALL = Which()


class ReportOrder(NamedTuple):
    """An order behind a figure: when it was counted, the units that it lacked then, and what set it off."""

    merchant: str
    order: str
    customer_name: str
    customer_reference: str
    customer_email: str
    warehouse: str
    placed_at: datetime
    counted_at: datetime
    short: int | None
    sources: Sequence[str]

    @property
    def number(self) -> str:
        """The order's number."""
        return self.order


class ReportOrders(NamedTuple):
    """A page of the orders behind a figure, and the cursor of the next one."""

    orders: Sequence[ReportOrder]
    next: str | None


def list_report_orders(
    work: Work,
    figure: str,
    asked: Asked,
    which: Which = ALL,
    *,
    after: str | None = None,
    most: int = 50,
) -> ReportOrders:
    """Give a page of the orders behind a figure in some days, or when these ended, the earliest first.

    Raises `InvalidValue`, `WarehouseNotFound`, `MerchantNotFound`.
    """
    if figure not in FIGURES:
        raise InvalidValue("figure", figure, "one of " + ", ".join(FIGURES))
    if figure in OF_A_SOURCE and which.source is None:
        raise InvalidValue("source", None, "what set it off, such as receiving:D-1")
    at, last = read_cursor(after, (datetime, int))
    window = open_window(work, asked, Pace.QUARTER, 0)
    read = _told if FIGURES[figure] else _standing
    found = read(work, window, figure, which, {"after_at": at, "after_id": last, "most": insist_on_most(most) + 1})
    page = found[:most]
    following = cursor_after(page[-1][0].isoformat(), page[-1][1]) if len(found) > most else None
    return ReportOrders([ReportOrder(*row[2:]) for row in page], following)


def _standing(
    work: Work, window: Window, figure: str, which: Which, paged: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Read how things stood when the days ended, or before they began."""
    values = window.values(work)
    if figure == "waiting_before":
        values["until"] = window.period.begins
    return work.db.all(
        "report_short_orders",
        **values,
        **paged,
        held=figure == "on_hold",
        days=list(FIRST_DAYS),
        bucket=group_named(which.days) if which.days else None,
        sku=which.sku,
    )


def _told(
    work: Work, window: Window, figure: str, which: Which, paged: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Read what happened in the days."""
    values = window.values(work)
    types = list(FIGURES[figure])
    return work.db.all("report_told_orders", **values, **paged, figure=figure, types=types, source=which.source)
