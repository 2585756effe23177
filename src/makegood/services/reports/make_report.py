"""Make a report: what happened in some days, or how things stood when they ended."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Generic, NamedTuple, TypeVar

from makegood.domain.periods import Pace
from makegood.services.pages import insist_on_most
from makegood.services.reports.kinds import Kind, kind_named
from makegood.services.reports.window import Asked, Window, open_window
from makegood.services.work import Work

Row = TypeVar("Row")

# Rows of those reports that have as many as there are SKUs or inflows.
FEW = 50
# A trend over more days than this is told by week, then by month.
MOST_DAYS, MOST_WEEKS = 92, 104


class Report(NamedTuple, Generic[Row]):
    """Rows about whole days of a zone, the first and the last included, as told up to a moment.

    One that is `final` is about days that are over: it says the same whenever it is made again.
    """

    report: str
    title: str
    since: date
    until: date
    zone: str
    told_until: datetime
    final: bool
    rows: Sequence[Row]


def make_report(work: Work, name: str, asked: Asked = Asked(), *, most: int = FEW) -> Report[Any]:
    """Make the report of this name; `most` limits the rows of those that have one for each SKU or inflow.

    Raises `InvalidValue`, `WarehouseNotFound`, `MerchantNotFound`.
    """
    kind = kind_named(name)
    window = window_of(work, kind, asked)
    rows = kind.read(work, window, insist_on_most(most))
    period = window.period
    return Report(kind.name, kind.title, *period, window.told_until, window.final, rows)


def window_of(work: Work, kind: Kind, asked: Asked) -> Window:
    """Give the days that a report is about, as asked for or its own."""
    return open_window(work, asked, _pace(work, kind, asked), kind.back)


def _pace(work: Work, kind: Kind, asked: Asked) -> Pace:
    """Give how long the spans are; those of a trend are longer when it is over many days."""
    if kind.name != "trend" or asked.since is None:
        return kind.pace
    days = ((asked.until or work.today) - asked.since).days + 1
    return Pace.DAY if days <= MOST_DAYS else Pace.WEEK if days <= 7 * MOST_WEEKS else Pace.MONTH
