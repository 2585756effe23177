"""How long each report over a year takes over one plain aggregate of the rows that it reads.

The aggregate is what anybody would write to get a feeling for the figure: it passes over the same rows, tells
months or orders apart, and knows nothing of zones, merchants, what was short when, or which orders are behind it.
"""

from collections.abc import Mapping
from datetime import timedelta
from statistics import median

from benchmarks.books import Bench, new_bench
from benchmarks.report import Figure
from benchmarks.run import Pair, Run, ratio, telling, timed
from benchmarks.year import BEGINS, ENDS, live_a_year
from makegood.services.reports.kinds import NAMES
from makegood.services.reports.make_report import make_report
from makegood.services.reports.window import Asked
from makegood.services.work import Work

MOVES = """
SELECT date_trunc('month', occurred_at), type, payload ->> 'previousStatus', count(*)
FROM fulfillment_events WHERE type LIKE 'order:%' GROUP BY 1, 2, 3
"""
# Of each order the last that was put on record: who lacked what follows from it.
LAST = """
SELECT count(*), sum(last) FROM (
    SELECT order_id, max(event_id) AS last FROM fulfillment_events
    WHERE type LIKE 'order:%' OR type = 'allocation:created' GROUP BY order_id) o
"""
# The same, and how long the resolved ones had been short by quarter: a quarterly report tells both.
LAST_AND_WAITS = """
SELECT NULL, count(*), sum(last)::float8 FROM (
    SELECT order_id, max(event_id) AS last FROM fulfillment_events
    WHERE type LIKE 'order:%' OR type = 'allocation:created' GROUP BY order_id) o
UNION ALL
SELECT date_trunc('quarter', occurred_at), count(*),
       avg(extract(epoch FROM occurred_at - (payload ->> 'backorderedSince')::timestamptz))
FROM fulfillment_events WHERE type = 'order:backorder_resolved' GROUP BY 1
"""
RESOLVED = """
SELECT date_trunc('month', occurred_at), trigger_sources[1] LIKE 'manual:%', count(*)
FROM fulfillment_events WHERE type = 'order:backorder_resolved' GROUP BY 1, 2
"""
SOURCES = """
SELECT source, count(*), sum(granted), max(at) FROM (
    SELECT trigger_sources[1] AS source, granted, as_of AS at FROM attempts WHERE granted > 0
    UNION ALL
    SELECT trigger_sources[1], 0, occurred_at FROM fulfillment_events WHERE type = 'order:backorder_resolved') i
GROUP BY 1 ORDER BY 2 DESC LIMIT 50
"""
SHIPPED = """
SELECT date_trunc('week', occurred_at), count(*), sum((payload ->> 'units')::int), sum((payload ->> 'lines')::int)
FROM fulfillment_events WHERE type = 'order:first_shipment' GROUP BY 1
"""
AGGREGATES: Mapping[str, str] = {
    "monthly": MOVES,
    "quarterly": LAST_AND_WAITS,
    "aging": LAST,
    "reorder-priority": LAST,
    "service-level": SHIPPED,
    "inflows": SOURCES,
    "trend": MOVES,
    "unattended": RESOLVED,
}
YEAR = Asked(BEGINS.date(), (ENDS - timedelta(days=1)).date(), "Europe/Berlin")


def measure(run: Run) -> list[Figure]:
    """Make each report over the whole year, in turn with its aggregate."""
    with new_bench(run.server) as bench:
        with telling(f"living a year of {run.scale.year:,} orders"):
            live_a_year(bench, run.scale.year)
        return [_measured(run, bench, name) for name in NAMES]


def _measured(run: Run, bench: Bench, name: str) -> Figure:
    figure = f"report_{name.replace('-', '_')}_ratio"
    bench.do(_make, name)
    pairs = run.alternated(figure, lambda: _pair(bench, name))
    ours, floor = (median(getattr(pair, field) for pair in pairs) * 1000 for field in ("ours", "floor"))
    return Figure(figure, ratio(pairs), f"{run.scale.year:,} orders in a year: {ours:.0f} ms over {floor:.0f} ms")


def _pair(bench: Bench, name: str) -> Pair:
    return Pair(timed(lambda: bench.do(_make, name)), timed(lambda: bench.do(_aggregate, name)))


def _aggregate(work: Work, name: str) -> None:
    work.db.connection.execute(AGGREGATES[name].encode()).fetchall()


def _make(work: Work, name: str) -> None:
    work.as_of = ENDS
    make_report(work, name, YEAR)
