"""Merges: a split is undone while nobody picks, and nothing is lost on the way."""

import pytest

from makegood.domain.errors import Ambiguous, NothingToMerge, WrongState
from makegood.services.adjust_stock import adjust_stock
from makegood.services.edit_order import edit_order
from makegood.services.hold_order import hold_order
from makegood.services.merge_order import merge_order
from makegood.services.pick_order import release_to_pick
from tests.services.split_stories import insist_sound, lines, merge, split
from tests.shop import Shop


@pytest.fixture(params=["lines", "quantities"])
def divided(request: pytest.FixtureRequest, shop: Shop) -> Shop:
    """A was split in either way: its mugs and two of its five lids were there."""
    shop.sells("MUG", "LID", "CUP").gets("MUG", 3).gets("LID", 2).check()
    shop.order("A", MUG=3, LID=5)
    shop.later(days=10)
    split(shop, "A", request.param)
    shop.check()
    return shop


def test_a_merge_gives_back_all_that_the_split_took_apart(divided: Shop) -> None:
    shop = divided
    made = merge(shop, "A-BO1")
    assert (made.original_status, made.backorder_status) == ("PARTIALLY_ALLOCATED", "CANCELLED")
    assert lines(shop, "A") == [(1, "MUG", 3, 3), (2, "LID", 5, 2)]
    assert lines(shop, "A-BO1") == []
    ages = "SELECT backordered_since = placed_at FROM orders WHERE number = 'A'"
    assert shop.value(ages) is True
    found = shop.rows(
        "SELECT o.number FROM backorders JOIN order_lines USING (line_id) JOIN orders o USING (order_id)"
    )
    assert found == [("A",)]
    assert (shop.events("A")[-2], shop.events("A-BO1")[-2]) == ("order:merged", "order:merged")
    insist_sound(shop)


def test_what_the_child_got_meanwhile_comes_along(divided: Shop) -> None:
    shop = divided
    shop.gets("LID", 3).check()
    assert merge(shop, "A").original_status == "ALLOCATED"
    assert shop.has("A") == {"MUG": 3, "LID": 5}
    insist_sound(shop)


def test_its_number_is_not_given_again(divided: Shop) -> None:
    shop = divided
    merge(shop, "A")
    assert split(shop, "A").backorder_order_number == "A-BO2"
    merge(shop, "A")
    assert lines(shop, "A") == [(1, "MUG", 3, 3), (2, "LID", 5, 2)]
    insist_sound(shop)


def test_what_is_in_picking_stays_apart(divided: Shop) -> None:
    shop = divided
    shop.do(release_to_pick, ["A"])
    with pytest.raises(WrongState, match="Order A cannot be merged"):
        merge(shop, "A-BO1")


def test_a_hold_is_not_lost_in_a_merge(divided: Shop) -> None:
    shop = divided
    shop.do(hold_order, "A-BO1", because="customer is away")
    with pytest.raises(WrongState, match="Release the hold first"):
        merge(shop, "A")


def test_what_was_never_split_cannot_be_merged(divided: Shop) -> None:
    shop = divided
    shop.order("B", CUP=1)
    with pytest.raises(NothingToMerge):
        merge(shop, "B")
    merge(shop, "A")
    with pytest.raises((NothingToMerge, WrongState)):
        merge(shop, "A")


def test_parts_of_parts_are_merged_from_the_last(divided: Shop) -> None:
    shop = divided
    shop.gets("LID", 1).check()
    split(shop, "A-BO1", "quantities")
    insist_sound(shop)
    assert merge(shop, "A-BO1").backorder_order_number == "A-BO1-BO1"
    assert merge(shop, "A-BO1").backorder_order_number == "A-BO1"
    assert lines(shop, "A") == [(1, "MUG", 3, 3), (2, "LID", 5, 3)]
    insist_sound(shop)


def test_with_several_parts_one_must_be_named(divided: Shop) -> None:
    shop = divided
    shop.do(edit_order, "A", quantities={1: 4})
    split(shop, "A", "quantities")
    insist_sound(shop)
    with pytest.raises(Ambiguous) as refused:
        merge(shop, "A")
    assert refused.value.facts["choices"] == ["A-BO1", "A-BO2"]
    merge(shop, "A-BO1")
    merge(shop, "A-BO2")
    assert [(sku, units) for _, sku, units, _ in lines(shop, "A")] == [("MUG", 4), ("LID", 5)]
    insist_sound(shop)


def test_a_line_that_is_short_on_both_sides_keeps_its_older_record(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 4).check()
    shop.order("A", MUG=6)
    split(shop, "A", "quantities")
    older = shop.value("SELECT number FROM backorders")
    shop.do(adjust_stock, "MUG", -1, location="A-01", warehouse="EAST", reason="broken")
    insist_sound(shop)
    assert merge(shop, "A").original_status == "PARTIALLY_ALLOCATED"
    assert shop.rows("SELECT number FROM backorders WHERE closed_at IS NULL") == [(older,)]
    assert lines(shop, "A") == [(1, "MUG", 6, 3)]
    insist_sound(shop)


def test_a_preview_merges_nothing(divided: Shop) -> None:
    shop = divided
    assert shop.do(merge_order, "A", dry_run=True).original_status == "PARTIALLY_ALLOCATED"
    assert (shop.status("A"), shop.status("A-BO1") != "CANCELLED") == ("ALLOCATED", True)
