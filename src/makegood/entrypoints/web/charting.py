"""Draws the rows of a report as bars or lines; what it says in words stands around the picture, not in it.

A picture is 100 wide and 40 high whatever it shows, and is stretched to the room that it has.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from makegood.services.reports.by_whose_hand import GOAL

WIDTH, HEIGHT = 100.0, 40.0
# What part of its room a group of bars takes.
FILLED = 0.76
# So many groups of bars have a label each.
MOST_LABELS = 12


class Series(NamedTuple):
    """A field of the rows that is drawn: its name in words, and its look, one of `.chart` in makegood.css."""

    field: str
    words: str
    look: str


class Plan(NamedTuple):
    """How a report is drawn: as bars or lines, of which fields, which one labels a place, and what is aimed at."""

    drawn_as: str
    label: str
    series: Sequence[Series]
    unit: str = ""
    goal: float | None = None


class Bar(NamedTuple):
    """One bar: where it stands, how it looks, and what it says."""

    x: float
    y: float
    width: float
    height: float
    look: str
    says: str


class Line(NamedTuple):
    """One line through all rows."""

    points: str
    look: str


class Chart(NamedTuple):
    """A picture: bars and lines, what its top stands for, its labels from left to right, and where the goal is.

    With `each` there is a label for each group of bars, under it; else they stand at the ends and in the middle.
    """

    series: Sequence[Series]
    bars: Sequence[Bar]
    lines: Sequence[Line]
    top: float
    unit: str
    labels: Sequence[str]
    each: bool
    says: str
    goal: float | None


PLANS: Mapping[str, Plan] = {
    "monthly": Plan(
        "bars",
        "month",
        (
            Series("at_end", "Waiting at the end", "first"),
            Series("resolved", "Resolved", "good"),
            Series("held", "Held", "held"),
        ),
    ),
    "quarterly": Plan(
        "bars", "quarter", (Series("median_days", "Median", "first"), Series("p90_days", "90 %", "warn")), "days"
    ),
    "aging": Plan(
        "bars", "days", (Series("orders", "Waiting", "first"), Series("held_orders", "On hold", "held")), "orders"
    ),
    "reorder-priority": Plan("bars", "sku", (Series("score", "Orders × units", "first"),)),
    "service-level": Plan(
        "lines",
        "week",
        (
            Series("units_percent", "Units", "first"),
            Series("lines_percent", "Lines", "good"),
            Series("orders_percent", "Orders", "warn"),
        ),
        "%",
    ),
    "inflows": Plan("bars", "source", (Series("unblocked", "Orders unblocked", "good"),), "orders"),
    "trend": Plan(
        "lines", "span", (Series("waiting", "Waiting", "first"), Series("on_hold", "On hold", "held")), "orders"
    ),
    "unattended": Plan("bars", "month", (Series("percent", "Without a retry", "good"),), "%", GOAL),
}


def chart_of(report: str, rows: Sequence[Any]) -> Chart | None:
    """Draw a report; None while there is nothing to draw."""
    plan = PLANS[report]
    values = [[getattr(row, one.field) for row in rows] for one in plan.series]
    highest = max((value for row in values for value in row if value), default=0)
    if not highest:
        return None
    top = 100.0 if plan.unit == "%" else _rounded_up(highest)
    labels = [str(getattr(row, plan.label)) for row in rows]
    each = plan.drawn_as == "bars" and len(labels) <= MOST_LABELS
    return Chart(
        series=plan.series,
        bars=_bars(plan, values, labels, top) if plan.drawn_as == "bars" else (),
        lines=_lines(plan, values, top) if plan.drawn_as == "lines" else (),
        top=top,
        unit=_unit(plan, top),
        labels=labels if each else _ends(labels),
        each=each,
        says=_says(plan, labels),
        goal=HEIGHT - HEIGHT * plan.goal / top if plan.goal else None,
    )


def _unit(plan: Plan, number: float) -> str:
    return plan.unit[:-1] if number == 1 and plan.unit.endswith("s") else plan.unit


def _rounded_up(value: float) -> float:
    """Give the next height that is easy to read.

    >>> _rounded_up(7), _rounded_up(43), _rounded_up(2.1), _rounded_up(1000)
    (10.0, 50.0, 5.0, 1000.0)
    """
    step = 1.0
    while step * 10 < value:
        step *= 10
    return next(step * times for times in (1, 2, 5, 10) if step * times >= value)


def _bars(plan: Plan, values: Sequence[Sequence[Any]], labels: Sequence[str], top: float) -> list[Bar]:
    room = WIDTH / len(labels)
    width = room * FILLED / len(values)
    bars = []
    for number, one in enumerate(plan.series):
        for place, value in enumerate(values[number]):
            height = HEIGHT * (value or 0) / top
            x = place * room + room * (1 - FILLED) / 2 + number * width
            says = f"{labels[place]}: {one.words.lower()} {value} {_unit(plan, value or 0)}".rstrip()
            bars.append(
                Bar(round(x, 3), round(HEIGHT - height, 3), round(width, 3), round(height, 3), one.look, says)
            )
    return [bar for bar in bars if bar.height]


def _lines(plan: Plan, values: Sequence[Sequence[Any]], top: float) -> list[Line]:
    """Draw each line through the rows that have a value; with one row, straight across."""
    lines = []
    for number, one in enumerate(plan.series):
        told = [(place, value) for place, value in enumerate(values[number]) if value is not None]
        far = max(len(values[number]) - 1, 1)
        points = [(WIDTH * place / far, HEIGHT - HEIGHT * value / top) for place, value in told]
        if len(points) == 1:
            points = [(0.0, points[0][1]), (WIDTH, points[0][1])]
        lines.append(Line(" ".join(f"{x:.2f},{y:.2f}" for x, y in points), one.look))
    return [line for line in lines if line.points]


def _ends(labels: Sequence[str]) -> list[str]:
    """Give what stands at the left, in the middle and at the right.

    >>> _ends(["a", "b", "c", "d"]), _ends(["a"])
    (['a', 'd'], ['a'])
    """
    if len(labels) < 3 or len(labels) % 2 == 0:
        return list(dict.fromkeys([labels[0], labels[-1]]))
    return [labels[0], labels[len(labels) // 2], labels[-1]]


def _says(plan: Plan, labels: Sequence[str]) -> str:
    words = ", ".join(one.words.lower() for one in plan.series)
    return f"{words}{f' in {plan.unit}' if plan.unit else ''}, {labels[0]} to {labels[-1]}"
