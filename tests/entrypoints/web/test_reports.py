"""The pages of the reports: charts and tables, the orders behind each figure, files, and whose days count."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from makegood.domain.accounts import Role
from makegood.services.business_settings import change_setting
from makegood.services.reports.kinds import NAMES
from tests.entrypoints.web.site import Reader, Site

MARCH = "from=2026-03-01&to=2026-03-31"


@pytest.fixture
def reader(site: Site) -> Reader:
    """Somebody who may only read, in April; in March an order waited for a week, and another one still does."""
    shop = site.shop
    shop.order("1001", customer_name="Ada <b>", MUG=2)
    shop.later(days=3).order("1002", LID=3)
    shop.later(days=4).gets("MUG", 2, source="receiving:D-1").check()
    shop.clock = datetime(2026, 4, 1, 9, tzinfo=UTC)
    return site.reader(Role.READONLY)


def figures(html: str) -> dict[str, tuple[str, str]]:
    """Give what each linked figure of a page counts: the figure, and where its orders are."""
    links = re.findall(r'<a href="(/reports/orders[^"]*)" aria-label="([^:"]*): the orders behind ([^,"]*)', html)
    return {words: (value, unescape(href)) for href, value, words in links}


def test_every_report_is_in_the_list(reader: Reader) -> None:
    page = reader.sees("/reports")
    assert re.findall(r'href="/reports/([a-z-]+)"', page.html) == list(NAMES)
    assert '<a href="/reports">Reports</a>' in reader.sees("/orders").html


@pytest.mark.parametrize("name", NAMES)
def test_each_figure_leads_to_as_many_orders(reader: Reader, name: str) -> None:
    page = reader.sees(f"/reports/{name}?{MARCH}")
    assert page.status == 200
    assert "these days are over, so this stays as it is" in page.text
    for value, href in figures(page.html).values():
        assert len(reader.sees(href).rows()) == int(value), href


def test_a_month_is_drawn_and_told(reader: Reader) -> None:
    page = reader.sees(f"/reports/monthly?{MARCH}")
    assert page.rows() == [["2026-03", "0", "2", "1", "1", "1", "1", "0", "0"]]
    assert page.html.count('<rect class="first"') == 2
    assert "<title>2026-03: resolved 1</title>" in page.html
    listed = reader.sees(figures(page.html)["resolved"][1])
    assert listed.rows()[0][:2] == ["1001", "Ada <b>"]
    assert listed.rows()[0][-1] == "receiving:D-1"


def test_which_delivery_unblocked_whom_is_shown_with_its_query(reader: Reader) -> None:
    page = reader.sees(f"/reports/inflows?{MARCH}")
    assert page.rows()[0][0] == "receiving:D-1"
    assert "ANY (e.trigger_sources)" in page.text


def test_a_day_on_which_nothing_was_says_what_to_do(reader: Reader) -> None:
    page = reader.sees("/reports/monthly?from=2020-01-01&to=2020-01-31")
    assert "Nothing to tell" in page.text
    assert 'href="/backorders"' in page.html


def test_reports_are_files_and_so_are_the_orders_behind_a_figure(reader: Reader) -> None:
    file = reader.client.get(f"/reports/aging.csv?{MARCH}", headers=reader.headers)
    assert file.headers["content-disposition"] == 'attachment; filename="aging-2026-03-31.csv"'
    assert file.text.splitlines()[0] == "days,orders,units,held_orders,held_units"
    orders = reader.client.get(f"/reports/orders.csv?{MARCH}&figure=resolved", headers=reader.headers)
    assert [line.split(",")[0] for line in orders.text.splitlines()] == ["Order", "1001"]


def test_the_days_are_the_readers_unless_the_business_has_its_own(site: Site, reader: Reader) -> None:
    def zone(cookie: str) -> str:
        found = re.search(r"days of (\S+?)[;.]", reader.sees("/reports/trend", Cookie=f"zone={cookie}").text)
        return found[1] if found else ""

    assert zone("Asia%2FTokyo") == "Asia/Tokyo"
    assert zone("nonsense") == "UTC"
    site.shop.do(change_setting, "time_zone", "Europe/Berlin")
    assert zone("Asia%2FTokyo") == "Europe/Berlin"


def test_the_zone_of_the_business_is_set_on_its_page(site: Site) -> None:
    admin = site.reader(Role.ADMIN)
    assert "Time zone of reports: Europe/Berlin." in admin.sends(
        "/settings/business/time_zone", {"value": "Europe/Berlin"}
    ).text  # fmt: skip
    assert admin.sends("/settings/business/time_zone", {"value": "Mars"}).status == 422
    assert admin.sends("/settings/business/time_zone", {"value": ""}).status == 200
    assert site.shop.do(lambda work: work.db.all("read_settings")) == [("time_zone", "")]


def test_what_is_asked_for_and_makes_no_sense_is_said(reader: Reader) -> None:
    assert reader.sees("/reports/weekly").status == 422
    assert reader.sees("/reports/monthly?zone=Mars").status == 422
    assert reader.sees("/reports/monthly?from=soon").status == 422
    assert reader.sees("/reports/monthly?from=&to=").status == 200
