"""Defects of the system behind the agent skill (and rows 22 and 23 of the field's), each a test of ours."""

from typing import Any

import pytest

from makegood.domain.errors import (
    InboundNotFound,
    InvalidValue,
    MakegoodError,
    NotEnough,
    NotFound,
    VariantNotFound,
)
from makegood.domain.orders import NewLine
from makegood.domain.sessions import ReceivedLine
from makegood.services.allocate_order import allocate_order
from makegood.services.backorders.allocate_backorder import allocate_backorder
from makegood.services.backorders.change_allocation import release_allocation
from makegood.services.backorders.create_backorder import create_backorder
from makegood.services.backorders.fulfil_backorder import fulfil_backorder
from makegood.services.backorders.list_backorders import BackorderFilter, list_backorders
from makegood.services.backorders.show_backorder import show_backorder
from makegood.services.cancel_order import cancel_order
from makegood.services.expire_allocations import expire_allocations
from makegood.services.inbound.list_inbound import InboundFilter, list_inbound
from makegood.services.receive_stock import receive
from makegood.services.set_location import set_location
from makegood.services.sweep import sweep
from tests.services.backorder_stories import backorder, is_sound, lapses, number_of, on_hand
from tests.services.inbound_stories import announce, comes, sources
from tests.shop import Shop


def test_22_a_hold_that_has_expired_is_never_consumed_and_strands_nobody(shop: Shop) -> None:
    shop.sells("MUG").order("A", MUG=2)
    shop.gets("MUG", 2).check()
    number = number_of(shop, "A")
    lapses(shop, "A", shop.clock)
    shop.order("FAST", priority="EXPRESS", MUG=1)
    shop.do(expire_allocations)
    assert (backorder(shop, "A").status, backorder(shop, "A").uncovered) == ("PENDING", 2)
    shop.check()
    assert (shop.has("FAST"), shop.has("A")) == ({"MUG": 1}, {"MUG": 1})
    with pytest.raises(NotEnough):
        shop.do(fulfil_backorder, number)
    shop.gets("MUG", 1).check()
    assert shop.do(fulfil_backorder, number).status == "FULFILLED"
    assert is_sound(shop)


@pytest.mark.parametrize("how", ["cancelled", "released"])
def test_freed_stock_goes_to_the_queue_and_not_to_the_next_stranger(shop: Shop, how: str) -> None:
    shop.sells("MUG").gets("MUG", 2).check()
    shop.order("HAS", MUG=2)
    shop.order("WAITS", priority="EXPRESS", MUG=2)
    if how == "cancelled":
        shop.do(cancel_order, "HAS")
    else:
        shop.do(release_allocation, shop.value("SELECT allocation_id FROM allocations"))
    shop.order("STRANGER", MUG=2)
    shop.check()
    assert (shop.has("WAITS"), shop.has("STRANGER")) == ({"MUG": 2}, {"MUG": 0})
    assert is_sound(shop)


def test_one_of_three_units_is_not_called_allocated(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 1).check()
    shop.order("A", MUG=3)
    assert (backorder(shop, "A").status, backorder(shop, "A").allocated) == ("PENDING", 1)
    announce(shop, "PO-7", "MUG", 2)
    sources(shop, "A", "PO-7")
    made = backorder(shop, "A")
    assert (made.status, made.uncovered, shop.status("A")) == ("PENDING", 0, "PARTIALLY_ALLOCATED")


@pytest.mark.parametrize(
    ("field", "value"),
    [("sku", "LID"), ("customer", "bob"), ("priority", "HIGH"), ("overdue", True), ("source", "PRODUCTION"),
     ("order", "B"), ("warehouse", "WEST"), ("merchant", "other"), ("statuses", ["FULFILLED"])],
)  # fmt: skip
def test_22_no_filter_is_accepted_and_ignored(shop: Shop, field: str, value: Any) -> None:
    shop.sells("MUG").order("A", customer_name="Ann", MUG=1)
    assert len(shop.do(list_backorders).backorders) == 1
    assert passing(shop, BackorderFilter(**{field: value})) == 0


