"""Whatever happens in a warehouse, reports know who lacks what, and what was told of days that are over stays."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from makegood.services.reports.kinds import NAMES
from makegood.services.reports.make_report import Report, make_report
from makegood.services.reports.window import Asked
from tests.histories.test_life import Life
from tests.services.reports.agreement import disagreements, whole
from tests.shop import MONDAY

# What the events say of who lacks what, and what the books say now.
BY_REPORTS = """
SELECT s.order_id, s.held, s.shortfall,
       (SELECT COALESCE(jsonb_agg(i ORDER BY i), '[]') FROM (
           SELECT DISTINCT jsonb_build_array(t.variant, t.short) AS i, t.line
           FROM jsonb_to_recordset(s.items) AS t (line int, variant bigint, short int)) d)
FROM orders_short_at('infinity') s ORDER BY 1
"""
BY_TABLES = """
SELECT o.order_id, o.status = 'ON_HOLD', sum(l.quantity - l.cancelled - l.fulfilled - l.allocated)::int,
       COALESCE(jsonb_agg(jsonb_build_array(l.variant_id, l.quantity - l.cancelled - l.fulfilled - l.allocated)
                          ORDER BY jsonb_build_array(l.variant_id,
                                                     l.quantity - l.cancelled - l.fulfilled - l.allocated))
                FILTER (WHERE l.quantity > l.cancelled + l.fulfilled + l.allocated), '[]')
FROM orders o JOIN order_lines l USING (order_id)
WHERE o.status IN ('BACKORDERED', 'PARTIALLY_ALLOCATED', 'ON_HOLD')
GROUP BY 1, 2 ORDER BY 1
"""
ZONE = "America/New_York"


class ReportedLife(Life):
    """A life in which somebody makes every report now and then, and keeps it."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, Asked], Report[Any]] = {}

    def compare(self) -> None:
        super().compare()
        assert self.shop.rows(BY_REPORTS) == self.shop.rows(BY_TABLES)

    def the_clock_is_set_back(self) -> None:
        """Left out: who sets the clock back writes into days that were over."""

    def check(self) -> None:
        super().check()
        yesterday = self.shop.clock.date() - timedelta(days=2)
        if yesterday > MONDAY.date():
            for name in NAMES:
                asked = Asked(date(2026, 2, 1), yesterday, ZONE)
                if (name, asked) not in self.kept:
                    self.kept[name, asked] = self.shop.do(make_report, name, asked)

    def teardown(self) -> None:
        try:
            for (name, asked), told in self.kept.items():
                assert told.final
                assert self.shop.do(make_report, name, asked) == told
            now = self.shop.clock
            assert disagreements(self.shop.books, now, whole(date(2026, 2, 1), now.date(), ZONE)) == []
        finally:
            super().teardown()


@pytest.mark.slow
def test_reports_know_who_lacks_what_and_the_past_stays(embedded: str) -> None:
    searching = settings.get_current_profile_name() == "search"
    ReportedLife.server = embedded
    run_state_machine_as_test(
        ReportedLife,
        settings=settings(
            suppress_health_check=list(HealthCheck),
            max_examples=500 if searching else 12,
            stateful_step_count=50 if searching else 30,
        ),
    )
