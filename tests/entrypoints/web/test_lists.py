"""What all lists have in common: they are found in, come as files, and count in words that are right."""

import csv
import io

import pytest

from makegood.domain.accounts import Role
from makegood.domain.inbound import InboundKind, NewInbound
from makegood.entrypoints.web.charting import chart_of
from makegood.entrypoints.web.pages.queue import JOB_WORDS
from makegood.jobs.catalogue import JOBS
from makegood.services.hold_order import hold_order
from makegood.services.inbound.create_inbound import create_inbound
from makegood.services.receive_stock import open_receiving
from makegood.services.reports.rows import AgeRow
from tests.entrypoints.web.site import Reader, Site


def table(reader: Reader, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(reader.sees(path).html)))


def test_one_thing_is_counted_as_one(site: Site) -> None:
    reader = site.reader()
    site.shop.order("1001", MUG=1)
    site.shop.do(open_receiving, "D-1")
    assert "<b>1</b> backorder<" in reader.sees("/receiving").html
    assert "1 delivery shown" in reader.sees("/receiving").text
    site.shop.order("1002", MUG=1)
    site.shop.do(open_receiving, "D-2")
    assert "<b>2</b> backorders<" in reader.sees("/receiving").html
    assert "2 deliveries shown" in reader.sees("/receiving").text


def test_an_order_is_found_by_its_number(site: Site) -> None:
    site.shop.order("WEB-1001", customer_name="Ada", MUG=1)
    site.shop.order("WEB-1002", customer_name="Bo", MUG=1)
    reader = site.reader()
    assert [row[0] for row in reader.sees("/orders?q=1002").rows()] == ["WEB-1002"]
    assert [row[0] for row in reader.sees("/orders?q=ada").rows()] == ["WEB-1001"]
    site.shop.do(hold_order, "WEB-1002", because="asked to wait")
    assert [row[0].split()[0] for row in reader.sees("/holds?q=web-1002").rows()] == ["WEB-1002"]
    assert "No order is found" in reader.sees("/holds?q=web-1001").text


def test_before_the_first_order_the_list_says_where_orders_come_from(site: Site) -> None:
    assert "No order yet" in site.reader().sees("/orders").text


@pytest.mark.parametrize(
    ("path", "column", "told"),
    [
        ("/orders.csv?q=100", "Order", ["1001", "1002"]),
        ("/orders.csv?status=ON_HOLD", "Why held", ["asked to wait"]),
        ("/holds.csv", "Order", ["1002"]),
        ("/inventory.csv?sku=mug", "Units", ["2"]),
        ("/inbound.csv", "To come", ["7"]),
    ],
)
def test_each_list_is_a_file_too(site: Site, path: str, column: str, told: list[str]) -> None:
    site.shop.gets("MUG", 2).order("1001", MUG=3)
    site.shop.order("1002", LID=1)
    site.shop.do(hold_order, "1002", because="asked to wait")
    site.shop.do(create_inbound, [NewInbound(InboundKind.PURCHASE_ORDER, "PO-1", "MUG", 7)])
    assert [row[column] for row in table(site.reader(Role.READONLY), path)] == told


def test_locations_are_searched_and_come_page_by_page(site: Site) -> None:
    site.shop.change(
        "INSERT INTO locations (warehouse_id, code, type, is_pickable, pick_sequence) "
        "SELECT warehouse_id, 'Z-' || lpad(n::text, 3, '0'), 'STORAGE', true, 50 "
        "FROM warehouses, generate_series(1, 150) n WHERE code = 'EAST'"
    )
    reader = site.reader()
    page = reader.sees("/settings/locations?q=z-")
    assert (len(page.rows()), "100 of 150 locations" in page.text) == (100, True)
    following = page.html.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert [row[1] for row in reader.sees(following).rows()][:2] == ["Z-101", "Z-102"]
    assert [row[1] for row in reader.sees("/settings/locations?q=Z-07").rows()][-1] == "Z-079"
    assert "No location is found" in reader.sees("/settings/locations?q=nowhere").text


def test_each_job_is_said_in_words() -> None:
    assert {job.name for job in JOBS} == set(JOB_WORDS)


def test_bars_have_a_label_each_and_one_order_is_one() -> None:
    chart = chart_of("aging", [AgeRow("0-3", 1, 4, 0, 0), AgeRow("4-7", 0, 0, 1, 2)])
    assert chart is not None
    assert (chart.labels, chart.each, chart.unit) == (["0-3", "4-7"], True, "order")
    assert [bar.says for bar in chart.bars] == ["0-3: waiting 1 order", "4-7: on hold 1 order"]


def test_a_quantity_that_is_no_number_cancels_nothing(site: Site) -> None:
    (due,) = site.shop.do(create_inbound, [NewInbound(InboundKind.PURCHASE_ORDER, "PO-1", "MUG", 7)])
    for typed in ("1.5", "-1", "two"):
        page = site.reader().sends(f"/inbound/{due.inbound_line_id}/cancel", {"quantity": typed})
        assert (page.status, site.shop.value("SELECT sum(cancelled) FROM inbound_lines")) == (422, 0)
