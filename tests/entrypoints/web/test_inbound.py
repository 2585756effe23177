"""Supply that is due, by forms: announced, received once, cancelled."""

from makegood.domain.accounts import Role
from tests.entrypoints.web.site import Site


def test_supply_is_announced_received_once_and_the_rest_is_cancelled(site: Site) -> None:
    site.shop.order("1001", MUG=2)
    clerk, manager = site.reader(Role.STAFF), site.reader()
    form = {"kind": "PURCHASE_ORDER", "reference": "PO-7", "sku": "MUG", "quantity": "5", "due": "2026-03-09"}
    assert "PO-7/1: 5 units of MUG announced." in clerk.sends("/inbound", form).text
    assert clerk.sends("/inbound", form).status == 409
    line = site.shop.value("SELECT inbound_line_id FROM inbound_lines")
    came = {"delivery": "D-1", "location": "A-01", "quantity": "2"}
    assert clerk.sends(f"/inbound/{line}/receive", came).status == 403
    for _ in range(2):
        assert "D-1: 2 units received." in manager.sends(f"/inbound/{line}/receive", came).text
    assert manager.sees("/inbound").rows()[0][5:8] == ["5", "2", "3"]
    site.shop.check()
    assert site.shop.status("1001") == "ALLOCATED"
    page = manager.sends(f"/inbound/{line}/cancel", {"because": "the supplier is out of it"})
    assert "PO-7/1: 0 units still to come." in page.text
    assert "Nothing is due" in manager.sees("/inbound").text


def test_a_date_that_is_none_is_refused_and_nothing_is_announced(site: Site) -> None:
    form = {"kind": "PURCHASE_ORDER", "reference": "PO-7", "sku": "MUG", "quantity": "5", "due": "soon"}
    assert site.reader().sends("/inbound", form).status == 422
    assert site.shop.value("SELECT count(*) FROM inbound_lines") == 0


def test_supply_is_put_off_and_its_quantity_changed(site: Site) -> None:
    clerk = site.reader(Role.STAFF)
    form = {"kind": "PURCHASE_ORDER", "reference": "PO/7", "sku": "MUG", "quantity": "5", "due": "2026-03-09"}
    assert "PO/7/1: 5 units of MUG announced." in clerk.sends("/inbound", form).text
    line = site.shop.value("SELECT inbound_line_id FROM inbound_lines")
    assert 'name="due" type="date" value="2026-03-09"' in clerk.sees(f"/inbound/{line}").html
    change = {"quantity": "8", "due": "2026-03-20", "supplier": "Clay Co", "notes": "in two parts"}
    assert "PO/7/1 is changed." in clerk.sends(f"/inbound/{line}/change", change).text
    row = clerk.sees("/inbound").rows()[0]
    assert (row[3], row[4], row[5]) == ("Clay Co", "20 Mar 2026", "8")
    clerk.sends(f"/inbound/{line}/change", {"quantity": "8"})
    row = clerk.sees("/inbound").rows()[0]
    assert (row[3], row[4]) == ("", "not known")
    assert "quantity" in clerk.sends(f"/inbound/{line}/change", {"quantity": "0"}).text
