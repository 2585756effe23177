"""The floor by keyboard and scanner: deliveries, counts, returns, and stock from bin to bin."""

from makegood.domain.accounts import Role
from tests.entrypoints.web.site import Site


def test_a_delivery_is_scanned_approved_once_and_serves_who_waits(site: Site) -> None:
    site.shop.order("1001", customer_name="Ada", MUG=2)
    clerk, manager = site.reader(Role.STAFF), site.reader()
    assert "Delivery D-17" in clerk.sends("/receiving", {"reference": "D-17", "warehouse": "EAST"}).text
    scan = {"location": "A-01", "sku": "MUG", "quantity": "3", "damaged": "1", "key": "k1"}
    assert "3 MUG in A-01." in clerk.sends("/receiving/D-17/lines", scan).text
    page = clerk.sends("/receiving/D-17/lines", scan)
    assert "counts once" in page.text
    assert [row[:4] for row in page.rows()] == [["MUG", "A-01", "3", "1"]]
    assert 'name="location" value="A-01"' in page.html
    assert clerk.sends("/receiving/D-17/approve").status == 403
    assert "D-17 is approved: 3 units in, 0 units off." in manager.sends("/receiving/D-17/approve").text
    manager.sends("/receiving/D-17/approve")
    site.shop.check()
    assert site.shop.status("1001") == "ALLOCATED"
    assert site.shop.value("SELECT sum(quantity) FROM inventory_units") == 3
    assert clerk.sends("/receiving/D-17/lines", scan | {"key": "k2"}).status == 409


def test_a_count_corrects_and_a_rejected_one_does_not(site: Site) -> None:
    site.shop.gets("MUG", 5)
    manager = site.reader()
    for reference in ("C-1", "C-2"):
        manager.sends("/counts", {"reference": reference, "warehouse": "EAST"})
        manager.sends(f"/counts/{reference}/lines", {"location": "A-01", "sku": "MUG", "quantity": "4"})
    assert "the books stay as they are" in manager.sends("/counts/C-1/reject").text
    assert "0 units in, 1 unit off" in manager.sends("/counts/C-2/approve").text
    assert [row[:2] for row in manager.sees("/counts").rows()] == [["C-2", "approved"], ["C-1", "rejected"]]


def test_what_a_customer_sends_back_becomes_what_the_form_says(site: Site) -> None:
    manager = site.reader()
    manager.sends("/returns", {"reference": "R-1", "warehouse": "EAST"})
    form = {"location": "A-01", "sku": "MUG", "quantity": "1", "disposition": "damaged"}
    manager.sends("/returns/R-1/lines", form)
    manager.sends("/returns/R-1/approve")
    assert "damaged" in manager.sees("/inventory?sku=MUG").rows()[0][4]


def test_scanning_an_item_shows_who_waits_and_bins_are_filled(site: Site) -> None:
    site.shop.order("1001", customer_name="Ada", MUG=2)
    clerk = site.reader(Role.STAFF)
    found = {"sku": "MUG", "units": "1", "location": "A-01", "warehouse": "EAST", "reason": "found"}
    assert "On record as adjustment" in clerk.sends("/inventory", found).text
    page = clerk.sees("/inventory?sku=MUG")
    assert page.rows()[0][:2] == ["1001", "Ada"]
    move = {"from_location": "A-01", "sku": "MUG", "units": "1", "to_location": "A-02", "warehouse": "EAST"}
    assert "1 MUG from A-01 to A-02." in clerk.sends("/inventory/move", move).text
    unit = site.shop.value("SELECT max(unit_id) FROM inventory_units WHERE quantity > 0")
    assert "1 MUG in A-02" in clerk.sees(f"/inventory/{unit}").text
    assert clerk.sends(f"/inventory/{unit}", {"act": "quarantine", "units": "1"}).status == 403
    assert clerk.sends(f"/inventory/{unit}", {"act": "move", "units": "1"}).status == 422
    clerk.sends(f"/inventory/{unit}", {"act": "damage", "units": "1"})
    assert "damaged" in clerk.sees("/inventory?sku=MUG").text


def test_a_number_with_a_slash_stays_as_it_was_given(site: Site) -> None:
    clerk = site.reader(Role.STAFF)
    page = clerk.sends("/receiving", {"reference": "ASN/2026/7", "warehouse": "EAST"})
    assert "Delivery ASN/2026/7" in page.text
    scan = {"location": "A-01", "sku": "MUG", "quantity": "3", "key": "k1"}
    assert "3 MUG in A-01." in clerk.sends("/receiving/ASN%2F2026%2F7/lines", scan).text
    assert 'href="/receiving/ASN%2F2026%2F7"' in clerk.sees("/receiving").html
    assert "ASN/2026/7 is approved" in site.reader().sends("/receiving/ASN%2F2026%2F7/approve").text


def test_a_figure_is_corrected_and_taken_out_before_it_is_approved(site: Site) -> None:
    clerk = site.reader(Role.STAFF)
    clerk.sends("/receiving", {"reference": "D-1", "warehouse": "EAST"})
    for key, sku in (("a", "MUG"), ("b", "LID")):
        scan = {"location": "A-01", "sku": sku, "quantity": "30", "key": key}
        clerk.sends("/receiving/D-1/lines", scan)
    assert 'name="quantity" type="number" min="0" value="30"' in clerk.sees("/receiving/D-1/lines/a").html
    page = clerk.sends("/receiving/D-1/lines/a", {"quantity": "3", "damaged": "1"})
    assert "It says 3 units now." in page.text
    assert "It is taken out." in clerk.sends("/receiving/D-1/lines/b", {"quantity": "0"}).text
    rows = [row[:4] for row in clerk.sees("/receiving/D-1").rows()]
    assert rows == [["LID", "A-01", "0", "0"], ["MUG", "A-01", "3", "1"]]
    assert clerk.sees("/receiving/D-1/lines/nothing").status == 404
    assert "D-1 is approved: 3 units in" in site.reader().sends("/receiving/D-1/approve").text
    assert clerk.sends("/receiving/D-1/lines/a", {"quantity": "9"}).status == 409
