"""Reports at the command line: listed, printed, as files, and with the orders behind a figure."""

import csv
import io

import pytest

from makegood.services.reports.kinds import NAMES

from .conftest import Terminal

APRIL = "--as-of 2026-04-01T08:00Z"
MARCH = "--from 2026-03-01 --to 2026-03-31"


@pytest.fixture
def lived(clerk: Terminal) -> Terminal:
    """An order waited for a week in March, another one still does."""
    clerk.does("--as-of 2026-03-02 orders place 1001 MUG=2")
    clerk.does("--as-of 2026-03-05 orders place 1002 LID=3")
    clerk.does("--as-of 2026-03-09 receive D-1 MUG=2 --at A-01")
    return clerk


def test_without_a_name_the_reports_are_listed(clerk: Terminal) -> None:
    listed = clerk.does("report").out.splitlines()
    assert [line.split()[0] for line in listed[1:]] == list(NAMES)
    assert [one["name"] for one in clerk.does("report --json").json] == list(NAMES)


def test_a_month_is_printed_with_what_it_is_about(lived: Terminal) -> None:
    told = lived.does(f"{APRIL} report monthly {MARCH}").out.splitlines()
    assert told[0] == "Month by month: 2026-03-01 to 2026-03-31, UTC"
    assert told[2].split() == ["2026-03", "0", "2", "1", "1", "1", "1", "0", "0"]
    so_far = lived.does(f"--as-of 2026-03-20 report monthly {MARCH}").out.splitlines()[0]
    assert so_far.endswith(", so far")
    made = lived.does(f"{APRIL} report monthly {MARCH} --json").json
    assert (made["final"], made["rows"][0]["resolved"]) == (True, 1)


def test_a_report_is_a_file_for_a_spreadsheet(lived: Terminal) -> None:
    printed = lived.does(f"{APRIL} report reorder-priority --to 2026-03-31 --csv").out
    (row,) = csv.DictReader(io.StringIO(printed))
    assert (row["sku"], row["orders"], row["units"], row["score"]) == ("LID", "1", "3", "3")


def test_the_orders_behind_a_figure_are_named_by_it_or_by_its_column(lived: Terminal) -> None:
    told = lived.does(f"{APRIL} report monthly {MARCH} --orders resolved").out.splitlines()
    assert told[1].split()[0] == "1001"
    assert told[1].split()[-1] == "receiving:D-1"
    ends = lived.does(f"{APRIL} report monthly {MARCH} --orders at_end --json").json
    assert [one["order"] for one in ends["orders"]] == ["1002"]
    page = lived.does(f"{APRIL} report monthly {MARCH} --orders entered --limit 1")
    assert "report monthly --orders entered --after " in page.err


def test_what_makes_no_sense_is_refused(clerk: Terminal) -> None:
    assert "is none of" in (told := clerk.types("report weekly")).err or told.code == 2
    assert clerk.types("report monthly --from yesterday").code == 2
    assert clerk.types("report monthly --zone Mars").code != 0
    assert clerk.types("report monthly --orders everything").code != 0
    assert clerk.types("report monthly --warehouse NOWHERE").code != 0
