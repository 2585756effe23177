"""The fast twin gives the days that the readable rule gives."""

from hypothesis import given, settings

from makegood.planner.pegging import Prospect, line_dates, peg
from makegood.planner.pegging_columns import UNKNOWN, LackingColumns, line_days
from tests.planner.prospects import as_columns, prospects


def is_what_the_twin_dates(prospect: Prospect) -> None:
    """Line by line the day is the same, known or not."""
    dates = line_dates(prospect, peg(prospect))
    columns: LackingColumns = as_columns(prospect.lines)
    days = line_days(columns, prospect.inbound, prospect.sourced, prospect.free)
    expected = {line.line_id: UNKNOWN for line in prospect.lines}
    expected |= {line_id: day.toordinal() for line_id, day in dates.items()}
    assert dict(zip(columns.line_id.tolist(), days.tolist(), strict=True)) == expected


@settings(max_examples=400)
@given(prospects())
def test_the_twin_dates_as_the_readable_rule_does(prospect: Prospect) -> None:
    is_what_the_twin_dates(prospect)


def test_nobody_who_lacks_anything_is_dated_too() -> None:
    is_what_the_twin_dates(Prospect(lines=()))
