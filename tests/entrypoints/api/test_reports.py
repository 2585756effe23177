"""Reports over HTTP: typed JSON, CSV for whoever accepts that, and the orders behind a figure."""

import csv
import io
from datetime import UTC, datetime

import pytest

from makegood.domain.accounts import Role
from makegood.services.reports.kinds import NAMES, REPORTS
from makegood.services.reports.list_report_orders import FIGURES
from tests.entrypoints.api.visitors import Api, Visitor

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


@pytest.fixture
def reader(api: Api) -> Visitor:
    """Somebody who may only read, in April; in March an order waited for a week, and another one still does."""
    shop = api.shop
    shop.order("1001", MUG=2)
    shop.later(days=3).order("1002", LID=3)
    shop.later(days=4).gets("MUG", 2, source="receiving:D-1").check()
    shop.clock = datetime(2026, 4, 1, 9, tzinfo=UTC)
    return api.visitor(Role.READONLY)


def test_each_report_is_listed_and_can_be_made(reader: Visitor) -> None:
    listed = reader.asks("/reports")["reports"]
    assert [one["path"] for one in listed] == [f"/reports/{name}" for name in NAMES]
    for one in listed:
        made = reader.asks(one["path"], **MARCH)
        assert (made["report"], made["until"], made["zone"]) == (one["name"], "2026-03-31", "UTC")
        assert made["rows"]
        assert set(one["figures"].values()) <= set(FIGURES)


def test_a_month_in_camel_case(reader: Visitor) -> None:
    made = reader.asks("/reports/monthly", **MARCH)
    assert made["final"] is True
    (row,) = made["rows"]
    assert (row["atStart"], row["entered"], row["resolved"], row["left"], row["atEnd"]) == (0, 2, 1, 1, 1)


def test_whoever_accepts_csv_gets_it(reader: Visitor) -> None:
    answer = reader.calls("GET", "/reports/inflows", params=MARCH, headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["source"], row["unblocked"], row["units"]) == ("receiving:D-1", "1", "2")


def test_behind_each_figure_are_as_many_orders_as_it_says(reader: Visitor) -> None:
    (row,) = reader.asks("/reports/monthly", **MARCH)["rows"]
    kind = next(one for one in REPORTS if one.name == "monthly")
    spelled = {"at_start": "atStart", "at_end": "atEnd"}
    for field, figure in kind.figures.items():
        found = reader.asks("/reports/orders", figure=figure, **MARCH)["orders"]
        assert len(found) == row[spelled.get(field, field)], figure
    (first,) = reader.asks("/reports/orders", figure="unblocked", source="receiving:D-1", **MARCH)["orders"]
    assert (first["order"], first["sources"]) == ("1001", ["receiving:D-1"])


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("/reports/aging", {"zone": "Mars"}, "invalid_value"),
        ("/reports/monthly", {"from": "2026-03-02", "to": "2026-03-01"}, "invalid_value"),
        ("/reports/trend", {"warehouse": "NOWHERE"}, "warehouse_not_found"),
        ("/reports/trend", {"merchant": "nobody"}, "merchant_not_found"),
        ("/reports/orders", {"figure": "unblocked"}, "invalid_value"),
        ("/reports/orders", {"figure": "everything"}, "invalid_value"),
        ("/reports/orders", {"figure": "waiting", "days": "1-2"}, "invalid_value"),
        ("/reports/monthly", {"until": "2026-03-01"}, "invalid_request"),
    ],
)
def test_what_makes_no_sense_is_refused(reader: Visitor, path: str, query: dict[str, str], code: str) -> None:
    assert reader.refused("GET", path, params=query)[1] == code
