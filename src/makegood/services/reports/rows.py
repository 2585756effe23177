"""The rows of each report; whole units and orders, days as fractions, shares as percent with one decimal."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

# Fields that stand above a table of rows, or that only programs need.
UNSEEN = ("since", "until", "goal")


class MonthRow(NamedTuple):
    """A month: how many orders waited at its start and end, and what happened between.

    `entered` and `left` are moves into and out of waiting: at_start + entered - left = at_end. `resolved` became
    whole after having been short; `held` were put on hold, `escalated` of these for their age.
    """

    month: str
    since: date
    until: date
    at_start: int
    entered: int
    resolved: int
    left: int
    at_end: int
    change: int
    held: int
    escalated: int


class SkuRow(NamedTuple):
    """A SKU that orders waited for: how many, the units that they lacked, and the product of the two."""

    merchant: str
    sku: str
    name: str
    orders: int
    units: int
    score: int


class QuarterRow(NamedTuple):
    """A quarter: how long the orders had been short that became whole in it, and how many were held for their age.

    `top_skus` were the first ten to reorder when the period of the report ended; only its last quarter has them.
    """

    quarter: str
    since: date
    until: date
    resolved: int
    median_days: float | None
    p90_days: float | None
    escalated: int
    top_skus: Sequence[SkuRow]


class AgeRow(NamedTuple):
    """Orders by the whole days since they were placed: those that waited, those on hold, and what they lacked."""

    days: str
    orders: int
    units: int
    held_orders: int
    held_units: int


class WeekRow(NamedTuple):
    """A week: of the orders of which something went out for the first time, how much of what was wanted went then.

    The parts of an order that was split are one order.
    """

    week: str
    since: date
    until: date
    orders: int
    whole_orders: int
    orders_percent: float | None
    lines: int
    whole_lines: int
    lines_percent: float | None
    units: int
    units_sent: int
    units_percent: float | None


class InflowRow(NamedTuple):
    """What set something off: the orders that became whole by it, and how often it served one that waited."""

    source: str
    first_at: datetime
    last_at: datetime
    unblocked: int
    served: int
    units: int


class TrendRow(NamedTuple):
    """A day, week or month: the orders that waited and were on hold at its end, and what happened in it."""

    span: str
    since: date
    until: date
    waiting: int
    on_hold: int
    entered: int
    left: int
    resolved: int


class HandRow(NamedTuple):
    """A month: what made orders whole that had been short: an inflow, a person's retry, or another act of one.

    `percent` were resolved without a person's retry, of which `goal` are aimed at.
    """

    month: str
    since: date
    until: date
    resolved: int
    by_inflow: int
    by_retry: int
    by_act: int
    percent: float | None
    goal: float
    met: bool | None
