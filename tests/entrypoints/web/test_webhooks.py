"""Webhooks and alerts in the browser."""

import re

from makegood.domain.accounts import Role
from makegood.services.alerts.watch import watch
from tests.entrypoints.web.site import Site
from tests.services.test_alerts import mans
from tests.services.test_webhooks import AWAY, answers, takes

HERE = "/settings/webhooks"


def test_the_secret_of_an_endpoint_is_shown_once(site: Site) -> None:
    admin = site.reader(Role.ADMIN)
    page = admin.sends(HERE, {"url": "https://shop.example.com/", "types": "order.held, order.split"})
    (secret,) = re.findall(r'value="(whsec_[^"]+)"', page.html)
    assert page.headers["cache-control"] == "no-store"
    assert secret not in admin.sees(HERE).html
    assert ["https://shop.example.com/", "in service", "order.held, order.split", "all", "0", "0"] in page.rows()
    turned = admin.sends(f"{HERE}/1/rotate").html
    assert re.findall(r'value="(whsec_[^"]+)"', turned) != [secret]
    assert site.reader(Role.MANAGER).sees(HERE).status == 403


def test_the_log_of_an_endpoint_and_what_can_be_done_with_it(site: Site) -> None:
    admin = site.reader(Role.ADMIN)
    admin.sends(HERE, {"url": "https://shop.example.com/"})
    assert "A test is on its way" in admin.sends(f"{HERE}/1/test").text
    answers(site.shop, AWAY, *takes(site.shop))
    (row,) = admin.sees(f"{HERE}/1").rows()
    assert row[1:4] == ["waiting", "1", "ConnectError"]
    assert (
        admin.sees(
            f"{HERE}/1",
        ).text.count("It has taken nothing since")
        == 1
    )
    assert "No" not in admin.sees(f"{HERE}/1?state=WAITING").rows()[0]
    assert admin.sees(f"{HERE}/1?state=FAILED").rows() == []
    assert "ConnectError" in admin.sees(f"{HERE}/deliveries/1").text
    assert "is sent again." in admin.sends(f"{HERE}/deliveries/1/replay").text
    assert "1 message to be sent." in admin.sends(f"{HERE}/1/replay", {"since": "2026-01-01T00:00"}).text
    assert "out of service" in admin.sends(f"{HERE}/1/disable").text.lower()
    assert "Send a test" not in admin.sees(f"{HERE}/1").text
    assert "in service" in admin.sends(f"{HERE}/1/enable").text
    page = admin.sends(f"{HERE}/1", {"url": "https://other.example.com/", "note": "the other"})
    assert "https://other.example.com/" in page.text
    assert admin.sends(f"{HERE}/1", {"url": "nowhere"}).status == 422
    assert "Remove this webhook?" in admin.sees(f"{HERE}/1/remove").text
    assert admin.sends(f"{HERE}/1/remove").rows() == []
    assert admin.sees(f"{HERE}/1").status == 404


def test_an_alert_shows_in_the_head_of_each_page_and_in_its_list(site: Site) -> None:
    reader = site.reader(Role.READONLY)
    assert "Nothing needs a person" in reader.sees("/alerts").text
    site.shop.change("INSERT INTO sweeps (lines_looked_at, defects) VALUES (9, 3)")
    mans(site.shop).do(watch)
    assert "1 alert" in reader.sees("/backorders").text
    assert "1 alert" in reader.sees("/alerts/head", HX_Request="true").text
    assert reader.sees("/alerts").rows()[0][1] == "open"
    assert "found within a day: 3." in reader.sees("/alerts").text
    site.shop.change("DELETE FROM sweeps")
    site.shop.do(watch)
    assert "1 alert" not in reader.sees("/backorders").text
    assert reader.sees("/alerts").rows()[0][1] == "over"
