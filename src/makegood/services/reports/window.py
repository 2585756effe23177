"""What a report is about: whole days in a zone, of the orders that whoever asks may see."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from makegood.domain.errors import InvalidValue
from makegood.domain.periods import (
    DAY,
    Pace,
    Period,
    Span,
    day_of,
    first_of,
    known_day,
    known_zone,
    last_of,
    midnight,
)
from makegood.services.business_settings import business_settings
from makegood.services.named_filters import insist_on_named
from makegood.services.work import Work

# What happened at this very moment counts.
JUST_NOW = timedelta(microseconds=1)


class Asked(NamedTuple):
    """What somebody asks for; what is left out is the report's own. Days are whole, both ends included."""

    since: date | None = None
    until: date | None = None
    zone: str | None = None
    warehouse: str | None = None
    merchant: str | None = None


class Window(NamedTuple):
    """Days of a zone cut into spans that have begun, and the moment up to which is told."""

    period: Period
    spans: Sequence[Span]
    moments: Sequence[datetime]
    told_until: datetime
    warehouse: str | None
    merchant: str | None

    @property
    def final(self) -> bool:
        """Whether the period is over, so that the report stays as it is."""
        return self.told_until == self.period.ends

    def values(self, work: Work) -> dict[str, Any]:
        """Give the window as the statements take it."""
        everything = work.merchants is None and self.warehouse is None and self.merchant is None
        return {
            "begins": self.period.begins,
            "until": self.told_until,
            "moments": list(self.moments),
            "everything": everything,
            "merchant": self.merchant,
            "warehouse": self.warehouse,
        }


def open_window(work: Work, asked: Asked, pace: Pace, back: int) -> Window:
    """Give what is asked about; without days it ends with the latest span, and goes `back` spans before that.

    Raises `InvalidValue`, `WarehouseNotFound`, `MerchantNotFound`.
    """
    insist_on_named(work, warehouse=asked.warehouse, merchant=asked.merchant)
    zone = known_zone(asked.zone or business_settings(work.db).time_zone or "UTC")
    today = day_of(work.as_of, zone)
    until = known_day("to", asked.until) if asked.until else _latest(today, pace)
    since = known_day("from", asked.since) if asked.since else _back(first_of(until, pace), pace, back)
    if since > until:
        raise InvalidValue("from", since, f"a day up to {until}")
    period = Period(since, until, zone)
    spans = [span for span in period.spans(pace) if span.since <= max(today, since)]
    told_until = min(period.ends, work.as_of + JUST_NOW)
    return Window(period, spans, _moments(spans, zone), told_until, asked.warehouse, asked.merchant)


def _latest(today: date, pace: Pace) -> date:
    """Give the last day of the span of yesterday, or today while that goes on: on the first, the month before."""
    return today if pace is Pace.DAY else min(today, last_of(today - DAY, pace))


def _moments(spans: Sequence[Span], zone: str) -> list[datetime]:
    """Give where the spans begin and the last one ends."""
    return [midnight(day, zone) for day in (*(span.since for span in spans), spans[-1].until + DAY)]


def _back(day: date, pace: Pace, spans: int) -> date:
    for _ in range(spans):
        day = first_of(day - DAY, pace)
    return day
