"""A shop's invoices, lived through: each figure of each report is what plain rows come to, in any zone."""

import gzip
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import pytest

from makegood.services.replay.live_through import live_through
from makegood.services.replay.read_shop import read_shop
from makegood.services.reports.kinds import NAMES
from makegood.store.database import Database
from makegood.wiring import House
from tests.conftest import ROOT
from tests.services.reports.agreement import CHECKS, disagreements, told, whole

FILES = ROOT / "tests" / "replay" / "files"
REAL = ROOT.parent / "shared" / "data" / "online-retail"
# Invoice lines of the first days of a December: enough for all reports but what is held after thirty days.
PART = 12_000
ZONES = ("UTC", "America/New_York", "Asia/Kathmandu")


@pytest.fixture(scope="module")
def tea_shop(module_books: Database) -> tuple[Database, datetime]:
    """Two months of a tea shop, and the time at which they end."""
    lived = live_through(House(module_books), read_shop(FILES).book, seed=1, told=lambda done, total: None)
    return module_books, lived.now


@pytest.mark.parametrize("zone", ZONES)
def test_every_figure_can_be_recomputed(tea_shop: tuple[Database, datetime], zone: str) -> None:
    books, now = tea_shop
    assert set(CHECKS) == set(NAMES)
    assert disagreements(books, now, whole(date(2024, 8, 28), now.date(), zone)) == []
    assert disagreements(books, now, whole(date(2024, 9, 10), date(2024, 10, 3), zone)) == []


def test_the_figures_are_worth_comparing(tea_shop: tuple[Database, datetime]) -> None:
    books, now = tea_shop
    months = told(books, "monthly", now, whole(date(2024, 9, 1), now.date())).rows
    assert all(row.resolved and row.at_end for row in months[:2])
    assert sum(row.escalated for row in months) > 0
    ages = told(books, "aging", now, whole(now.date(), now.date())).rows
    assert sum(bool(row.orders or row.held_orders) for row in ages) >= 3
    weeks = told(books, "service-level", now, whole(date(2024, 9, 1), now.date())).rows
    assert sum(row.units_sent for row in weeks) > 0


@pytest.mark.slow
@pytest.mark.skipif(
    not REAL.exists(), reason="LEFT OUT: no real invoices, so reports were recomputed on made ones"
)
def test_every_figure_of_real_invoices_can_be_recomputed(books: Database, tmp_path: Path) -> None:
    place = tmp_path / "december"
    place.mkdir()
    with gzip.open(REAL / "2010-12.csv.gz", "rt", encoding="utf-8") as invoices:
        (place / "2010-12.csv").write_text("".join(islice(invoices, PART)), encoding="utf-8")
    lived = live_through(House(books), read_shop(place).book, seed=1, told=lambda done, total: None)
    assert disagreements(books, lived.now, whole(date(2010, 12, 1), lived.now.date(), "Europe/London")) == []
