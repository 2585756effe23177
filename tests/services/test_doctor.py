"""The doctor finds each kind of drift that a hand can make, says it in words, and is silent about sound books."""

from datetime import timedelta

import pytest

from makegood.services.doctor import Examination, doctor
from makegood.services.edit_order import edit_order
from makegood.services.findings import CHECKS, LAWS
from makegood.services.hold_order import hold_order
from makegood.services.pick_order import confirm_pick, release_to_pick, ship_order
from tests.shop import MONDAY, Shop

# Constraints that hold a law; they go first where a drift can only be made without them.
BOLTS = {
    "inventory_units": ["law_1_reserved_within_quantity", "inventory_units_quantity_check"],
    "order_lines": [
        "law_2_line_not_overfilled",
        "a_waiting_line_lacks_something",
        "only_matched_lines_are_allocated",
    ],
    "orders": ["a_hold_has_a_kind"],
}


def unbolt(shop: Shop) -> None:
    """Drop the constraints that hold the laws, and let history be rewritten."""
    for table, names in BOLTS.items():
        for name in names:
            shop.change(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    shop.change("DROP INDEX one_open_backorder_per_line; DROP TRIGGER append_only ON stock_movements")


@pytest.fixture
def story(shop: Shop) -> Shop:
    """A is filled, B has a part, C waits behind it, D is held as unmatched, E is picked, F is shipped."""
    shop.sells("MUG", "LID")
    shop.gets("MUG", 20).gets("LID", 2).check()
    shop.order("E", MUG=2)
    shop.order("F", MUG=3)
    shop.do(release_to_pick, ["E", "F"])
    shop.do(confirm_pick, ["E", "F"])
    shop.do(ship_order, ["F"])
    shop.later(minutes=1).order("A", MUG=6)
    shop.later(minutes=1).order("B", MUG=12)
    shop.later(minutes=1).order("C", MUG=4, LID=1, priority="LOW")
    shop.order("D", NOSUCH=2)
    return shop


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
    assert {law.law for law in made.laws if not law.looked_at} == {"7", "8"}


def test_it_says_what_it_cannot_see(story: Shop) -> None:
    assert {law.law for law in examined(story).laws if "Not seen" in law.sight} == {"7", "8", "9"}


def test_pending_marks_are_told_with_their_age(story: Shop) -> None:
    story.gets("MUG", 1)
    made = examined(story)
    assert (made.marks, made.findings) == (1, [])
    assert made.oldest_mark is not None


DRIFTS: dict[str, tuple[str, str]] = {
    "reserved_differs": (
        "UPDATE inventory_units SET reserved = reserved - 1 WHERE status = 'AVAILABLE' AND reserved = 15",
        "MUG in EAST/A-01: 14 units are booked as reserved, its open allocations hold 15",
    ),
    "reserved_beyond_quantity": (
        "UPDATE inventory_units SET quantity = 10 WHERE status = 'AVAILABLE' AND reserved = 15",
        "MUG in EAST/A-01: 15 units are reserved of 10 that lie there",
    ),
    "line_overfilled": (
        "UPDATE order_lines SET quantity = 5 WHERE quantity = 6",
        "Order A, line 1 (MUG) asks for 5 units but has 6 allocated, 0 fulfilled and 0 cancelled",
    ),
    "allocated_differs": (
        "UPDATE order_lines SET allocated = 8 WHERE allocated = 9",
        "Order B, line 1 (MUG) says that 8 units are allocated, its open allocations hold 9",
    ),
    "fulfilled_differs": (
        "UPDATE order_lines SET fulfilled = 1, cancelled = 2 WHERE fulfilled = 3",
        "Order F, line 1 (MUG) says that 1 units have gone out, its fulfilled allocations say 3",
    ),
    "status_differs": (
        "UPDATE orders SET status = 'ALLOCATED' WHERE number = 'B'",
        "with 9 units allocated, 0 fulfilled and 3 short it should be PARTIALLY_ALLOCATED",
    ),
    "hold_differs": (
        "UPDATE orders SET hold_kind = NULL WHERE number = 'D'",
        "Order D is ON_HOLD with the kind of hold None",
    ),
    "ledger_differs": (
        "UPDATE inventory_units SET quantity = quantity + 2 WHERE status = 'AVAILABLE' AND reserved = 15",
        "MUG in EAST/A-01: 17 units are booked, the ledger adds up to 15",
    ),
    "waiting_differs": (
        "UPDATE order_lines SET waiting = false WHERE quantity = 12",
        "Order B, line 1 (MUG): waiting is False, but the order is PARTIALLY_ALLOCATED and 3 units are short",
    ),
    "place_differs": (
        "UPDATE order_lines SET rank_priority = 10 WHERE quantity = 12",
        "Order B, line 1 (MUG) stands wrong in the queue: rank_priority is 10 instead of 30",
    ),
    "clock_missing": (
        "UPDATE orders SET backordered_since = NULL WHERE number = 'B'",
        "Order B is PARTIALLY_ALLOCATED but does not know since when it has been short",
    ),
    "backorder_missing": (
        "DELETE FROM backorders WHERE line_id = (SELECT line_id FROM order_lines WHERE quantity = 12)",
        "Order B, line 1 (MUG) is 3 units short but has no open backorder record",
    ),
    "backorder_left_open": (
        "INSERT INTO backorders (number, line_id, opened_at) "
        "SELECT 'BO-1', line_id, now() FROM order_lines WHERE fulfilled = 3",
        "Order F, line 1 (MUG) has 1 open backorder records (BO-1) with 0 units remaining",
    ),
    "merchant_crossed": (
        "INSERT INTO merchants (code) VALUES ('other'); UPDATE variants SET merchant_id = 2 WHERE sku = 'LID'",
        "Order C, line 2 (LID) belongs to merchant default but is matched with a variant of other",
    ),
    "allocation_misplaced": (
        "UPDATE locations SET is_pickable = false WHERE code = 'A-01'",
        "Order A, line 1 (MUG): the bin A-01, where 6 units are reserved for it, cannot be picked from",
    ),
    "picked_for_nobody": (
        "UPDATE inventory_units SET quantity = 5 WHERE status = 'PICKED'",
        "MUG in EAST/A-01: 5 units are picked, but only 2 of them are reserved for orders",
    ),
    "left_lying": (
        "UPDATE inventory_units SET quantity = quantity + 2 WHERE status = 'AVAILABLE' AND reserved = 15",
        "Order B, line 1 (MUG) waits although 2 free units in EAST could go to it and no mark is pending",
    ),
    "overtaken": (
        "UPDATE allocations SET turn = turn + 100 WHERE line_id IN "
        "(SELECT line_id FROM order_lines WHERE sku_text = 'LID'); "
        "UPDATE order_lines SET variant_id = (SELECT variant_id FROM variants WHERE sku = 'MUG') "
        "WHERE sku_text = 'LID'",
        "Order C, line 2 (LID) was granted units in turn 1",
    ),
}


@pytest.mark.parametrize("code", DRIFTS)
def test_a_drift_made_by_hand_is_found_and_said_in_words(story: Shop, code: str) -> None:
    unbolt(story)
    by_hand, words = DRIFTS[code]
    story.change(by_hand)
    assert any(words in one for one in said(story).get(code, [])), said(story)


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


def test_each_check_is_tried_by_a_drift() -> None:
    assert {check.code for check in CHECKS} <= set(DRIFTS)


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
