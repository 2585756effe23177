"""Customers send goods back: what is restocked goes to whoever waits, what was fulfilled stays fulfilled."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from makegood.domain.errors import AlreadyExists, InvalidValue, OrderNotFound, SessionClosed
from makegood.domain.sessions import Approval, ReturnedLine
from makegood.services.pick_order import confirm_pick, release_to_pick, ship_order
from makegood.services.return_stock import (
    add_returned,
    approve_return,
    change_returned,
    open_return,
    reject_return,
    take_back,
)
from makegood.store.database import Database
from tests.services.stock_stories import books_balance, lies, marks
from tests.shop import Shop


def shipped(shop: Shop, number: str) -> None:
    """Let an order leave the house."""
    for step in (release_to_pick, confirm_pick, ship_order):
        shop.do(step, [number])


def test_a_return_that_is_restocked_serves_who_waits(books_of_each: Database) -> None:
    shop = Shop(books_of_each)
    shop.sells("MUG").gets("MUG", 4).check()
    shop.order("SOLD", MUG=4)
    shipped(shop, "SOLD")
    shop.order("WAITS", MUG=2)
    made = shop.do(take_back, "RMA-1", [ReturnedLine("MUG", 3, "A-01")], order="SOLD")
    assert made == Approval("RETURN", "RMA-1", 1, 3, 0, 3, True)
    assert marks(shop) == [("MUG", "return:RMA-1")]
    shop.check()
    assert (shop.status("WAITS"), shop.free("MUG")) == ("ALLOCATED", 1)
    assert shop.status("SOLD") == "SHIPPED"
    assert shop.value("SELECT fulfilled FROM order_lines ORDER BY line_id LIMIT 1") == 4
    assert "order:returned" in shop.events("SOLD")
    books_balance(shop)


def test_what_is_set_aside_serves_nobody(shop: Shop) -> None:
    shop.sells("MUG").order("WAITS", MUG=2)
    lines = [
        ReturnedLine("MUG", 1, "A-01", "quarantine"),
        ReturnedLine("MUG", 2, "A-01", "damaged"),
        ReturnedLine("MUG", 4, "DOCK", "restock"),
    ]
    assert shop.do(take_back, "RMA-1", lines).usable == 0
    assert marks(shop) == []
    assert lies(shop, "MUG") == {
        ("A-01", "QUARANTINE"): (1, 0),
        ("A-01", "DAMAGED"): (2, 0),
        ("DOCK", "AVAILABLE"): (4, 0),
    }


def test_the_same_return_again_has_no_effect(shop: Shop) -> None:
    shop.sells("MUG").order("SOLD", MUG=1)
    line = ReturnedLine("MUG", 3, "A-01")
    with ThreadPoolExecutor(8) as clerks:
        results = list(clerks.map(lambda _: shop.do(take_back, "RMA-1", [line], order="SOLD"), range(8)))
    assert (len(set(results)), shop.free("MUG")) == (1, 3)
    with pytest.raises(AlreadyExists):
        shop.do(take_back, "RMA-1", [line._replace(disposition="damaged")], order="SOLD")
    with pytest.raises(AlreadyExists):
        shop.do(take_back, "RMA-1", [line])


def test_a_return_is_entered_line_by_line(shop: Shop) -> None:
    shop.sells("MUG")
    shop.do(open_return, "RMA-1")
    line = ReturnedLine("MUG", 3, "A-01", key="1")
    assert shop.do(add_returned, "RMA-1", [line, line]) == 1
    shop.do(change_returned, "RMA-1", "1", quantity=2)
    shop.do(approve_return, "RMA-1")
    assert shop.free("MUG") == 2
    with pytest.raises(SessionClosed):
        shop.do(add_returned, "RMA-1", [line._replace(key="2")])
    shop.do(open_return, "RMA-2")
    shop.do(reject_return, "RMA-2")
    with pytest.raises(SessionClosed):
        shop.do(approve_return, "RMA-2")


def test_a_return_of_nothing_known_is_refused(shop: Shop) -> None:
    shop.sells("MUG")
    with pytest.raises(OrderNotFound):
        shop.do(take_back, "RMA-1", [ReturnedLine("MUG", 1, "A-01")], order="NONE")
    with pytest.raises(InvalidValue, match="restock, quarantine, damaged"):
        shop.do(take_back, "RMA-1", [ReturnedLine("MUG", 1, "A-01", "resell")])
