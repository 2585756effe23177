"""Dates that cannot be kept let their warehouse rest, are put on record, and come once the fault is mended."""

import pytest

from makegood.jobs.dates import KEEP_DATES, date_queues, sites_left_to_date
from makegood.jobs.station import Station
from makegood.services.park_job import retry_job
from tests.services.date_stories import announce, day, expected
from tests.shop import Shop

pytestmark = pytest.mark.usefixtures("long_pauses")


def test_a_warehouse_whose_dates_fail_rests_and_goes_on_later(shop: Shop) -> None:
    shop.sells("MUG").order("A", MUG=1)
    announce(shop, "MUG", 5, day(9))
    station = Station(shop.books, clock=lambda: shop.clock)
    shop.change("ALTER TABLE datings RENAME TO away")
    assert date_queues(station, patience=0) == 0
    assert sites_left_to_date(station, patience=0) == []
    assert shop.rows("SELECT job, subject, times FROM parked_jobs") == [(KEEP_DATES, "EAST", 1)]
    assert shop.value("SELECT error FROM job_failures") == "UndefinedTable"
    shop.change("ALTER TABLE away RENAME TO datings")
    assert shop.do(retry_job, KEEP_DATES, "EAST")
    assert expected(shop, "A") == [day(9)]
