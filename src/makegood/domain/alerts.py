"""Conditions that need a person: which there are, when they hold, and what is said of them."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

# Holds are counted over so many days.
DAYS_OF_HOLDS = 7


class AlertKind(StrEnum):
    """What is the matter."""

    HOLDS = "HOLDS"
    QUEUE_LATE = "QUEUE_LATE"
    WORKER_SILENT = "WORKER_SILENT"
    PROMISES_AT_RISK = "PROMISES_AT_RISK"
    SWEEP_DEFECT = "SWEEP_DEFECT"
    ENDPOINT_DISABLED = "ENDPOINT_DISABLED"


class Condition(NamedTuple):
    """Something that is the matter now, what it is about where there can be several, and the facts."""

    kind: AlertKind
    subject: str
    facts: Mapping[str, object]


class Figures(NamedTuple):
    """What conditions follow from: counts, ages in seconds, and the endpoints that were taken out of service."""

    orders_held: int
    oldest_mark_seconds: float
    promises_at_risk: int
    lines_left_lying: int
    seconds_without_worker: float
    endpoints: Sequence[tuple[int, str]] = ()


class Thresholds(NamedTuple):
    """From when on it matters: more holds in a week, seconds that a queue waits, seconds without a worker."""

    holds_per_week: int = 5
    queue_seconds: int = 60
    worker_seconds: int = 60


def conditions(seen: Figures, most: Thresholds) -> Iterator[Condition]:
    """Say what is the matter.

    >>> [one.kind.value for one in conditions(Figures(6, 61.0, 0, 0, 3.0), Thresholds())]
    ['HOLDS', 'QUEUE_LATE']
    """
    if seen.orders_held > most.holds_per_week:
        yield Condition(AlertKind.HOLDS, "", {"orders": seen.orders_held, "most": most.holds_per_week})
    if seen.oldest_mark_seconds > most.queue_seconds:
        yield Condition(AlertKind.QUEUE_LATE, "", {"seconds": round(seen.oldest_mark_seconds)})
    if seen.seconds_without_worker > most.worker_seconds:
        yield Condition(AlertKind.WORKER_SILENT, "", {"seconds": round(seen.seconds_without_worker)})
    if seen.promises_at_risk:
        yield Condition(AlertKind.PROMISES_AT_RISK, "", {"orders": seen.promises_at_risk})
    if seen.lines_left_lying:
        yield Condition(AlertKind.SWEEP_DEFECT, "", {"lines": seen.lines_left_lying})
    for endpoint, because in seen.endpoints:
        yield disabled(endpoint, because)


def disabled(endpoint: int, because: str) -> Condition:
    """Say that an endpoint of webhooks was taken out of service."""
    return Condition(AlertKind.ENDPOINT_DISABLED, str(endpoint), {"endpoint": endpoint, "because": because})


WORDS: Mapping[AlertKind, str] = {
    AlertKind.HOLDS: "More than {most} orders in a week were put on hold: {orders} within 7 days.",
    AlertKind.QUEUE_LATE: "A queue has waited {lasting} for its check.",
    AlertKind.WORKER_SILENT: "No worker has been heard of for {lasting}: nothing is served until one is.",
    AlertKind.PROMISES_AT_RISK: "Orders of which a promise will not be kept as things stand: {orders}.",
    AlertKind.SWEEP_DEFECT: "Lines left lying that the sweep found within a day: {lines}. That is a defect.",
    AlertKind.ENDPOINT_DISABLED: "Endpoint {endpoint} of webhooks was taken out of service: {because}.",
}


TITLES: Mapping[AlertKind, str] = {
    AlertKind.HOLDS: "Many orders on hold",
    AlertKind.QUEUE_LATE: "The queue is late",
    AlertKind.WORKER_SILENT: "No worker is alive",
    AlertKind.PROMISES_AT_RISK: "Promises at risk",
    AlertKind.SWEEP_DEFECT: "Lines were left lying",
    AlertKind.ENDPOINT_DISABLED: "A webhook is out of service",
}


def words(kind: str, facts: Mapping[str, object]) -> str:
    """Say in a sentence what is the matter.

    >>> words("HOLDS", {"orders": 6, "most": 5})
    'More than 5 orders in a week were put on hold: 6 within 7 days.'
    """
    seconds = facts.get("seconds")
    told = {"lasting": lasting(seconds)} if isinstance(seconds, int | float) else {}
    return WORDS[AlertKind(kind)].format(**facts, **told)


def lasting(seconds: float) -> str:
    """Say how long something lasts, in the largest unit of which there are two.

    >>> lasting(61.4), lasting(1500), lasting(7500), lasting(200_000)
    ('61 s', '25 minutes', '2 hours', '2 days')
    """
    for size, unit in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{int(seconds // size)} {unit}"
    return f"{round(seconds)} s"
