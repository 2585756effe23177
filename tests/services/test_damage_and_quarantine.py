"""Units are set aside and come back: whoever had them goes back to the queue, whoever waits is served."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from makegood.domain.errors import NotEnough
from makegood.services.set_stock_aside import damage_stock, quarantine_stock, release_quarantine, restore_stock
from makegood.store.database import Database
from tests.services.stock_stories import add_bin, books_balance, holders, lies, marks
from tests.shop import MONDAY, Shop

WAYS = pytest.mark.parametrize(
    ("aside", "back", "status"),
    [(damage_stock, restore_stock, "DAMAGED"), (quarantine_stock, release_quarantine, "QUARANTINE")],
    ids=["damage", "quarantine"],
)
Verb = Callable[..., Any]


@WAYS
def test_set_aside_and_given_back(books_of_each: Database, aside: Verb, back: Verb, status: str) -> None:
    shop = Shop(books_of_each)
    shop.sells("MUG").gets("MUG", 6).check()
    shop.order("OLD", placed=MONDAY - timedelta(days=1), MUG=3)
    shop.order("NEW", MUG=2)
    gone = shop.do(aside, "MUG", 4, location="A-01")
    assert [made.order.number for made in gone.lost] == ["OLD", "NEW"]
    shop.check()
    assert (shop.has("OLD"), shop.has("NEW")) == ({"MUG": 2}, {"MUG": 0})
    assert lies(shop, "MUG") == {("A-01", "AVAILABLE"): (2, 2), ("A-01", status): (4, 0)}
    books_balance(shop)

    returned = shop.do(back, "MUG", 3, location="A-01")
    shop.check()
    assert (shop.has("OLD"), shop.has("NEW")) == ({"MUG": 3}, {"MUG": 2})
    assert shop.value("SELECT trigger_sources FROM attempts ORDER BY attempt_id DESC LIMIT 1") == [returned.source]
    assert shop.events("NEW").count("order:backorder_resolved") == 1
    books_balance(shop)


@WAYS
def test_free_units_are_set_aside_first(shop: Shop, aside: Verb, back: Verb, status: str) -> None:
    shop.sells("MUG").gets("MUG", 6).check()
    shop.order("A", MUG=4)
    assert shop.do(aside, "MUG", 2, location="A-01").lost == []
    assert (shop.status("A"), marks(shop)) == ("ALLOCATED", [])


@WAYS
def test_only_what_is_there_can_be_set_aside_or_given_back(
    shop: Shop, aside: Verb, back: Verb, status: str
) -> None:
    shop.sells("MUG").gets("MUG", 2)
    with pytest.raises(NotEnough, match="MUG: 3 wanted, 2 there"):
        shop.do(aside, "MUG", 3, location="A-01")
    shop.do(aside, "MUG", 2, location="A-01")
    with pytest.raises(NotEnough, match="MUG: 3 wanted, 2 there"):
        shop.do(back, "MUG", 3, location="A-01")


def test_what_comes_back_out_of_reach_tells_nobody(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 2, bin="DOCK").order("A", MUG=1)
    shop.check()
    shop.do(quarantine_stock, "MUG", 2, location="DOCK")
    shop.do(release_quarantine, "MUG", 2, location="DOCK")
    assert marks(shop) == []


def test_quarantine_in_a_place_of_its_own_and_back_into_a_bin(shop: Shop) -> None:
    add_bin(shop, "CAGE", "QUARANTINE")
    shop.sells("MUG").gets("MUG", 2).check()
    shop.order("A", MUG=2)
    shop.do(quarantine_stock, "MUG", 2, location="A-01", to_location="CAGE")
    assert lies(shop, "MUG") == {("CAGE", "QUARANTINE"): (2, 0)}
    shop.do(release_quarantine, "MUG", 2, location="CAGE", to_location="A-02")
    shop.check()
    assert holders(shop) == {("A", "A-02"): 2}
