"""A thousand records do not flood an agent: answers stay short, say how many there are, and go on page by page."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from makegood.domain.orders import NewLine, NewOrder
from makegood.entrypoints.mcp.server import make_server
from makegood.services.backorders.update_backorder import update_backorder
from makegood.services.place_order import place_orders
from makegood.store.database import Database
from tests.shop import Shop

from .agents import Agent, connected
from .conftest import visit

MANY = 1000
# About 10,000 tokens: what an agent can read without losing its thread.
MOST_CHARACTERS = 40_000


@pytest.fixture(scope="module")
def flooded(module_books: Database) -> Iterator[Agent]:
    """A shop in which 1,000 orders wait for one SKU, 40 are on hold, and two orders have 1,000 lines each."""
    skus = [f"S{number:04}" for number in range(MANY)]
    shop = Shop(module_books).sells("MUG", "FREE", *skus).gets("FREE", MANY)
    orders = [NewOrder(number=f"N{number:04}", lines=[NewLine("MUG", 1)]) for number in range(MANY)]
    held = [NewOrder(number=f"H{number:02}", lines=[NewLine("NO-SUCH", 1)]) for number in range(40)]
    whole = NewOrder(number="WHOLE", lines=[NewLine(sku, 1) for sku in skus])
    shop.do(place_orders, [*orders, *held, whole], warehouse=None)
    shop.order("FULL", lines=[NewLine("FREE", 1) for _ in range(MANY)], placed=shop.clock)
    shop.do(update_backorder, "BO-2026-0001", notes="long " * 10_000)
    shop.check()
    with connected(make_server(lambda: visit(shop), apply=True)) as agent:
        yield agent


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("list_backorders", {"limit": 50}),
        ("list_backorders", {}),
        ("list_orders", {"limit": 50}),
        ("list_held_orders", {}),
        ("get_sku_backorder_summary", {"limit": 50}),
        ("get_order", {"order": "WHOLE", "limit": 50}),
        ("get_order", {"order": "WHOLE"}),
        ("explain_order", {"order": "WHOLE"}),
        ("retry_order", {"order": "WHOLE"}),
        ("get_order", {"order": "FULL"}),
        ("list_backorders", {"order": "N0000"}),
        ("get_queue_health", {}),
        ("get_backorder_summary", {}),
    ],
)
def test_no_answer_floods(flooded: Agent, tool: str, arguments: dict[str, Any]) -> None:
    assert len(json.dumps(flooded.does(tool, **arguments))) < MOST_CHARACTERS


@pytest.mark.parametrize(
    ("tool", "rows", "total", "arguments"),
    [
        ("list_backorders", "backorders", 2 * MANY, {"limit": 50}),
        ("list_orders", "orders", MANY, {"limit": 50, "sku": "MUG"}),
        ("list_held_orders", "orders", 40, {"limit": 15}),
    ],
)
def test_every_row_comes_once_page_by_page(
    flooded: Agent, tool: str, rows: str, total: int, arguments: dict[str, Any]
) -> None:
    seen: list[str] = []
    page = flooded.does(tool, **arguments)
    while True:
        assert page["total"] == total
        seen += [json.dumps(row) for row in page[rows]]
        if page["next"] is None:
            break
        page = flooded.does(tool, cursor=page["next"], **arguments)
    assert (len(seen), len(set(seen))) == (total, total)


def test_lines_of_a_large_order_come_page_by_page(flooded: Agent) -> None:
    page, seen = flooded.does("get_order", order="WHOLE", limit=50), []
    while True:
        seen += [line["line"] for line in page["lines"]]
        assert page["lines_total"] == MANY
        if page["next"] is None:
            break
        page = flooded.does("get_order", order="WHOLE", limit=50, cursor=page["next"])
    assert seen == list(range(1, MANY + 1))


def test_what_is_left_out_is_said(flooded: Agent) -> None:
    told = flooded.does("explain_order", order="WHOLE")
    assert (len(told["lines"]), told["lines_total"]) == (50, MANY)
    with_more = flooded.does("list_backorders")
    assert (len(with_more["backorders"]), with_more["total"], bool(with_more["next"])) == (20, 2 * MANY, True)


def test_more_than_a_page_may_hold_is_refused(flooded: Agent) -> None:
    assert flooded.is_refused("list_backorders", limit=51) == "invalid_arguments"
    assert flooded.is_refused("list_backorders", cursor="forged") == "invalid_value"
    newest = flooded.does("list_backorders", limit=1)["next"]
    assert flooded.is_refused("list_backorders", cursor=newest, sort="priority") == "invalid_value"
