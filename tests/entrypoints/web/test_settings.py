"""Settings by forms: who may come in, what the business decides, what a warehouse is made of."""

import re

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
    assert ["7", "NORTH", "In the north", "no", "yes", "0"] in manager.sees("/settings/warehouses").rows()
    place = {"code": "N-1", "warehouse": "NORTH", "type": "STORAGE", "is_pickable": "true", "active": "true"}
    page = manager.sends("/settings/locations", place)
    assert ["NORTH", "N-1", "storage", "yes", "yes", "0", "0", "0"] in page.rows()
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
    manager.sends("/settings/locations", place | {"is_pickable": "true"})
    site.shop.check()
    assert site.shop.status("1001") == "ALLOCATED"
    assert site.reader(Role.STAFF).sends("/settings/locations", place).status == 403
