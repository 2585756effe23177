"""A place or a lot becomes usable or stops to be: the queue is told, reservations go where they can be picked."""

import threading
from datetime import date, timedelta

import pytest

from makegood.domain.errors import InvalidValue, LocationNotFound
from makegood.services.set_location import set_location
from makegood.services.set_shelf_life import set_min_shelf_life
from makegood.services.shrink_expired import shrink_expired
from makegood.services.work import Work
from makegood.store.database import Database
from tests.services.stock_stories import books_balance, holders, marks
from tests.shop import MONDAY, Shop, _add_stock

TODAY = MONDAY.date()


def test_a_location_made_pickable_serves_who_waits(books_of_each: Database) -> None:
    shop = Shop(books_of_each)
    shop.sells("MUG", "LID", "CUP").gets("MUG", 5, bin="DOCK").gets("LID", 5, bin="DOCK")
    shop.order("A", MUG=3, CUP=1)
    shop.check()
    shop.do(set_location, "DOCK", is_pickable=True)
    assert marks(shop) == [("LID", "location:EAST/DOCK"), ("MUG", "location:EAST/DOCK")]
    shop.check()
    assert holders(shop) == {("A", "DOCK"): 3}


def test_a_location_made_inactive_frees_what_is_reserved_there(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 4).gets("MUG", 2, bin="A-02").check()
    shop.order("A", MUG=4)
    lost = shop.do(set_location, "A-01", active=False)
    assert [made.order.number for made in lost] == ["A"]
    shop.check()
    assert (holders(shop), shop.status("A")) == ({("A", "A-02"): 2}, "PARTIALLY_ALLOCATED")
    shop.do(set_location, "A-01", active=True)
    shop.check()
    assert shop.status("A") == "ALLOCATED"
    books_balance(shop)


def test_both_flags_count(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 4, bin="DOCK")
    shop.do(set_location, "DOCK", active=False)
    shop.do(set_location, "DOCK", is_pickable=True)
    assert (marks(shop), shop.free("MUG")) == ([], 0)
    shop.do(set_location, "DOCK", active=True)
    assert (len(marks(shop)), shop.free("MUG")) == (1, 4)
    shop.do(set_location, "DOCK", active=True)
    assert len(marks(shop)) == 1
    with pytest.raises(LocationNotFound):
        shop.do(set_location, "Z-99", active=True)


def test_a_lot_that_became_short_dated_is_freed_and_comes_back(books_of_each: Database) -> None:
    shop = Shop(books_of_each)
    shop.sells("MILK").gets("MILK", 4, lot="L1", expires_on=TODAY + timedelta(days=10)).check()
    shop.order("A", MILK=4)
    assert [made.order.number for made in shop.do(set_min_shelf_life, "MILK", 11)] == ["A"]
    shop.check()
    assert (shop.status("A"), shop.free("MILK")) == ("BACKORDERED", 0)
    shop.do(set_min_shelf_life, "MILK", 10)
    shop.check()
    assert shop.status("A") == "ALLOCATED"
    with pytest.raises(InvalidValue):
        shop.do(set_min_shelf_life, "MILK", -1)


def test_the_daily_job_frees_what_expired_in_bounded_batches(books_of_each: Database) -> None:
    shop = Shop(books_of_each)
    shop.sells("MILK", "CREAM", min_shelf_life_days=2)
    for lot in range(4):
        shop.gets("MILK", 2, lot=f"M{lot}", expires_on=TODAY + timedelta(days=3 + lot))
    shop.gets("CREAM", 2, lot="C", expires_on=date(2027, 1, 1)).gets("MILK", 3, lot="OK").check()
    shop.order("A", MILK=8, CREAM=2)
    shop.later(days=3)
    assert [shop.do(shrink_expired, most=1) for _ in range(3)] == [2, 2, 0]
    shop.check()
    assert (shop.has("A"), shop.status("A")) == ({"MILK": 7, "CREAM": 2}, "PARTIALLY_ALLOCATED")
    assert "stock:shrunk" in shop.events("A")
    books_balance(shop)


def test_stock_that_comes_in_while_its_bin_is_opened_is_not_forgotten(books: Database) -> None:
    """The receipt has read that the dock is closed, but is not committed; then somebody opens the dock."""
    shop = Shop(books)
    shop.sells("MUG").order("A", MUG=2)
    received, opened = threading.Event(), threading.Event()

    def receive(work: Work) -> None:
        _add_stock(work, "MUG", 2, "DOCK", "EAST", "", None)
        received.set()
        assert not opened.wait(0.5), "the dock was opened under a receipt that is not committed"

    def open_dock() -> None:
        received.wait(5)
        shop.do(set_location, "DOCK", is_pickable=True)
        opened.set()

    opener = threading.Thread(target=open_dock)
    opener.start()
    shop.do(receive)
    opener.join()
    shop.check()
    assert shop.status("A") == "ALLOCATED"


def test_stock_that_comes_in_just_after_its_bin_was_opened_sees_that(books: Database) -> None:
    shop = Shop(books)
    shop.sells("MUG").gets("MUG", 1, bin="DOCK").order("A", MUG=3)
    shop.check()
    halfway = threading.Event()

    def open_dock(work: Work) -> None:
        set_location(work, "DOCK", is_pickable=True)
        halfway.set()
        assert not delivered.wait(0.5), "the receipt did not wait"

    delivered = threading.Event()

    def receive() -> None:
        halfway.wait(5)
        shop.gets("MUG", 2, bin="DOCK")
        delivered.set()

    receiver = threading.Thread(target=receive)
    receiver.start()
    shop.do(open_dock)
    receiver.join()
    shop.check()
    assert (shop.status("A"), shop.free("MUG")) == ("ALLOCATED", 0)
