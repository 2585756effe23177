"""A form is done once, however often it is sent: a double click, back and sent again, a lost answer."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from makegood.domain.accounts import Role
from makegood.services.accounts.users import create_user
from tests.entrypoints.web.addresses import PAGES, furnish
from tests.entrypoints.web.site import Page, Reader, Site

MOVE = {
    "from_location": "A-01",
    "sku": "MUG",
    "units": "2",
    "to_location": "A-02",
    "warehouse": "EAST",
    "key": "k",
}


@pytest.fixture(scope="module")
def furnished(module_site: Site) -> tuple[Reader, dict[str, object]]:
    """Somebody who may see every page of a shop in which there is something to see on each."""
    module_site.shop.do(create_user, "ann", password="mugs-and-lids-42")
    return module_site.reader(Role.SUPER_ADMIN), furnish(module_site.shop)


@pytest.mark.parametrize("address", PAGES)
def test_every_form_of_every_page_has_a_key_of_its_own(
    furnished: tuple[Reader, dict[str, object]], address: str
) -> None:
    reader, names = furnished
    page = reader.sees(address.format(**names))
    forms = re.findall(r'<form\b[^>]*method="post"[^>]*>.*?</form>', page.html, flags=re.S)
    keys = [re.findall(r'name="key" value="([^"]{20,})"', form) for form in forms]
    assert len(forms) >= 2, "the frame has forms"
    assert all(len(found) == 1 for found in keys), [
        form for form, found in zip(forms, keys, strict=True) if not found
    ]
    assert len({found[0] for found in keys}) == len(forms)


def places(site: Site) -> list[tuple[str, str, int]]:
    return site.shop.rows(
        "SELECT l.code, u.status, sum(u.quantity)::int FROM inventory_units u "
        "JOIN locations l USING (location_id) WHERE u.quantity > 0 GROUP BY 1, 2 ORDER BY 1, 2"
    )


def test_a_move_that_is_sent_again_moves_once(site: Site) -> None:
    site.shop.gets("MUG", 9)
    clerk = site.reader(Role.STAFF)
    first = clerk.sends("/inventory/move", MOVE)
    again = clerk.sends("/inventory/move", MOVE)
    assert "2 MUG from A-01 to A-02." in first.text
    assert "This was sent before and counts once. 2 MUG from A-01 to A-02." in again.text
    assert "<h1>Inventory</h1>" in again.html
    assert places(site) == [("A-01", "AVAILABLE", 7), ("A-02", "AVAILABLE", 2)]
    assert site.shop.value("SELECT count(*) FROM audit_log WHERE act = 'POST /inventory/move'") == 1


def test_in_place_it_is_told_in_place(site: Site) -> None:
    site.shop.gets("MUG", 9)
    clerk = site.reader(Role.STAFF)
    clerk.sends("/inventory/move", MOVE, HX_Request="true")
    again = clerk.sends("/inventory/move", MOVE, HX_Request="true")
    assert (again.status, "counts once" in again.headers["hx-trigger"]) == (200, True)


def test_another_key_is_another_deed_and_so_is_the_key_of_somebody_else(site: Site) -> None:
    site.shop.gets("MUG", 9)
    clerk = site.reader(Role.STAFF)
    clerk.sends("/inventory/move", MOVE)
    clerk.sends("/inventory/move", MOVE | {"key": "k2"})
    site.reader(Role.STAFF).sends("/inventory/move", MOVE)
    assert places(site) == [("A-01", "AVAILABLE", 3), ("A-02", "AVAILABLE", 6)]


def test_the_same_form_filled_in_differently_is_refused(site: Site) -> None:
    site.shop.gets("MUG", 9)
    clerk = site.reader(Role.STAFF)
    clerk.sends("/inventory/move", MOVE)
    page = clerk.sends("/inventory/move", MOVE | {"units": "3"})
    assert (page.status, "This form was sent before, filled in differently" in page.text) == (422, True)
    assert "k" not in page.text.split(), "a key means nothing to a person"
    assert places(site) == [("A-01", "AVAILABLE", 7), ("A-02", "AVAILABLE", 2)]


def test_what_was_refused_can_be_put_right_and_sent(site: Site) -> None:
    site.shop.gets("MUG", 9)
    clerk = site.reader(Role.STAFF)
    assert clerk.sends("/inventory/move", MOVE | {"to_location": "NOWHERE"}).status == 404
    assert clerk.sends("/inventory/move", MOVE).status == 200


@pytest.mark.parametrize(
    ("form", "left"),
    [
        ({"act": "adjust", "units": "-2", "reason": "lost"}, [("A-01", "AVAILABLE", 7)]),
        ({"act": "damage", "units": "2"}, [("A-01", "AVAILABLE", 7), ("A-01", "DAMAGED", 2)]),
        ({"act": "quarantine", "units": "2"}, [("A-01", "AVAILABLE", 7), ("A-01", "QUARANTINE", 2)]),
        (
            {"act": "move", "units": "2", "to_location": "A-02"},
            [("A-01", "AVAILABLE", 7), ("A-02", "AVAILABLE", 2)],
        ),
    ],
    ids=lambda given: given["act"] if isinstance(given, dict) else "",
)
def test_what_is_done_to_units_in_their_place_is_done_once(
    site: Site, form: dict[str, str], left: list[tuple[str, str, int]]
) -> None:
    site.shop.gets("MUG", 9)
    manager, unit = site.reader(), site.shop.value("SELECT unit_id FROM inventory_units")
    for _ in range(2):
        assert manager.sends(f"/inventory/{unit}", form | {"key": "k"}).status == 200
    assert places(site) == left


def test_units_are_restored_and_booked_in_once(site: Site) -> None:
    manager = site.reader()
    found = {"sku": "MUG", "units": "4", "location": "A-01", "warehouse": "EAST", "reason": "found", "key": "k"}
    for _ in range(2):
        manager.sends("/inventory", found)
    unit = site.shop.value("SELECT unit_id FROM inventory_units")
    manager.sends(f"/inventory/{unit}", {"act": "quarantine", "units": "4"})
    locked = site.shop.value("SELECT unit_id FROM inventory_units WHERE status = 'QUARANTINE'")
    for _ in range(2):
        manager.sends(f"/inventory/{locked}", {"act": "restore", "units": "3", "key": "k3"})
    assert places(site) == [("A-01", "AVAILABLE", 3), ("A-01", "QUARANTINE", 1)]


def test_two_clicks_at_the_same_moment_are_one_deed(site: Site) -> None:
    site.shop.gets("MUG", 9)
    clerk = site.reader(Role.STAFF)

    def click(_: int) -> Page:
        return Page(site.reader(None).client.post("/inventory/move", data=MOVE, headers=clerk.headers))

    with ThreadPoolExecutor(4) as hands:
        pages = list(hands.map(click, range(4)))
    assert {page.status for page in pages} == {200}
    assert places(site) == [("A-01", "AVAILABLE", 7), ("A-02", "AVAILABLE", 2)]


def test_the_words_may_be_lost_and_the_deed_is_not_done_again(site: Site) -> None:
    site.shop.gets("MUG", 9)
    clerk = site.reader(Role.STAFF)
    clerk.sends("/inventory/move", MOVE)
    # As if the server had been killed right after the move was committed.
    site.shop.change("UPDATE idempotency_keys SET answer = ''")
    again = clerk.sends("/inventory/move", MOVE, Referer="http://testserver/inventory?sku=MUG")
    assert "This was sent before and counts once. It is done." in again.text
    assert "<h1>Inventory</h1>" in again.html
    assert places(site) == [("A-01", "AVAILABLE", 7), ("A-02", "AVAILABLE", 2)]
