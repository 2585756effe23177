"""Settings by forms: who may come in, what the business decides, what a warehouse is made of."""

import re
from concurrent.futures import ThreadPoolExecutor

from makegood.domain.accounts import Role
from makegood.services.business_settings import business_settings
from tests.entrypoints.web.site import Site

PASSWORD = "mugs-and-lids-42"


def test_an_administrator_makes_users_but_no_administrators(site: Site) -> None:
    admin = site.reader(Role.ADMIN)
    new = {"name": "bob", "password": PASSWORD, "role": "STAFF"}
    assert "bob can log in, as staff." in admin.sends("/settings/users", new).text
    assert admin.sends("/settings/users", new | {"name": "eve", "role": "ADMIN"}).status == 403
    assert 'value="ADMIN"' not in admin.sees("/settings/users").html
    page = site.reader(Role.SUPER_ADMIN).sends("/settings/users", new | {"name": "eve", "role": "ADMIN"})
    assert "eve can log in, as admin." in page.text
    assert site.reader(Role.MANAGER).sees("/settings/users").status == 403
    changed = admin.sends("/settings/users/bob", {"role": "MANAGER"})
    assert "bob cannot come in any more." in changed.text
    assert site.reader(None).sends("/login", {"name": "bob", "password": PASSWORD}).status == 401


def test_the_secret_of_a_token_is_shown_once_and_works_until_it_is_revoked(site: Site) -> None:
    admin = site.reader(Role.ADMIN)
    page = admin.sends("/settings/tokens", {"name": "shop", "role": "READONLY", "days": "30"})
    found = re.search(r'value="(mg_[^"]+)"', page.html)
    assert found
    assert (page.headers["cache-control"], found[1] in admin.sees("/settings/tokens").html) == ("no-store", False)
    program = {"Authorization": f"Bearer {found[1]}"}
    client = admin.client
    assert client.get("/me", headers=program).json()["name"] == "token:shop"
    assert "shop is revoked." in admin.sends("/settings/tokens/revoke", {"name": "shop"}).text
    assert client.get("/me", headers=program).status_code == 401


def test_a_setting_is_changed_and_who_did_it_is_told(site: Site) -> None:
    admin = site.reader(Role.ADMIN)
    page = admin.sends("/settings/business/max_backorder_days", {"value": "45"})
    assert "Longest wait, days: 45." in page.text
    assert page.rows()[0][:3] == ["Longest wait, days", "30", "45"]
    assert admin.sends("/settings/business/max_backorder_days", {"value": "-1"}).status == 422
    assert site.shop.do(lambda work: business_settings(work.db)).max_backorder_days == 45


def test_a_warehouse_with_its_bin_box_and_alternative(site: Site) -> None:
    manager = site.reader(Role.MANAGER)
    form = {"code": "NORTH", "name": "In the north", "network_rank": "7", "shares_stock": "true"}
    manager.sends("/settings/warehouses", form)
    rows = [row[:6] for row in manager.sees("/settings/warehouses").rows()]
    assert ["7", "NORTH", "In the north", "no", "yes", "0"] in rows
    place = {"code": "N-1", "warehouse": "NORTH", "type": "STORAGE", "is_pickable": "true", "active": "true"}
    page = manager.sends("/settings/locations", place)
    assert ["NORTH", "N-1", "storage", "yes", "yes", "0", "0", "0"] in [row[:8] for row in page.rows()]
    sizes = {"length_mm": "300", "width_mm": "200", "height_mm": "100", "max_weight_g": "5000", "weight_g": "90"}
    page = manager.sends("/settings/boxes", {"code": "S", "warehouse": "NORTH"} | sizes)
    assert page.rows()[0][:3] == ["NORTH", "S", "300"]
    page = manager.sends("/settings/boxes/retire", {"code": "S", "warehouse": "NORTH"})
    assert "No box yet" in page.text
    said = {"sku": "MUG", "substitute": "LID", "kind": "UPGRADE", "needs_consent": "true"}
    assert "LID can be sent instead of MUG." in manager.sends("/settings/alternatives", said).text
    gone = manager.sends(
        "/settings/alternatives/remove", {"sku": "MUG", "substitute": "LID", "merchant": "default"}
    )
    assert "No alternative" in gone.text


