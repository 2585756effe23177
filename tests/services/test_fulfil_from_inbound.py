"""Fulfilment from a purchase order, a transfer, a production: what it has received, each unit once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from makegood.domain.errors import InboundUnfit, MakegoodError, NotEnough, NotReceived, PriorityConflict
from makegood.services.backorders.fulfil_backorder import fulfil_backorder
from makegood.services.backorders.show_backorder import show_backorder
from makegood.services.inbound.records import find_inbound
from tests.services.backorder_stories import all_numbers, backorder, is_sound, number_of, on_hand
from tests.services.inbound_stories import announce, comes, opens_west, send, sources
from tests.shop import Shop

PO: Any = {"source": "PURCHASE_ORDER", "source_id": "PO-7"}


def given(shop: Shop, name: str = "PO-7") -> tuple[int, int]:
    """Received and given units of an inbound line."""
    row = shop.do(find_inbound, name)
    return row.received, row.given


def five_wanted(shop: Shop, due: int = 10) -> str:
    shop.sells("MUG").order("A", MUG=5)
    announce(shop, "PO-7", "MUG", due)
    return number_of(shop, "A")


def test_before_it_has_come_nothing_can_go_out(shop: Shop) -> None:
    number = five_wanted(shop)
    shop.gets("MUG", 9).check()
    with pytest.raises(NotReceived) as refused:
        shop.do(fulfil_backorder, number, quantity=1, **PO)
    assert refused.value.facts["received"] == 0
    assert on_hand(shop, "MUG") == 9


def test_part_by_part_stock_and_inbound_are_consumed(shop: Shop) -> None:
    number = five_wanted(shop)
    comes(shop, "PO-7", 3)
    shop.check()
    with pytest.raises(NotReceived):
        shop.do(fulfil_backorder, number, quantity=4, **PO)
    made = shop.do(fulfil_backorder, number, quantity=2, **PO)
    assert (made.status, made.source, made.fulfilled, given(shop)) == (
        "PARTIALLY_FULFILLED", "PURCHASE_ORDER", 2, (3, 2))  # fmt: skip
    comes(shop, "PO-7", 7)
    made = shop.do(fulfil_backorder, number, **PO)
    assert (made.status, on_hand(shop, "MUG"), given(shop)) == ("FULFILLED", 5, (10, 5))
    payloads = shop.rows("SELECT payload ->> 'source', payload ->> 'sourceId' FROM fulfillment_events "
                         "WHERE type = 'backorder:units_fulfilled' ORDER BY event_id")  # fmt: skip
    assert payloads == [("PURCHASE_ORDER", "PO-7/1")] * 2
    assert is_sound(shop)


def test_what_was_sourced_is_its_own_and_given_once(shop: Shop) -> None:
    number = five_wanted(shop, due=6)
    sources(shop, "A", "PO-7", 4)
    shop.order("B", MUG=5)
    comes(shop, "PO-7", location="DOCK")
    assert given(shop) == (6, 4)
    with pytest.raises(NotReceived) as refused:
        shop.do(fulfil_backorder, number_of(shop, "B"), quantity=3, **PO)
    assert refused.value.facts["given"] == 4
    with pytest.raises(NotEnough):
        shop.do(fulfil_backorder, number, **PO)
    made = shop.do(fulfil_backorder, number, quantity=4, **PO)
    assert (made.fulfilled, on_hand(shop, "MUG"), given(shop)) == (4, 2, (6, 4))
    assert [one.inbound for one in shop.do(show_backorder, number).allocations] == ["PO-7/1"]
    assert is_sound(shop)


def test_who_waits_ahead_is_not_passed_over(shop: Shop) -> None:
    number = five_wanted(shop)
    shop.order("FAST", priority="EXPRESS", MUG=3)
    comes(shop, "PO-7", 3)
    with pytest.raises(PriorityConflict):
        shop.do(fulfil_backorder, number, quantity=1, **PO)
    assert is_sound(shop)


def test_the_kind_must_be_the_one_that_was_named(shop: Shop) -> None:
    number = five_wanted(shop)
    with pytest.raises(InboundUnfit, match="kind"):
        shop.do(fulfil_backorder, number, source="production", source_id="PO-7")


@pytest.mark.parametrize("kind", ["TRANSFER", "PRODUCTION"])
def test_a_transfer_and_a_production_are_sources_too(shop: Shop, kind: str) -> None:
    opens_west(shop).sells("MUG").gets("MUG", 5, warehouse="WEST", bin="W-01").order("A", MUG=5)
    shop.check()
    if kind == "TRANSFER":
        send(shop, "X-1", "MUG", 5)
    else:
        announce(shop, "X-1", "MUG", 5, kind=kind)
    sources(shop, "A", "X-1")
    comes(shop, "X-1")
    made = shop.do(fulfil_backorder, number_of(shop, "A"), source=kind, source_id="X-1")
    assert (made.status, made.source, shop.status("A"), given(shop, "X-1")) == (
        "FULFILLED",
        kind,
        "SHIPPED",
        (5, 5),
    )
    assert on_hand(shop, "MUG") == (0 if kind == "TRANSFER" else 5)
    assert is_sound(shop)


def test_many_who_fulfil_from_one_inbound_line_let_each_unit_go_once(shop: Shop) -> None:
    shop.sells("MUG")
    for number in range(8):
        shop.order(f"O{number}", MUG=2)
    announce(shop, "PO-7", "MUG", 9)
    for number in (7, 6):
        sources(shop, f"O{number}", "PO-7")
    shop.gets("MUG", 4)
    comes(shop, "PO-7")
    numbers = all_numbers(shop)

    def attempt(number: str) -> int:
        try:
            return shop.do(fulfil_backorder, number, **PO).ordered
        except MakegoodError:
            return 0

    with ThreadPoolExecutor(4) as crew:
        gone = sum(crew.map(attempt, (*numbers, *reversed(numbers), *numbers)))
    received, went = given(shop)
    assert (received, went <= 9, gone) == (9, True, 13 - on_hand(shop, "MUG"))
    assert shop.value("SELECT sum(fulfilled) FROM order_lines") == gone == 8
    assert backorder(shop, "O7").status == "FULFILLED"
    assert is_sound(shop)
