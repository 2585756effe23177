"""What a Prometheus server reads: requests of this process, and of everything else what the books tell.

Workers are other processes, on other machines perhaps: they add their figures to the books, and any server tells
them. The books are asked at most once in a while, and the longer that takes the less often, however many ask.
"""

import time
from collections.abc import Iterator, Sequence
from threading import Lock

from prometheus_client import CollectorRegistry, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from makegood.domain.alerts import AlertKind
from makegood.jobs.desk import Desk
from makegood.services.figures import HouseFigures, JobFigures, MailFigures, WebhookFigures, house_figures
from makegood.services.tally import BOUNDS

# Others have no figure of their own: whoever calls could invent as many as they like.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# What was read of the books is told for so many seconds, or for so many times as long as it took to read.
KEPT_SECONDS, KEPT_TIMES = 2.0, 20.0
DRAIN = "drain"
# When each label was seen first is as much again as what is told of it, for nobody.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """The figures of one server; its own registry, so that several servers in one process do not mix theirs."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._took = Histogram(
            "makegood_request_seconds",
            "Time to the start of an answer.",
            ["method", "route", "status"],
            buckets=BOUNDS,
            registry=self._registry,
        )
        self._listeners = Gauge("makegood_listeners", "Who listens to the events now.", registry=self._registry)
        self._lock, self._told, self._until = Lock(), b"", 0.0

    def note_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answered request."""
        named = method if method in METHODS else "other"
        self._took.labels(named, route, f"{status // 100}xx").observe(seconds)

    def written(self, desk: Desk, listeners: int) -> bytes:
        """Write all figures in Prometheus' own form."""
        self._listeners.set(listeners)
        return generate_latest(self._registry) + self._books(desk)

    def _books(self, desk: Desk) -> bytes:
        with self._lock:
            began = time.monotonic()
            if began >= self._until:
                registry = CollectorRegistry()
                registry.register(_Books(desk.read(house_figures)))
                self._told = generate_latest(registry)
                took = time.monotonic() - began
                self._until = time.monotonic() + max(KEPT_SECONDS, took * KEPT_TIMES)
            return self._told


class _Books:
    """What the books tell, given to Prometheus' library."""

    def __init__(self, figures: HouseFigures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """Give each figure with its value."""
        yield from _of_queue(self._figures)
        yield from _of_jobs(self._figures.jobs)
        yield from _of_orders(self._figures)
        yield from _of_webhooks(self._figures.webhooks)
        yield from _of_mails(self._figures.mails)


def _of_queue(seen: HouseFigures) -> Iterator[Metric]:
    yield _gauge("makegood_workers_alive", "Workers that beat.", seen.workers)
    yield _gauge("makegood_jobs_parked", "Work that rests.", seen.parked)
    yield _gauge("makegood_orders_aside", "Orders left out until looked at.", seen.aside)
    by_site, by_job = ("warehouse",), ("job",)
    yield _gauges(
        "makegood_marks", "Marks on queues.", by_site, [(one.warehouse, one.marks) for one in seen.marks]
    )
    yield _gauges(
        "makegood_marked_queues",
        "Queues to be looked at.",
        by_site,
        [(one.warehouse, one.queues) for one in seen.marks],
    )
    yield _gauges(
        "makegood_oldest_mark_seconds",
        "Age of the oldest mark.",
        by_site,
        [(one.warehouse, one.oldest_seconds) for one in seen.marks],
    )
    yield _gauges(
        "makegood_jobs_waiting", "Jobs that wait.", by_job, [(one.job, one.queued) for one in seen.depths]
    )
    yield _gauges(
        "makegood_oldest_job_seconds",
        "Age of the oldest job.",
        by_job,
        [(one.job, one.oldest_seconds) for one in seen.depths],
    )
    opened = dict(seen.alerts)
    yield _gauges(
        "makegood_alerts_open", "Open alerts.", ("kind",), [(kind, opened.get(kind, 0)) for kind in AlertKind]
    )


def _of_jobs(jobs: Sequence[JobFigures]) -> Iterator[Metric]:
    took = HistogramMetricFamily("makegood_job_seconds", "Time of a piece of work of a worker.", labels=["job"])
    failed = CounterMetricFamily("makegood_job_failures", "Pieces of work that failed.", labels=["job"])
    drained = HistogramMetricFamily("makegood_drain_seconds", "Time until no queue was marked any more.")
    lines = CounterMetricFamily("makegood_lines_served", "Lines that workers gave something.")
    units = CounterMetricFamily("makegood_units_served", "Units that workers reserved for them.")
    for one in jobs:
        if one.job == DRAIN:
            drained.add_metric([], _buckets(one), one.seconds)
            lines.add_metric([], one.lines)
            units.add_metric([], one.units)
        else:
            took.add_metric([one.job], _buckets(one), one.seconds)
            failed.add_metric([one.job], one.failures)
    yield from (took, failed, drained, lines, units)


def _buckets(one: JobFigures) -> list[tuple[str, float]]:
    """Give how many took no longer than each bound, as a histogram counts them."""
    bounds = [*map(str, map(float, BOUNDS)), "+Inf"]
    return [(bound, sum(one.took[: place + 1])) for place, bound in enumerate(bounds)]


def _of_orders(seen: HouseFigures) -> Iterator[Metric]:
    by_site = ("warehouse",)
    yield _gauges("makegood_orders", "Orders that wait or are on hold.", ("status",), seen.orders)
    yield _gauges(
        "makegood_lines_waiting", "Lines that wait.", by_site, [(one.warehouse, one.lines) for one in seen.sites]
    )
    yield _gauges(
        "makegood_shortfall_units",
        "Units that waiting lines lack.",
        by_site,
        [(one.warehouse, one.units) for one in seen.sites],
    )
    yield CounterMetricFamily("makegood_sweeps", "Looks of the net beneath the triggers.", value=seen.sweeps)
    yield CounterMetricFamily(
        "makegood_sweep_defects", "Lines that were left lying; must stay 0.", value=seen.sweep_defects
    )


def _of_webhooks(seen: WebhookFigures) -> Iterator[Metric]:
    yield _gauges(
        "makegood_webhook_deliveries",
        "Messages that wait, or were given up.",
        ("state",),
        [("waiting", seen.waiting), ("failed", seen.failed)],
    )
    yield _gauge("makegood_oldest_webhook_seconds", "Age of the oldest message.", seen.oldest_seconds)
    yield _gauge("makegood_webhook_endpoints_disabled", "Endpoints out of service.", seen.endpoints_disabled)


def _of_mails(seen: MailFigures) -> Iterator[Metric]:
    yield _gauges(
        "makegood_mails",
        "Mails that wait, or were not delivered.",
        ("state",),
        [("waiting", seen.waiting), ("failed", seen.failed)],
    )
    yield _gauge("makegood_oldest_mail_seconds", "How long the oldest mail is overdue.", seen.oldest_seconds)


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value=value)


def _gauges(name: str, told: str, labels: Sequence[str], rows: Sequence[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(name, told, labels=labels)
    for label, value in rows:
        family.add_metric([label], value)
    return family
