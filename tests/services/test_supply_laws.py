"""What drifts in the books of supply that is due is found by doctor and judge, and mended where it can be."""

import pytest

from makegood.services.doctor import doctor
from makegood.services.repair_books import REFUSALS, repair_books
from tests.drifts import unbolt
from tests.judge.judge import judge
from tests.services.backorder_stories import is_sound
from tests.shop import Shop
from tests.supply_drifts import SUPPLY_DRIFTS, a_supply_story


def test_sound_books_of_supply_have_no_finding(shop: Shop) -> None:
    a_supply_story(shop)
    assert is_sound(shop)
    assert judge(shop.books.conninfo, shop.clock.date()).broken == {}


@pytest.mark.parametrize("code", SUPPLY_DRIFTS)
def test_a_drift_of_supply_is_found_judged_and_mended_or_refused(shop: Shop, code: str) -> None:
    unbolt(a_supply_story(shop))
    drift = SUPPLY_DRIFTS[code]
    shop.change(drift.by_hand)
    found = doctor(shop.books, shop.clock).findings
    assert any(drift.words in one.words for one in found if one.code == code), [one.words for one in found]
    assert drift.judged in judge(shop.books.conninfo, shop.clock.date()).broken
    made = shop.do(repair_books, found)
    assert (code in {one.code for one in made.mended}) == drift.mended
    if drift.mended:
        assert is_sound(shop)
        assert judge(shop.books.conninfo, shop.clock.date()).broken == {}
    else:
        assert {one.finding.code: one.because for one in made.refused}[code] == REFUSALS[code]
