"""Every report beside what is recomputed: a list of what they tell differently."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from makegood.services.reports.make_report import make_report
from makegood.services.reports.window import Asked
from makegood.services.work import Work
from makegood.store.database import Database
from tests.services.reports.naive import Naive, begins, decile

MOST = 1000


def told(books: Database, name: str, as_of: datetime, asked: Asked, *, most: int = MOST) -> Any:
    """Make a report as of a time."""
    with books.snapshot() as db:
        return make_report(Work(db=db, as_of=as_of, actor="test", source="manual:test"), name, asked, most=most)


def disagreements(books: Database, as_of: datetime, asked: Asked) -> list[str]:
    """Compare every report over these days with what is recomputed, figure by figure."""
    naive = Naive(books.conninfo)
    found = []
    for name, check in CHECKS.items():
        made = told(books, name, as_of, asked)
        for what, ours, theirs in check(naive, made):
            if ours != theirs:
                found.append(f"{name} {what}: told {ours}, recomputed {theirs}")
    return found


Compared = Iterator[tuple[object, object, object]]


def _days(row: Any, made: Any) -> tuple[datetime, datetime]:
    ends = min(begins(row.until + timedelta(days=1), made.zone), made.told_until)
    return begins(row.since, made.zone), ends


def _months(naive: Naive, made: Any) -> Compared:
    for row in made.rows:
        found = naive.counts(*_days(row, made))
        ours = (row.at_start, row.entered, row.left, row.at_end, row.held)
        theirs = ("waiting_before", "waiting_in", "waiting_out", "waiting", "on_hold_in")
        yield row.month, ours, tuple(found[name] for name in theirs)
        besides = (found["order:backorder_resolved"], found["order:escalated"])
        yield row.month, (row.resolved, row.escalated), besides


def _trend(naive: Naive, made: Any) -> Compared:
    for row in made.rows[:: max(len(made.rows) // 6, 1)]:
        found = naive.counts(*_days(row, made))
        yield row.span, (row.waiting, row.on_hold), (found["waiting"], found["on_hold"])


def _quarters(naive: Naive, made: Any) -> Compared:
    for row in made.rows:
        days = naive.days_short(*_days(row, made))
        ours = (row.resolved, row.median_days, row.p90_days)
        yield row.quarter, ours, (len(days), decile(days, 0.5), decile(days, 0.9))


def _ages(naive: Naive, made: Any) -> Compared:
    found = naive.ages(made.told_until)
    for row in made.rows:
        yield row.days, (row.orders, row.units), found.get((row.days, False), (0, 0))
        yield row.days, (row.held_orders, row.held_units), found.get((row.days, True), (0, 0))


def _skus(naive: Naive, made: Any) -> Compared:
    found = naive.skus(made.told_until)
    ours = {row.sku: (row.orders, row.units) for row in made.rows}
    yield "skus", ours, {sku: found.get(sku) for sku in ours}
    # A report has no more rows than were asked for: the first ones.
    scores = sorted((orders * units for orders, units in found.values()), reverse=True)[:MOST]
    yield "sequence", [row.score for row in made.rows], scores


def _inflows(naive: Naive, made: Any) -> Compared:
    found = naive.inflows(begins(made.since, made.zone), made.told_until)
    most = sorted(found.values(), reverse=True)[: len(made.rows)]
    ours = {row.source: (row.unblocked, row.served, row.units) for row in made.rows}
    yield "sources", ours, {source: found.get(source) for source in ours}
    yield "first", sorted((one[0] for one in ours.values()), reverse=True), [one[0] for one in most]


def _hands(naive: Naive, made: Any) -> Compared:
    for row in made.rows:
        yield row.month, (row.by_inflow, row.by_retry, row.by_act), naive.hands(*_days(row, made))


def _weeks(naive: Naive, made: Any) -> Compared:
    for row in made.rows:
        ours = (row.orders, row.whole_orders, row.units, row.units_sent)
        yield row.week, ours, naive.first_shipments(*_days(row, made))


CHECKS = {
    "monthly": _months,
    "trend": _trend,
    "quarterly": _quarters,
    "aging": _ages,
    "reorder-priority": _skus,
    "inflows": _inflows,
    "unattended": _hands,
    "service-level": _weeks,
}


def whole(since: date, until: date, zone: str = "UTC") -> Asked:
    """Ask for some days."""
    return Asked(since, until, zone)
