"""Every report in one list: what it is called, what it tells, how long its spans are, and how it is read."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from makegood.domain.errors import InvalidValue
from makegood.domain.periods import Pace
from makegood.services.reports import rows
from makegood.services.reports.by_whose_hand import by_whose_hand
from makegood.services.reports.count_moves import months, trend
from makegood.services.reports.measure_waits import quarters
from makegood.services.reports.rank_skus import skus
from makegood.services.reports.service_level import weeks
from makegood.services.reports.sort_by_age import ages
from makegood.services.reports.trace_inflows import inflows
from makegood.services.reports.window import Window
from makegood.services.work import Work


class Kind(NamedTuple):
    """A report: without days asked for it goes `back` spans of its pace before that of yesterday.

    `figures` says which figure of `list_report_orders` stands behind a field of its rows; a report `at_end` tells
    how things stood when the period ended.
    """

    name: str
    title: str
    tells: str
    row: type[tuple[Any, ...]]
    read: Callable[[Work, Window, int], Sequence[Any]]
    pace: Pace
    back: int
    figures: Mapping[str, str]
    at_end: bool = False


REPORTS: Sequence[Kind] = (
    Kind(
        "monthly",
        "Month by month",
        "Orders resolved, newly held and escalated, and how many waited at the end against the end of last month.",
        rows.MonthRow,
        months,
        Pace.MONTH,
        5,
        {"at_start": "waiting_before", "entered": "entered", "resolved": "resolved", "left": "left",
         "at_end": "waiting", "held": "held", "escalated": "escalated"},
    ),
    Kind(
        "quarterly",
        "Quarter by quarter",
        "How long orders were short that became whole, how many were held for their age, and what to reorder.",
        rows.QuarterRow,
        quarters,
        Pace.QUARTER,
        3,
        {"resolved": "resolved", "escalated": "escalated"},
    ),
    Kind(
        "aging",
        "Aging",
        "Orders that waited or were on hold, and the units that they lacked, by days since they were placed.",
        rows.AgeRow,
        ages,
        Pace.DAY,
        0,
        {"orders": "waiting", "held_orders": "on_hold"},
        at_end=True,
    ),
    Kind(
        "reorder-priority",
        "What to reorder",
        "SKUs by how many orders waited for them times the units that these lacked.",
        rows.SkuRow,
        skus,
        Pace.DAY,
        0,
        {"orders": "waiting"},
        at_end=True,
    ),
    Kind(
        "service-level",
        "Service level",
        "How much of what was wanted went out with the first shipment: orders, lines and units, week by week.",
        rows.WeekRow,
        weeks,
        Pace.WEEK,
        11,
        {"orders": "shipped", "whole_orders": "whole"},
    ),
    Kind(
        "inflows",
        "What unblocked what",
        "Which delivery, count, return or other inflow unblocked which orders.",
        rows.InflowRow,
        inflows,
        Pace.MONTH,
        0,
        {"unblocked": "unblocked", "served": "served"},
    ),
    Kind(
        "trend",
        "Trend",
        "How many orders waited and were on hold at the end of each day, week or month.",
        rows.TrendRow,
        trend,
        Pace.DAY,
        89,
        {"waiting": "waiting", "on_hold": "on_hold", "entered": "entered", "left": "left", "resolved": "resolved"},
    ),
    Kind(
        "unattended",
        "Without a person",
        "Which share of the orders that became whole needed no retry by a person; the goal is 90 %.",
        rows.HandRow,
        by_whose_hand,
        Pace.MONTH,
        5,
        {"resolved": "resolved", "by_inflow": "by_inflow", "by_retry": "by_retry", "by_act": "by_act"},
    ),
)  # fmt: skip

NAMES = tuple(kind.name for kind in REPORTS)


def kind_named(name: str) -> Kind:
    """Give a report by its name, or raise `InvalidValue`."""
    found = next((kind for kind in REPORTS if kind.name == name), None)
    if found is None:
        raise InvalidValue("report", name, "one of " + ", ".join(NAMES))
    return found
