"""Send what is available: selected orders are split by quantity, unless too little of them could go out."""

from decimal import Decimal

import pytest

from makegood.domain.errors import InvalidValue, MakegoodError, TooLittleToSend, WrongState
from makegood.domain.orders import NewLine
from makegood.services.send_available import in_rank_order, send_available
from tests.services.split_stories import AGREED, insist_sound, lines
from tests.shop import Shop


@pytest.fixture
def three_wait(shop: Shop) -> Shop:
    """A has four of five mugs, B one of two lids, C nothing."""
    shop.sells("MUG", "LID").gets("MUG", 4).gets("LID", 1).check()
    shop.order("A", lines=[NewLine("MUG", 5, Decimal("2.50"), "EUR")])
    shop.later(minutes=1).order("B", lines=[NewLine("LID", 2, Decimal("9"), "EUR")], priority="EXPRESS")
    shop.later(minutes=1).order("C", MUG=1)
    return shop


def test_each_goes_by_itself_and_what_is_skipped_says_why(three_wait: Shop) -> None:
    shop = three_wait
    sent, skipped = {}, {}
    for name in shop.do(in_rank_order, ["C", "A", "NOBODY", "B", "A"]):
        try:
            sent[name] = shop.do(send_available, name, consent=AGREED).shippable_items
        except MakegoodError as refused:
            skipped[name] = refused.code
    assert list(sent.items()) == [("B", 1), ("A", 4)]
    assert skipped == {"C": "nothing_to_ship", "NOBODY": "order_not_found"}
    assert lines(shop, "A-BO1") == [(1, "MUG", 1, 0)]
    insist_sound(shop)


def test_names_of_one_order_count_once_and_the_best_ranked_comes_first(three_wait: Shop) -> None:
    assert three_wait.do(in_rank_order, ["C", "A", "default/A", "B", "?"]) in (
        ["B", "A", "C", "?"],
        ["B", "default/A", "C", "?"],
    )


def test_too_small_a_share_is_not_sent(three_wait: Shop) -> None:
    shop = three_wait
    with pytest.raises(TooLittleToSend) as refused:
        shop.do(send_available, "B", min_share=0.6, consent=AGREED)
    assert refused.value.facts == {"order": "B", "ready": "1 of 2 units", "least": "60%"}
    assert shop.do(send_available, "A", min_share=0.8, consent=AGREED).shippable_items == 4


def test_too_small_a_value_is_not_sent(three_wait: Shop) -> None:
    shop = three_wait
    with pytest.raises(TooLittleToSend, match=r"a value of 9\.00 could go out, at least 10\.00 should"):
        shop.do(send_available, "B", min_value=Decimal(10), consent=AGREED)
    assert shop.do(send_available, "A", min_value=Decimal(10), consent=AGREED).shippable_items == 4


def test_a_minimum_that_makes_no_sense_is_refused(three_wait: Shop) -> None:
    for wrong in ({"min_share": 1.5}, {"min_value": Decimal(-1)}, {"consent": None}):
        with pytest.raises(InvalidValue):
            three_wait.do(send_available, "A", **{"consent": AGREED} | wrong)


def test_a_preview_sends_nothing(three_wait: Shop) -> None:
    shop = three_wait
    assert shop.do(send_available, "A", dry_run=True).shippable_items == 4
    assert shop.status("A") == "PARTIALLY_ALLOCATED"
    shop.do(send_available, "A", consent=AGREED)
    with pytest.raises(WrongState):
        shop.do(send_available, "A", dry_run=True)
