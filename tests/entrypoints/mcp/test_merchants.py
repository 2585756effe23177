"""Whoever is limited to merchants sees and changes only theirs, by whatever tool or resource."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from makegood.domain.accounts import Role
from makegood.domain.catalogue import NewVariant
from makegood.domain.orders import NewLine, NewOrder
from makegood.entrypoints.mcp.tool import Kind
from makegood.entrypoints.mcp.tools import TOOLS
from makegood.services.add_catalogue import add_variants
from makegood.services.place_order import place_order
from makegood.services.work import Work
from makegood.store.database import Database
from tests.shop import Shop

from .agents import Agent, over_http
from .test_previews import CONSENT, everything

# It stands in every text of the other merchant, so that any answer that tells of them is found by it.
MARK = "ZEBRA"
THEIRS: dict[str, Any] = {
    "order": "ZEBRA-1", "sku": "ZEBRA-MUG", "backorder_id": "BO-2026-0001", "allocation_id": 1, "quantity": 1,
    "notes": "x", **CONSENT,
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(module_books: Database) -> Shop:
    """Two merchants under one roof: what has an id is the other one's first."""
    shop = Shop(module_books)
    shop.do(_add_merchants, ["zebra", "acme"])
    for merchant, sku in (("zebra", "ZEBRA-MUG"), ("acme", "MUG")):
        shop.do(add_variants, [NewVariant(sku, merchant=merchant, name=f"{merchant} mug")])
    shop.change(
        "INSERT INTO inventory_units (variant_id, warehouse_id, location_id, quantity, received_at) "
        "SELECT 1, warehouse_id, location_id, 1, now() FROM locations WHERE code = 'A-01'"
    )
    theirs = NewOrder("ZEBRA-1", [NewLine("ZEBRA-MUG", 3), NewLine("ZEBRA-?", 1)], merchant="zebra")
    shop.do(place_order, theirs._replace(customer_name="ZEBRA", customer_email="z@ZEBRA.example"))
    shop.do(place_order, NewOrder("ZEBRA-2", [NewLine("ZEBRA-?", 1)], merchant="zebra"))
    shop.do(place_order, NewOrder("ACME-1", [NewLine("MUG", 1)], merchant="acme"))
    return shop


@pytest.fixture(scope="module")
def limited(shop: Shop) -> Iterator[Agent]:
    """An agent who may do anything, for merchant `acme` alone."""
    with over_http(shop, Role.SUPER_ADMIN, merchants=["acme"]) as agent:
        yield agent


def _add_merchants(work: Work, codes: list[str]) -> None:
    work.db.run("add_merchants", codes=codes)


@pytest.mark.parametrize("entry", TOOLS, ids=[entry.name for entry in TOOLS])
def test_what_belongs_to_another_is_neither_told_nor_changed(entry: Any, limited: Agent, shop: Shop) -> None:
    known = limited.tools()[entry.name].input_schema["properties"]
    two_ways = {"order"} if entry.name == "create_backorder" else set()
    named = {name: value for name, value in THEIRS.items() if name in known and name not in two_ways}
    before = everything(shop)
    answer = limited.asks(entry.name, **named)
    told = json.dumps([answer.told, answer.talk]).replace("ZEBRA-1", "").replace("ZEBRA-MUG", "")
    assert MARK not in told
    if entry.kind is not Kind.READ:
        assert answer.error["code"].endswith("_not_found"), answer
        assert everything(shop) == before


def test_lists_sums_and_resources_hold_ones_own(limited: Agent) -> None:
    assert [one["order"] for one in limited.does("list_orders")["orders"]] == ["ACME-1"]
    assert limited.does("list_held_orders")["total"] == 0
    assert [one["order"] for one in limited.does("list_backorders")["backorders"]] == ["ACME-1"]
    assert limited.does("get_backorder_summary")["total"] == 1
    assert [one["sku"] for one in limited.does("get_sku_backorder_summary")["skus"]] == ["MUG"]
    assert MARK not in limited.reads("makegood://backorders/open")
    assert json.loads(limited.reads("makegood://backorders/open"))["total"] == 1


def test_what_concerns_all_merchants_is_closed(limited: Agent) -> None:
    assert limited.is_refused("get_queue_health") == "merchants_limited"
    assert limited.is_refused("list_backorders", merchant="zebra") == "merchant_not_found"


def test_the_only_merchant_need_not_be_named(limited: Agent) -> None:
    made = limited.does("create_backorder", sku="MUG", quantity=1, customer_name="Ann")
    assert made["merchant"] == "acme"
