"""Days, weeks, months and quarters as a zone counts them, as moments: a day has 23, 24 or 25 hours."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from makegood.domain.errors import InvalidValue

DAY = timedelta(days=1)
# Days that a calendar of every zone has, with room for the day after.
EARLIEST, LATEST = date(1970, 1, 2), date(2999, 12, 31)
# No report has more spans than anybody looks at.
MOST_SPANS = 400


class Pace(StrEnum):
    """How long a span is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


class Span(NamedTuple):
    """Some whole days of a period: what they are called, the first and the last of them."""

    name: str
    since: date
    until: date


class Period(NamedTuple):
    """Whole days in a zone, the first and the last included."""

    since: date
    until: date
    zone: str

    @property
    def begins(self) -> datetime:
        """The moment at which the first day begins."""
        return midnight(self.since, self.zone)

    @property
    def ends(self) -> datetime:
        """The moment at which the last day is over."""
        return midnight(self.until + DAY, self.zone)

    def spans(self, pace: Pace) -> list[Span]:
        """Cut the period into spans; the first and the last may be cut short. Raises `InvalidValue` for too many.

        >>> [span.name for span in Period(date(2026, 1, 31), date(2026, 3, 1), "UTC").spans(Pace.MONTH)]
        ['2026-01', '2026-02', '2026-03']
        """
        found = []
        for span in self._cut(pace):
            found.append(span)
            if len(found) > MOST_SPANS:
                raise InvalidValue("from", self.since, f"a day that leaves at most {MOST_SPANS} {pace}s")
        return found

    def _cut(self, pace: Pace) -> Iterator[Span]:
        day = self.since
        while day <= self.until:
            last = min(last_of(day, pace), self.until)
            yield Span(_name(day, pace), day, last)
            day = last + DAY


def midnight(day: date, zone: str) -> datetime:
    """Give the moment at which a day begins; where clocks jump over midnight, the first moment that there is.

    >>> print(midnight(date(2026, 3, 29), "Europe/Berlin"), midnight(date(2026, 3, 30), "Europe/Berlin"))
    2026-03-28 23:00:00+00:00 2026-03-29 22:00:00+00:00
    """
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def day_of(moment: datetime, zone: str) -> date:
    """Give the day that it is in a zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def first_of(day: date, pace: Pace) -> date:
    """Give the first day of the span in which a day lies; weeks begin on Monday.

    >>> print(first_of(date(2026, 5, 17), Pace.QUARTER), first_of(date(2026, 5, 17), Pace.WEEK))
    2026-04-01 2026-05-11
    """
    if pace is Pace.WEEK:
        return day - timedelta(days=day.weekday())
    if pace is Pace.DAY:
        return day
    month = day.month if pace is Pace.MONTH else (day.month - 1) // 3 * 3 + 1
    return day.replace(month=month, day=1)


def last_of(day: date, pace: Pace) -> date:
    """Give the last day of the span in which a day lies.

    >>> print(last_of(date(2026, 11, 17), Pace.QUARTER))
    2026-12-31
    """
    first = first_of(day, pace)
    if pace in (Pace.DAY, Pace.WEEK):
        return first + timedelta(days=6 if pace is Pace.WEEK else 0)
    return first_of(first + timedelta(days=31 if pace is Pace.MONTH else 93), pace) - DAY


def known_day(field: str, day: date) -> date:
    """Give back a day that a report can be about, or raise `InvalidValue`."""
    if not EARLIEST <= day <= LATEST:
        raise InvalidValue(field, day, f"a day from {EARLIEST} to {LATEST}")
    return day


def known_zone(name: str) -> str:
    """Give back the name of a zone, or raise `InvalidValue`."""
    if name not in _zones():
        raise InvalidValue("zone", name, "the name of a time zone, such as Europe/Berlin")
    return name


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _name(day: date, pace: Pace) -> str:
    if pace is Pace.MONTH:
        return f"{day:%Y-%m}"
    if pace is Pace.QUARTER:
        return f"{day.year}-Q{(day.month - 1) // 3 + 1}"
    return f"{first_of(day, pace)}"
