"""Orders as shops export them: what waits there becomes orders here, and what nobody waits for is passed over."""

from pathlib import Path
from typing import Any

import pytest

from makegood.services.files.columns import Columns
from makegood.services.files.importing import Import, Summary
from makegood.services.files.rows import Terms
from makegood.services.files.source import opened
from makegood.services.import_orders import KIND
from makegood.services.show_order import OrderSheet, show_order
from tests.shop import Shop

FILES = Path(__file__).parent / "files"


@pytest.fixture
def sells(shop: Shop) -> Shop:
    """A shop that sells what the files name."""
    return shop.sells("MUG", "LID")


def take(shop: Shop, file: str, *, stream: bool = False, **terms: Any) -> Summary:
    """Import a file of a shop, by its name or as a stream whose form has to be told from how it begins."""
    columns = Columns(KIND.entry, {})
    path = FILES / file
    with (
        path.open("rb") as raw,
        opened(None if stream else path, recognised=columns.knows, stream=raw if stream else None) as source,
    ):
        summary = Import(shop.do, KIND, terms=Terms(**terms)).take(file, source.rows, columns)
        summary.passed_over = len(source.passed_over)
        return summary


def order(shop: Shop, number: str) -> OrderSheet:
    """Give an order by number."""
    return shop.do(show_order, number)


@pytest.mark.parametrize("stream", [False, True])
def test_what_shopify_writes(sells: Shop, stream: bool) -> None:
    told = take(sells, "shopify-orders.json", stream=stream)
    assert (told.landed, told.things, told.passed_over, told.bad) == (2, 2, 2, 2)
    first = order(sells, "#1001")
    assert (first.order.customer_name, first.order.customer_email) == ("Ada Okafor", "ada@example.com")
    assert (first.order.channel, first.order.customer_reference) == ("shopify", "207119551")
    assert first.order.placed_at.isoformat() == "2026-02-28T09:15:00+00:00"
    assert [(line.sku, line.quantity, str(line.unit_price), line.currency) for line in first.lines] == [
        ("MUG", 3, "12.5000", "EUR")
    ]
    second = order(sells, "#1002")
    assert (second.order.customer_name, [line.quantity for line in second.lines]) == ("Hotel Miramar", [2])


def test_what_is_wrong_is_told_by_its_place(sells: Shop) -> None:
    told = take(sells, "shopify-orders.json")
    assert [(one.line, one.field) for one in told.problems] == [(6, ""), (5, "sku")]
    assert "line_items" in told.problems[0].because
    kept = take(sells, "shopify-orders.json", keep_unmatched=True)
    assert (kept.landed, kept.unchanged, kept.bad) == (1, 2, 1)
    assert order(sells, "#1005").order.hold_reason == "No variant matches Handmade mug"


@pytest.mark.parametrize("stream", [False, True])
def test_what_woocommerce_writes(sells: Shop, stream: bool) -> None:
    told = take(sells, "woocommerce-orders.json", stream=stream)
    assert (told.landed, told.things, told.passed_over, told.bad) == (3, 2, 2, 0)
    first = order(sells, "727")
    assert first.order.placed_at.isoformat() == "2026-02-27T14:30:00+00:00"
    assert [(line.sku, line.quantity, str(line.unit_price)) for line in first.lines] == [
        ("MUG", 2, "12.5000"),
        ("LID", 1, "4.3500"),
    ]
    assert order(sells, "730").order.customer_name == "Hotel Miramar"


@pytest.mark.parametrize("file", ["shopify-orders.json", "woocommerce-orders.json"])
def test_the_same_export_again_changes_nothing(sells: Shop, file: str) -> None:
    first, again = take(sells, file), take(sells, file)
    assert (again.landed, again.unchanged, again.passed_over) == (0, first.landed, first.passed_over)
