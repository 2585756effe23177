"""Whoever is limited to merchants sees nothing of another one: by name, by id, in lists, or by changing it."""

import re
from typing import Any

import pytest

from makegood.domain.accounts import Role
from makegood.domain.catalogue import NewVariant
from makegood.domain.orders import NewLine, NewOrder
from makegood.entrypoints.api.route import Route
from makegood.entrypoints.api.table import ANYONE, ROUTES
from makegood.services.add_catalogue import add_variants
from makegood.services.place_order import place_order
from makegood.services.work import Work
from tests.entrypoints.api.test_table import name
from tests.entrypoints.api.visitors import Api, Visitor

# It stands in every text of the other merchant, so that any answer that tells of them is found by it.
MARK = "ZEBRA"
# What a path can name of theirs; their things came first, so that whatever has an id of its own is number 1.
THEIRS = {"order": "ZEBRA-1", "sku": "ZEBRA-MUG", "number": "BO-2026-0001", "backorder": "BO-2026-0001"}
OPEN = [route for route in ROUTES if route.least is not ANYONE]


@pytest.fixture(scope="module")
def limited(module_api: Api) -> Visitor:
    """Somebody who may do anything, to merchant `acme` alone."""
    shop = module_api.shop
    shop.do(_add_merchants, ["zebra", "acme"])
    shop.do(add_variants, [NewVariant("ZEBRA-MUG", merchant="zebra", name="ZEBRA mug")])
    theirs = NewOrder("ZEBRA-1", [NewLine("ZEBRA-MUG", 3), NewLine("ZEBRA-?", 1)], merchant="zebra")
    shop.do(place_order, theirs._replace(customer_name="ZEBRA", customer_email="z@ZEBRA.example"))
    shop.do(add_variants, [NewVariant("MUG", merchant="acme")])
    shop.do(place_order, NewOrder("ACME-1", [NewLine("MUG", 1)], merchant="acme"))
    return module_api.visitor(Role.SUPER_ADMIN, merchants=["acme"])


def _add_merchants(work: Work, codes: list[str]) -> None:
    work.db.run("add_merchants", codes=codes)


def of_theirs(route: Route) -> str:
    """Give the address of the route for something of the other merchant."""
    return re.sub(r"\{(\w+).*?\}", lambda found: THEIRS.get(found[1], "1"), route.path)


@pytest.mark.parametrize("route", [one for one in OPEN if not one.changes and "stream" not in one.path], ids=name)
def test_nothing_is_told_of_another_merchant(limited: Visitor, route: Route) -> None:
    answer = limited.calls("GET", of_theirs(route))
    assert answer.status_code in (200, 403, 404, 422), answer.text
    told = answer.text
    for asked in THEIRS.values() if not answer.is_success else ():
        told = told.replace(asked, "")
    assert MARK not in told


@pytest.mark.parametrize("route", [one for one in OPEN if one.changes and "{" in one.path], ids=name)
def test_nothing_of_another_merchant_is_changed(limited: Visitor, module_api: Api, route: Route) -> None:
    before = books(module_api)
    answer = limited.calls(route.method, of_theirs(route), json={})
    assert answer.status_code in (403, 404, 409, 422), answer.text
    assert books(module_api) == before


def books(api: Api) -> Any:
    """Read what the other merchant has."""
    orders = api.shop.rows("SELECT * FROM orders WHERE merchant_id <> 3 ORDER BY 1")
    lines = api.shop.rows(
        "SELECT l.* FROM order_lines l JOIN orders o USING (order_id) WHERE merchant_id <> 3 ORDER BY 1"
    )
    return orders, lines, api.shop.rows("SELECT * FROM variants WHERE merchant_id <> 3 ORDER BY 1")


def test_another_merchants_order_is_not_found(limited: Visitor) -> None:
    for called in ("ZEBRA-1", "zebra/ZEBRA-1", "1"):
        path = "/orders/" + called.replace("/", "%2F")
        assert limited.refused("GET", path)[0] == 404
    assert limited.refused("POST", "/orders/ZEBRA-1/allocate") == (404, "order_not_found")
    assert [one["number"] for one in limited.asks("/orders")["orders"]] == ["ACME-1"]
    counts = limited.asks("/orders")["counts"]
    assert (counts["BACKORDERED"], sum(counts.values())) == (1, 1)
    assert limited.asks("/orders/ACME-1")["order"]["merchant"] == "acme"


def test_a_number_that_both_have_is_ones_own(limited: Visitor, module_api: Api) -> None:
    for merchant in ("zebra", "acme"):
        module_api.shop.do(place_order, NewOrder("TWICE", [NewLine("?", 1)], merchant=merchant))
    assert limited.asks("/orders/TWICE")["order"]["merchant"] == "acme"
    assert module_api.visitor().refused("GET", "/orders/TWICE") == (422, "ambiguous")


def test_what_concerns_all_merchants_is_closed(limited: Visitor) -> None:
    assert limited.refused("GET", "/audit") == (403, "merchants_limited")
    assert limited.refused("PUT", "/settings/max_backorder_days", json={"value": 3}) == (403, "merchants_limited")


def test_nobody_hands_out_more_merchants_than_they_see(limited: Visitor, module_api: Api) -> None:
    made = limited.does("/tokens", {"name": "all", "role": "STAFF"})["token"]
    assert made["merchants"] == ["acme"]
    asked = {"name": "more", "role": "STAFF", "merchants": ["zebra"]}
    assert limited.refused("POST", "/tokens", json=asked) == (404, "merchant_not_found")
    module_api.token(Role.READONLY)
    number = module_api.shop.value("SELECT name FROM tokens WHERE merchants IS NULL")
    assert limited.refused("DELETE", f"/tokens/{number}") == (404, "token_not_found")
    assert number not in [one["name"] for one in limited.asks("/tokens")]