def test_a_bin_that_is_made_usable_serves_who_waits(site: Site) -> None:
    manager = site.reader(Role.MANAGER)
    place = {"code": "X-1", "warehouse": "EAST", "type": "STORAGE", "active": "true"}
    manager.sends("/settings/locations", place)
    site.shop.gets("MUG", 2, bin="X-1").order("1001", MUG=2)
    site.shop.check()
    assert site.shop.status("1001") == "BACKORDERED"
    page = manager.sends("/settings/locations/change", place | {"is_pickable": "true"})
    assert "Location X-1 in EAST is changed." in page.text
    site.shop.check()
    assert site.shop.status("1001") == "ALLOCATED"
    assert site.reader(Role.STAFF).sends("/settings/locations", place).status == 403


def test_a_code_that_exists_is_not_overwritten_but_told(site: Site) -> None:
    manager = site.reader(Role.MANAGER)
    sizes = {"length_mm": "300", "width_mm": "200", "height_mm": "100", "max_weight_g": "5000"}
    box = {"code": "S", "warehouse": "EAST"} | sizes
    manager.sends("/settings/boxes", box)
    for path, form, told in (
        ("warehouses", {"code": " EAST", "network_rank": "9"}, "Warehouse EAST exists already"),
        ("locations", {"code": "DOCK ", "warehouse": "EAST", "type": "STORAGE"}, "Location in EAST DOCK exists"),
        ("boxes", box | {"length_mm": "1"}, "Box of EAST S exists already: 300 × 200 × 100 mm"),
    ):
        page = manager.sends(f"/settings/{path}", form)
        assert (page.status, told in page.text) == (409, True), page.text
    assert site.shop.rows("SELECT network_rank FROM warehouses") == [(1,)]
    assert site.shop.value("SELECT type FROM locations WHERE code = 'DOCK'") == "RECEIVING"
    assert site.shop.value("SELECT length_mm FROM boxes") == 300


def test_what_is_changed_is_shown_as_it_stands_and_what_is_not_there_is_not_added(site: Site) -> None:
    manager = site.reader(Role.MANAGER)
    page = manager.sees("/settings/locations/change?warehouse=EAST&code=DOCK")
    assert 'value="RECEIVING" selected' in page.html
    assert 'name="is_pickable" value="true">' in page.html, "it cannot be picked, so it is not ticked"
    page = manager.sees("/settings/warehouses/change?code=EAST")
    assert 'name="network_rank" type="number" value="1"' in page.html
    form = {"code": "EAST", "name": "In the east", "network_rank": "4", "allow_backorders": "true"}
    assert "Warehouse EAST is changed." in manager.sends("/settings/warehouses/change", form).text
    assert site.shop.rows("SELECT name, network_rank, shares_stock FROM warehouses") == [("In the east", 4, False)]
    for path, form in (
        ("warehouses", {"code": "WEST", "network_rank": "4"}),
        ("locations", {"code": "Z", "warehouse": "EAST", "type": "STORAGE"}),
    ):
        assert manager.sends(f"/settings/{path}/change", form).status == 404


def test_of_two_who_add_the_same_place_at_once_one_is_told(site: Site) -> None:
    form = {"code": "Z-9", "warehouse": "EAST", "type": "STORAGE"}
    with ThreadPoolExecutor(2) as hands:
        adding = [
            hands.submit(site.reader().sends, "/settings/locations", form | {"pick_sequence": n}) for n in "12"
        ]
        assert sorted(one.result().status for one in adding) == [200, 409]