def passing(shop: Shop, only: BackorderFilter) -> int:
    """Count what passes a filter; one that names what does not exist may be refused."""
    try:
        return len(shop.do(list_backorders, only).backorders)
    except NotFound:
        return 0


@pytest.mark.parametrize("words", [{"sort": "price"}, {"after": "12"}, {"most": 0}, {"most": 100_000}])
def test_22_a_sort_or_cursor_that_makes_no_sense_is_refused(shop: Shop, words: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        shop.do(list_backorders, **words)
    with pytest.raises(InvalidValue):
        shop.do(list_inbound, **words)


def test_22_what_does_not_exist_is_not_fulfilled(shop: Shop) -> None:
    with pytest.raises(VariantNotFound):
        shop.do(create_backorder, "GHOST", 3, customer_name="Ann")
    shop.sells("MUG")
    number = shop.do(create_backorder, "MUG", 3, customer_name="Ann").number
    with pytest.raises(NotEnough):
        shop.do(fulfil_backorder, number)
    with pytest.raises(InboundNotFound):
        shop.do(fulfil_backorder, number, source="PURCHASE_ORDER", source_id="PO-404")
    assert (on_hand(shop, "MUG"), shop.do(list_inbound, InboundFilter(sku="GHOST")).inbound) == (0, [])


def test_first_stock_and_receipts_of_purchase_orders_trigger(shop: Shop) -> None:
    shop.sells("MUG").order("A", MUG=5)
    shop.do(receive, "FIRST", [ReceivedLine("MUG", 1, "A-01")])
    shop.check()
    announce(shop, "PO-7", "MUG", 9)
    comes(shop, "PO-7", 4)
    shop.check()
    assert (shop.has("A"), sweep(shop.books, shop.clock).defects) == ({"MUG": 5}, [])


def test_one_location_that_is_bad_does_not_end_the_whole_loop(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    for sku in ("MUG", "LID"):
        shop.order(f"O-{sku}", lines=[NewLine(sku, 2)])
    shop.gets("MUG", 2, bin="A-01").gets("LID", 2, bin="A-02")
    shop.do(set_location, "A-01", active=False)
    shop.check()
    assert (shop.has("O-MUG"), shop.has("O-LID")) == ({"MUG": 0}, {"LID": 2})
    shop.do(set_location, "A-01", active=True)
    shop.check()
    assert shop.has("O-MUG") == {"MUG": 2}


def test_23_what_a_person_forced_stays_with_its_reason_until_it_is_released(shop: Shop) -> None:
    shop.sells("MUG").order("FIRST", priority="EXPRESS", MUG=5)
    shop.order("KEY", MUG=2)
    shop.gets("MUG", 2)
    number = number_of(shop, "KEY")
    shop.do(allocate_backorder, number, quantity=2, force_because="a key customer")
    for units in (1, 1):
        shop.gets("MUG", units).check()
        shop.do(allocate_order, "FIRST")
    assert (shop.has("KEY"), shop.has("FIRST")) == ({"MUG": 2}, {"MUG": 2})
    (held,) = shop.do(show_backorder, number).allocations
    assert (held.forced, held.reason) == (True, "a key customer")
    shop.do(release_allocation, held.allocation_id)
    shop.check()
    assert (shop.has("KEY"), shop.has("FIRST")) == ({"MUG": 0}, {"MUG": 4})
    assert is_sound(shop)


def test_23_what_came_by_name_stays_too(shop: Shop) -> None:
    shop.sells("MUG").order("FIRST", priority="EXPRESS", MUG=5)
    shop.order("KEY", MUG=2)
    announce(shop, "PO-7", "MUG", 3)
    sources(shop, "KEY", "PO-7")
    comes(shop, "PO-7")
    shop.gets("MUG", 1).check()
    with pytest.raises(MakegoodError):
        shop.do(allocate_backorder, number_of(shop, "FIRST"), quantity=3)
    assert (shop.has("KEY"), shop.has("FIRST")) == ({"MUG": 2}, {"MUG": 2})
    assert is_sound(shop)
