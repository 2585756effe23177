"""The doctor finds each kind of drift that a hand can make, says it in words, and is silent about sound books."""

from datetime import timedelta

import pytest

from makegood.services.doctor import Examination, doctor
from makegood.services.edit_order import edit_order
from makegood.services.findings import CHECKS, LAWS
from makegood.services.hold_order import hold_order
from makegood.services.receive_stock import open_receiving
from makegood.services.repair_books import repair_books
from makegood.services.sweep import sweep
from makegood.store.database import Database
from tests.drifts import DRIFTS, a_story, unbolt
from tests.judge.judge import judge
from tests.shop import MONDAY, Shop
from tests.supply_drifts import SUPPLY_DRIFTS


@pytest.fixture
def story(shop: Shop) -> Shop:
    return a_story(shop)


def examined(shop: Shop) -> Examination:
    return doctor(shop.books, shop.clock)


def said(shop: Shop) -> dict[str, list[str]]:
    """Give the words of all findings by code."""
    found: dict[str, list[str]] = {}
    for finding in examined(shop).findings:
        found.setdefault(finding.code, []).append(finding.words)
    return found


def test_sound_books_have_no_finding_and_every_law_was_looked_at(story: Shop) -> None:
    made = examined(story)
    assert (made.findings, made.laws_broken, made.marks, made.oldest_mark) == ([], 0, 0, None)
    assert [law.law for law in made.laws] == list(LAWS)
    assert {law.law for law in made.laws if not law.looked_at} == {"7"}


def test_it_examines_sweeps_and_mends_on_each_server(books_of_each: Database) -> None:
    story = a_story(Shop(books_of_each))
    assert examined(story).findings == []
    for code in ("waiting_differs", "place_differs", "session_applied_otherwise"):
        story.change(DRIFTS[code].by_hand)
    made = story.do(repair_books, examined(story).findings)
    assert {one.code for one in made.mended} == {"waiting_differs", "place_differs"}
    assert sweep(books_of_each, story.clock).defects == []
    assert judge(books_of_each.conninfo, story.clock.date()).broken.keys() == {"8"}


def test_it_says_what_it_cannot_see(story: Shop) -> None:
    assert {law.law for law in examined(story).laws if "Not seen" in law.sight} == {"7", "8", "9"}


def test_pending_marks_are_told_with_their_age(story: Shop) -> None:
    story.gets("MUG", 1)
    made = examined(story)
    assert (made.marks, made.findings) == (1, [])
    assert made.oldest_mark is not None


@pytest.mark.parametrize("code", DRIFTS)
def test_a_drift_made_by_hand_is_found_and_said_in_words(story: Shop, code: str) -> None:
    unbolt(story)
    drift = DRIFTS[code]
    story.change(drift.by_hand)
    assert any(drift.words in one for one in said(story).get(code, [])), said(story)


@pytest.mark.parametrize(
    ("by_hand", "words"),
    [
        (
            "UPDATE allocations SET unit_id = u.unit_id FROM inventory_units u JOIN variants v USING (variant_id) "
            "WHERE v.sku = 'LID' AND allocations.quantity = 6",
            "holds LID",
        ),
        ("UPDATE inventory_units SET status = 'DAMAGED' WHERE status = 'AVAILABLE'", "has status DAMAGED"),
        ("UPDATE orders SET status = 'READY_TO_PICK' WHERE number = 'E'", "while the order is READY_TO_PICK"),
        ("UPDATE orders SET status = 'CANCELLED' WHERE number = 'A'", "though the order is CANCELLED"),
    ],
)
def test_an_allocation_that_points_to_the_wrong_place_is_found(story: Shop, by_hand: str, words: str) -> None:
    story.change(by_hand)
    assert any(words in one for one in said(story)["allocation_misplaced"])


def test_a_session_that_would_answer_an_approval_with_another_s_result_is_found(story: Shop) -> None:
    story.do(open_receiving, "R-10")
    story.change("UPDATE stock_sessions SET result = (SELECT max(result::text)::jsonb FROM stock_sessions)")
    (words,) = said(story)["session_told_otherwise"]
    assert words.startswith("RECEIVING session R-10 is OPEN, but keeps a result")


def test_each_check_is_tried_by_a_drift() -> None:
    assert {check.code for check in CHECKS} <= {*DRIFTS, *SUPPLY_DRIFTS}


def test_a_complete_order_queues_as_its_best_line(story: Shop) -> None:
    story.order("SET", ship_policy="COMPLETE", when_short="reserve", MUG=5, LID=9)
    assert not said(story)
    story.change("UPDATE order_lines SET priority = 10 WHERE sku_text = 'LID' AND quantity = 9")
    assert len(said(story)["place_differs"]) == 2


def test_who_was_raised_later_was_not_overtaken(story: Shop) -> None:
    """C was granted before B came to the front; nobody overtook anybody."""
    story.order("G", priority="LOW", MUG=2)
    story.gets("MUG", 8).check()
    assert not said(story)
    story.later(minutes=1).do(edit_order, "G", priority="EXPRESS")
    assert not said(story)


def test_who_was_lowered_after_its_grant_overtook_nobody(story: Shop) -> None:
    story.later(minutes=1).order("FAST", priority="EXPRESS", MUG=4)
    story.gets("MUG", 4).check()
    assert (story.has("FAST"), story.has("C")["MUG"]) == ({"MUG": 4}, 0)
    story.do(edit_order, "FAST", priority="LOW")
    assert not said(story)


def test_a_hold_that_keeps_its_units_is_sound(story: Shop) -> None:
    story.do(hold_order, "B", because="asked the customer")
    assert not said(story)


def test_business_time_decides_what_is_usable(story: Shop) -> None:
    story.sells("EGG").order("X", EGG=2)
    story.gets("EGG", 2, expires_on=(MONDAY + timedelta(days=3)).date())
    story.change("DELETE FROM marks")
    assert said(story).keys() == {"left_lying"}
    assert not said(story.later(days=4))
