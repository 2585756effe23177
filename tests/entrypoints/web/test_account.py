"""Coming in: the first user, signing in and out, and forms that only our own pages can send."""

import re

from makegood.domain.accounts import Role
from makegood.services.accounts.set_up import make_setup_link
from makegood.services.accounts.users import create_user
from tests.entrypoints.web.site import Reader, Site

PASSWORD = "mugs-and-lids-42"


def signed_in(site: Site, name: str = "ann", role: str = "MANAGER") -> Reader:
    """Give somebody who came in by name and password."""
    site.shop.do(create_user, name, password=PASSWORD, role=role)
    reader = site.reader(None)
    assert reader.sends("/login", {"name": name, "password": PASSWORD}).status == 200
    return reader


def proof(reader: Reader) -> str:
    """Give the secret that the forms of somebody's pages hold."""
    found = re.search(r'name="csrf" value="(\w+)"', reader.sees("/backorders").html)
    assert found
    return found[1]


def test_the_first_user_is_made_once_by_the_link(site: Site) -> None:
    link = site.shop.do(make_setup_link)
    reader = site.reader(None)
    form = {"name": "boss", "password": PASSWORD, "again": "another-one-77"}
    assert "the same both times" in reader.sends(f"/setup/{link}", form).text
    page = reader.sends(f"/setup/{link}", form | {"again": PASSWORD})
    assert ("boss" in page.text, "<h1>Backorders</h1>" in page.html) == (True, True)
    assert site.reader(None).sees(f"/setup/{link}").status == 409


def test_one_is_led_to_where_one_wanted_to_go(site: Site) -> None:
    site.shop.do(create_user, "ann", password=PASSWORD, role="MANAGER")
    reader = site.reader(None)
    asked = reader.sees("/orders?status=ON_HOLD")
    assert "<h1>Log in</h1>" in asked.html
    assert 'value="/orders?status=ON_HOLD"' in asked.html
    page = reader.sends("/login", {"name": "ann", "password": PASSWORD, "next": "/orders?status=ON_HOLD"})
    assert "<h1>Orders</h1>" in page.html
    elsewhere = site.reader(None).sends("/login", {"name": "ann", "password": PASSWORD, "next": "//example.org"})
    assert "<h1>Backorders</h1>" in elsewhere.html


def test_a_wrong_password_is_told_and_many_are_stopped(site: Site) -> None:
    site.shop.do(create_user, "ann", password=PASSWORD, role="MANAGER")
    reader = site.reader(None)
    tries = [reader.sends("/login", {"name": "ann", "password": "no"}) for _ in range(6)]
    assert [page.status for page in tries] == [401, 401, 401, 401, 401, 429]
    assert all('role="alert"' in page.html for page in tries)


def test_a_form_without_the_proof_of_our_pages_changes_nothing(site: Site) -> None:
    site.shop.order("1001", MUG=1)
    reader = signed_in(site)
    foreign = reader.sends("/orders/1001/cancel")
    assert (foreign.status, site.shop.status("1001")) == (403, "BACKORDERED")
    assert reader.sends("/orders/1001/cancel", {"csrf": proof(reader)}).status == 200
    assert site.shop.status("1001") == "CANCELLED"


def test_a_script_shows_the_proof_in_a_header(site: Site) -> None:
    site.shop.order("1001", MUG=1)
    reader = signed_in(site)
    answer = reader.sends("/orders/1001/fulfill", HX_Request="true", X_CSRF_Token=proof(reader))
    assert answer.status == 200


def test_who_logs_out_is_a_stranger_again(site: Site) -> None:
    reader = signed_in(site)
    assert "<h1>Log in</h1>" in reader.sends("/logout", {"csrf": proof(reader)}).html
    assert "<h1>Log in</h1>" in reader.sees("/orders").html


def test_who_may_only_read_is_shown_no_buttons(site: Site) -> None:
    site.shop.order("1001", MUG=1)
    assert "Fulfill" not in signed_in(site, role=Role.READONLY).sees("/backorders?tab=orders").text
