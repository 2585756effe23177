"""The unlock window: which backorders could let some lines go now, what is ready and what is short."""

import pytest

from makegood.domain.errors import InvalidValue, NothingToShip, WarehouseNotFound
from makegood.services.list_unlockable import list_unlockable
from tests.services.split_stories import insist_sound, split
from tests.shop import Shop


@pytest.fixture
def some_can_go(shop: Shop) -> Shop:
    """A has all its mugs and no lid, B has a part of its mugs, C ships complete and could have a cup."""
    shop.sells("MUG", "LID", "CUP").gets("MUG", 4).gets("CUP", 1).check()
    shop.order("A", MUG=3, LID=1)
    shop.later(minutes=1).order("B", MUG=5)
    shop.later(minutes=1).order("C", CUP=1, LID=2, ship_policy="COMPLETE")
    shop.later(minutes=1).order("D", LID=1)
    return shop


def test_it_lists_what_is_ready_and_what_is_short(some_can_go: Shop) -> None:
    page = some_can_go.do(list_unlockable)
    told = [(one.order.number, one.ready_units, one.waiting_units) for one in page.orders]
    assert told == [("A", 3, 1), ("C", 1, 2)]
    assert [(line.sku, line.short, line.ready) for line in page.orders[0].lines] == [
        ("MUG", 0, True),
        ("LID", 1, False),
    ]
    assert page.next is None


def test_what_it_lists_can_be_divided_and_nothing_else(some_can_go: Shop) -> None:
    shop = some_can_go
    for one in shop.do(list_unlockable).orders:
        assert split(shop, one.order.number).shippable_items == one.ready_units
    with pytest.raises(NothingToShip):
        split(shop, "B")
    assert shop.do(list_unlockable).orders == []
    insist_sound(shop)


def test_it_is_paged(some_can_go: Shop) -> None:
    shop = some_can_go
    first = shop.do(list_unlockable, most=1)
    assert [one.order.number for one in first.orders] == ["A"]
    rest = shop.do(list_unlockable, most=1, after=first.next)
    assert [one.order.number for one in rest.orders] == ["C"]
    assert shop.do(list_unlockable, most=1, after=rest.next).orders == []
    with pytest.raises(WarehouseNotFound):
        shop.do(list_unlockable, warehouse="WEST")
    for wrong in ("nonsense", "WyJ4IiwgMV0"):
        with pytest.raises(InvalidValue):
            shop.do(list_unlockable, after=wrong)


def test_what_is_kept_back_for_somebody_ahead_is_not_ready(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 1).check()
    shop.order("AHEAD", MUG=1, LID=1, ship_policy="COMPLETE", when_short="reserve")
    shop.later(minutes=1).order("BEHIND", MUG=1, LID=1, ship_policy="COMPLETE")
    assert [one.order.number for one in shop.do(list_unlockable).orders] == ["AHEAD"]
    with pytest.raises(NothingToShip):
        split(shop, "BEHIND")
