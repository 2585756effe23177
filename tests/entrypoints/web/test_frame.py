"""Every page is whole for a browser, a part for a script, strict about what it runs, and closed to strangers."""

import re

import pytest
from fastapi.routing import APIRoute

from makegood.domain.accounts import Role
from makegood.entrypoints.web.app import ROUTERS
from makegood.entrypoints.web.menu import MENU
from makegood.entrypoints.web.rendering import environment
from makegood.services.accounts.users import create_user
from makegood.services.follow_events import follow_events, read_position
from tests.entrypoints.web.addresses import PAGES, furnish
from tests.entrypoints.web.site import Reader, Site

# Anybody may ask for these.
OPEN = {
    "/assets/{name}",
    "/theme",
    "/",
    "/login",
    "/setup/{secret}",
    "/consents/{token}",
    "/no-more-mails/{token}",
}
ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
CHANGES = [route for route in ROUTES if "POST" in (route.methods or ())]


def named(route: APIRoute) -> str:
    return f"{min(route.methods or ())} {route.path}"


@pytest.fixture(scope="module")
def names(module_site: Site) -> dict[str, object]:
    """What the addresses of the pages name, in a shop in which there is something to see on each."""
    module_site.shop.do(create_user, "ann", password="mugs-and-lids-42")
    return furnish(module_site.shop)


@pytest.fixture(scope="module")
def reader(module_site: Site, names: dict[str, object]) -> Reader:
    """Somebody who may see every page."""
    return module_site.reader(Role.SUPER_ADMIN)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_whole_and_strict(reader: Reader, names: dict[str, object], address: str) -> None:
    page = reader.sees(address.format(**names))
    assert page.status == 200, page.text
    assert page.html.count("<h1") == 1
    assert page.html.count("<main") == 1
    assert "unsafe" not in page.headers["content-security-policy"]
    # What somebody writes in a box is text: templates of mails have styles of their own.
    html = re.sub(r"(<textarea[^>]*>).*?(?=</textarea>)", r"\1", page.html, flags=re.S)
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", html)
    assert re.findall(r'(?:src|href)="(https?:[^"]*)"', page.html) == []


@pytest.mark.parametrize("address", PAGES)
def test_a_script_is_given_a_part(reader: Reader, names: dict[str, object], address: str) -> None:
    part = reader.sees(address.format(**names), HX_Request="true", HX_Request_Type="partial")
    assert "<h1" in part.html
    assert "<main" not in part.html
    assert len(part.html) < len(reader.sees(address.format(**names)).html)


def test_what_customers_write_is_no_html(reader: Reader) -> None:
    assert "Ada &lt;b&gt;" in reader.sees("/backorders?tab=orders").html


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_nothing_is_open_to_strangers(route: APIRoute, module_site: Site) -> None:
    # There are more pages than one address may try unknown in a minute.
    vars(module_site.front).pop("limits", None)
    stranger = module_site.reader(None)
    path = re.sub(r"{[^}]*}", "1", route.path)
    answer = stranger.client.request(
        named(route).split()[0], path, headers=stranger.headers, follow_redirects=False
    )
    if route.path in OPEN:
        assert answer.status_code != 401
    else:
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/login"), answer.text


@pytest.mark.parametrize("route", CHANGES, ids=named)
def test_who_only_reads_changes_nothing(route: APIRoute, module_site: Site) -> None:
    if route.path in OPEN or route.path == "/logout":
        return
    answer = module_site.reader(Role.READONLY).sends(re.sub(r"{[^}]*}", "1", route.path))
    assert (answer.status, "You may not do this" in answer.text) == (403, True)


@pytest.mark.parametrize("entry", [entry for group in MENU for entry in group.entries], ids=lambda one: one.path)
def test_the_menu_leads_to_pages(reader: Reader, entry: object) -> None:
    assert reader.sees(getattr(entry, "path")).status == 200  # noqa: B009


def test_head_answers_as_get_without_a_body(reader: Reader) -> None:
    for kind, path in (("text/html", "/backorders"), ("application/json", "/orders"), ("text/html", "/nowhere")):
        asked = {**reader.headers, "Accept": kind}
        whole, head = (reader.client.request(how, path, headers=asked) for how in ("GET", "HEAD"))
        assert (head.status_code, head.content, head.headers["content-type"]) == (
            whole.status_code,
            b"",
            whole.headers["content-type"],
        )


@pytest.mark.parametrize(
    ("path", "title"), [("/nowhere", "There is no such page"), ("/orders/NOPE", "There is no such thing")]
)
def test_what_is_not_there_leaves_the_way_on_to_who_is_known(
    reader: Reader, module_site: Site, path: str, title: str
) -> None:
    page = reader.sees(path)
    assert (page.status, title in page.text, 'id="menu"' in page.html) == (404, True, True)
    assert 'id="menu"' not in module_site.reader(None).sees(path).html


def test_a_page_follows_the_events_from_before_it_was_read(site: Site) -> None:
    reader = site.reader()
    site.shop.order("1001", MUG=1)
    found = re.search(r'hx-sse:connect="/events/stream\?after=([0-9-]+)"', reader.sees("/backorders").html)
    assert found
    site.shop.order("1002", MUG=1)
    with site.shop.books.snapshot() as db:
        told = follow_events(db, read_position(found[1]))
    assert {one.order_number for one in told} == {"1002"}


def test_a_program_at_the_same_address_is_answered_by_the_api(reader: Reader) -> None:
    answer = reader.client.get("/orders", headers=reader.headers | {"Accept": "application/json"})
    assert answer.json()["orders"][0]["number"] == "SHOWN"


def test_files_are_kept_by_the_browser_and_known_by_name_alone(reader: Reader) -> None:
    page = reader.sees("/backorders")
    sheet = re.search(r'href="(/assets/makegood.css\?v=[0-9a-f]+)"', page.html)
    assert sheet
    found = reader.client.get(sheet[1])
    assert (found.headers["content-type"], "immutable" in found.headers["cache-control"]) == (
        "text/css; charset=utf-8",
        True,
    )
    assert reader.client.get("/assets/..%2Fapp.py").status_code == 404


def test_colours_are_chosen_without_a_script(reader: Reader) -> None:
    page = reader.sends("/theme", {"theme": "dark", "back": "/orders"})
    assert 'data-theme="dark"' in page.html
    assert "<h1>Orders</h1>" in page.html


def test_every_template_is_used_and_can_be_read() -> None:
    for name in environment().list_templates():
        environment().get_template(name)
