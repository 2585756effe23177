"""What a Prometheus server reads: requests of this process, and how the queue stands in the books."""

from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from makegood.jobs.desk import Desk
from makegood.services.list_queue import QueueState, list_queue

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The figures of one server; its own registry, so that several servers in one process do not mix theirs."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._took = Histogram(
            "makegood_request_seconds",
            "Time to the start of an answer.",
            ["method", "route", "status"],
            buckets=SECONDS,
            registry=self._registry,
        )

    def note_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answered request."""
        self._took.labels(method, route, f"{status // 100}xx").observe(seconds)

    def written(self, desk: Desk, listeners: int) -> bytes:
        """Write all figures in Prometheus' own form, those of the queue as the books have them now."""
        queue = CollectorRegistry()
        queue.register(_Books(desk.read(list_queue), listeners))
        return generate_latest(self._registry) + generate_latest(queue)


class _Books:
    """The state of the queue, given to Prometheus' library as gauges."""

    def __init__(self, state: QueueState, listeners: int) -> None:
        self._state, self._listeners = state, listeners

    def collect(self) -> Iterator[Metric]:
        """Give each gauge with its value."""
        yield _gauge("makegood_listeners", "Who listens to the events now.", self._listeners)
        yield _gauge("makegood_workers_alive", "Workers that beat.", sum(one.alive for one in self._state.workers))
        yield _gauge("makegood_jobs_parked", "Work that rests.", len(self._state.parked))
        yield _gauge("makegood_orders_aside", "Orders left out until looked at.", len(self._state.aside))
        marks = GaugeMetricFamily("makegood_marks", "Queues to be looked at.", labels=["warehouse"])
        ages = GaugeMetricFamily("makegood_oldest_mark_seconds", "Age of the oldest.", labels=["warehouse"])
        for one in self._state.marks:
            marks.add_metric([one.warehouse], one.marks)
            ages.add_metric([one.warehouse], one.oldest_seconds)
        yield from (marks, ages)


def _gauge(name: str, told: str, value: Any) -> Metric:
    return GaugeMetricFamily(name, told, value=value)
