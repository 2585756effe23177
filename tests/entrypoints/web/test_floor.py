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
    assert "it counts once" in page.text
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
