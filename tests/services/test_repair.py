"""What can be brought back from the rest of the books is mended, on record; the rest is refused in words."""

import pytest

from makegood.domain.catalogue import NewWarehouse
from makegood.services.add_catalogue import add_warehouses
from makegood.services.doctor import doctor
from makegood.services.repair_books import REFUSALS, Repaired, repair_books
from tests.drifts import DRIFTS, a_story, unbolt
from tests.judge.judge import judge
from tests.shop import Shop

MENDED = (
    "reserved_differs",
    "reserved_beyond_quantity",
    "allocated_differs",
    "status_differs",
    "ledger_differs",
    "waiting_differs",
    "place_differs",
    "clock_missing",
    "backorder_missing",
    "backorder_left_open",
    "complete_held_in_part",
)
REFUSED = (
    "line_overfilled",
    "fulfilled_differs",
    "hold_differs",
    "merchant_crossed",
    "allocation_misplaced",
    "session_applied_otherwise",
    "session_told_otherwise",
    "overtaken",
)


@pytest.fixture
def story(shop: Shop) -> Shop:
    unbolt(shop)
    return a_story(shop)


def repaired(shop: Shop) -> Repaired:
    return shop.do(repair_books, doctor(shop.books, shop.clock).findings)


def found(shop: Shop) -> list[str]:
    return [finding.words for finding in doctor(shop.books, shop.clock).findings]


@pytest.mark.parametrize("code", MENDED)
def test_what_the_books_still_know_is_mended(story: Shop, code: str) -> None:
    story.change(DRIFTS[code].by_hand)
    made = repaired(story)
    assert (code in {one.code for one in made.mended}, made.refused) == (True, [])
    story.check()
    assert found(story) == []


@pytest.mark.parametrize("code", REFUSED)
def test_what_a_person_must_decide_is_refused_in_words(story: Shop, code: str) -> None:
    story.change(DRIFTS[code].by_hand)
    refused = {one.finding.code: one.because for one in repaired(story).refused}
    assert refused[code] == REFUSALS[code]


@pytest.mark.parametrize(
    "by_hand",
    [
        "warehouse_id = 2",
        "placed_at = placed_at - interval '1 day'",
        "root_order_id = 1",
        "ship_policy = 'COMPLETE_LINES'",
        "keeps_back = true",
        "rank_priority = 40",
    ],
)
def test_a_wrong_place_in_the_queue_is_seen_by_doctor_and_judge_and_mended(story: Shop, by_hand: str) -> None:
    story.do(add_warehouses, [NewWarehouse("WEST")])
    story.change(f"UPDATE order_lines SET {by_hand} WHERE quantity = 12")
    assert "places" in judge(story.books.conninfo, story.clock.date()).broken
    assert [one.code for one in repaired(story).mended] == ["place_differs"]
    story.check()
    assert (found(story), judge(story.books.conninfo, story.clock.date()).broken) == ([], {})


def test_what_is_said_to_have_gone_out_but_never_did_is_wanted_again(story: Shop) -> None:
    story.change("UPDATE order_lines SET fulfilled = 3 WHERE quantity = 12")
    assert "B" in {one.facts["order"] for one in repaired(story).mended}
    assert story.rows("SELECT fulfilled, waiting FROM order_lines WHERE quantity = 12") == [(0, True)]
    story.gets("MUG", 3).check()
    assert (found(story), story.has("B"), story.status("B")) == ([], {"MUG": 12}, "ALLOCATED")


def test_a_stock_drift_leaves_the_ledger_alone(story: Shop) -> None:
    ledger = story.rows("SELECT * FROM stock_movements ORDER BY 1")
    story.change(DRIFTS["ledger_differs"].by_hand)
    repaired(story)
    assert story.rows("SELECT * FROM stock_movements ORDER BY 1") == ledger
    assert story.value("SELECT quantity FROM inventory_units WHERE reserved = 15") == 15


def test_more_reserved_than_the_ledger_knows_is_refused(story: Shop) -> None:
    story.change("DELETE FROM stock_movements WHERE delta = 20")
    made = repaired(story)
    assert {one.because for one in made.refused} == {REFUSALS["ledger_differs"]}
    assert story.value("SELECT max(quantity) FROM inventory_units") == 15


def test_a_line_left_lying_is_marked_and_served(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("A", MUG=3)
    shop.gets("MUG", 2).change("DELETE FROM marks")
    assert [one.code for one in repaired(shop).mended] == ["left_lying"]
    shop.check()
    assert (shop.has("A"), found(shop)) == ({"MUG": 2}, [])


def test_each_mended_order_keeps_what_stood_there_before(story: Shop) -> None:
    story.change(DRIFTS["place_differs"].by_hand)
    repaired(story)
    (payload, actor) = story.rows("SELECT payload, actor FROM fulfillment_events WHERE type = 'books:repaired'")[0]
    assert payload["before"] == {"lines": {"1": {"rank_priority": 10}}}
    assert payload["after"] == {"lines": {"1": {"rank_priority": 30}}}
    assert "stands wrong in the queue" in payload["found"][0]
    assert actor == "manager"


def test_orders_on_a_mended_unit_are_told(story: Shop) -> None:
    story.change(DRIFTS["reserved_differs"].by_hand)
    repaired(story)
    told = story.rows(
        "SELECT o.number, e.payload -> 'after' FROM fulfillment_events e JOIN orders o USING (order_id) "
        "WHERE e.type = 'books:repaired' ORDER BY 1"
    )
    assert told == [("A", {"quantity": 15, "reserved": 15}), ("B", {"quantity": 15, "reserved": 15})]


def test_sound_books_are_left_as_they_are(story: Shop) -> None:
    events = story.value("SELECT count(*) FROM fulfillment_events")
    assert repaired(story) == Repaired([], [])
    assert story.value("SELECT count(*) FROM fulfillment_events") == events


def test_a_shipped_order_that_misses_units_is_not_brought_back(story: Shop) -> None:
    story.change("UPDATE order_lines SET fulfilled = 0 WHERE fulfilled = 3")
    story.change("UPDATE allocations SET state = 'RELEASED' WHERE state = 'FULFILLED'")
    made = repaired(story)
    assert {one.finding.code: one.because for one in made.refused}["status_differs"] == REFUSALS["status_differs"]
    assert story.status("F") == "SHIPPED"


def test_many_drifts_in_several_warehouses_are_mended_together(story: Shop) -> None:
    story.do(add_warehouses, [NewWarehouse("WEST")])
    story.order("W", warehouse="WEST", MUG=4)
    for code in ("reserved_differs", "allocated_differs", "waiting_differs", "backorder_missing"):
        story.change(DRIFTS[code].by_hand)
    story.change("UPDATE order_lines SET rank_priority = 20, waiting = false WHERE quantity = 4")
    assert repaired(story).refused == []
    story.check()
    assert found(story) == []
