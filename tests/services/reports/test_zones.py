"""Days as zones count them: with 23, 24 or 25 hours, and now and then without a midnight."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.domain.periods import Pace, Period, day_of, first_of, last_of, midnight
from makegood.services.reports.make_report import make_report
from makegood.services.reports.window import Asked
from tests.shop import Shop

zones = st.sampled_from(
    ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu",
     "Pacific/Apia", "Africa/Casablanca", "America/Havana")
)  # fmt: skip
days = st.dates(date(1971, 1, 1), date(2037, 12, 31))


@given(day=days, zone=zones)
def test_a_day_begins_when_the_one_before_is_over(day: date, zone: str) -> None:
    begins, before = midnight(day, zone), midnight(day, zone) - timedelta(seconds=1)
    # A day that a zone left out has no moment: Samoa went from 29 to 31 December 2011.
    if midnight(day + timedelta(days=1), zone) > begins:
        assert day_of(begins, zone) == day
        assert day_of(before, zone) < day
    assert midnight(day - timedelta(days=1), zone) <= begins


@given(day=days, length=st.integers(0, 300), pace=st.sampled_from(Pace), zone=zones)
def test_spans_cut_a_period_without_gap_or_overlap(day: date, length: int, pace: Pace, zone: str) -> None:
    period = Period(day, day + timedelta(days=length), zone)
    spans = period.spans(pace)
    assert (spans[0].since, spans[-1].until) == (period.since, period.until)
    assert all(span.since <= span.until for span in spans)
    assert all(one.until + timedelta(days=1) == other.since for one, other in pairwise(spans))
    assert all(first_of(span.until, pace) == first_of(span.since, pace) for span in spans)
    assert all(last_of(span.since, pace) == span.until for span in spans[:-1])


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 28), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)],
)
def test_a_day_in_berlin_has_as_many_hours_as_its_clocks_show(shop: Shop, day: date, hours: int) -> None:
    """An order at each full hour of UTC around it: the day has as many as it has hours."""
    shop.sells("MUG")
    start = datetime.combine(day, datetime.min.time(), UTC) - timedelta(hours=4)
    for number in range(34):
        shop.clock = start + timedelta(hours=number)
        shop.order(f"{number}", MUG=1)
    (row,) = shop.do(make_report, "trend", Asked(day, day, "Europe/Berlin")).rows
    assert row.entered == hours
    ends = midnight(day + timedelta(days=1), "Europe/Berlin")
    assert row.waiting == sum(start + timedelta(hours=number) < ends for number in range(34))


def test_an_order_of_late_evening_belongs_to_another_month_elsewhere(shop: Shop) -> None:
    shop.sells("MUG")
    shop.clock = datetime(2026, 3, 31, 23, 30, tzinfo=ZoneInfo("America/New_York"))
    shop.order("LATE", MUG=1)
    shop.later(days=40)

    def entered(zone: str) -> dict[str, int]:
        found = shop.do(make_report, "monthly", Asked(date(2026, 3, 1), date(2026, 4, 30), zone))
        return {row.month: row.entered for row in found.rows}

    assert entered("America/New_York") == {"2026-03": 1, "2026-04": 0}
    assert entered("UTC") == {"2026-03": 0, "2026-04": 1}
