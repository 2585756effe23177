"""The judge is silent about sound books, notices drifts by itself, and ends as a program should."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.drifts import DRIFTS, a_story, unbolt
from tests.judge.judge import judge
from tests.shop import MONDAY, Shop

ROOT = Path(__file__).parents[2]
JUDGED = [code for code, drift in DRIFTS.items() if drift.judged]


@pytest.fixture
def story(shop: Shop) -> Shop:
    return a_story(shop)


def test_sound_books_are_kept_law_by_law(story: Shop) -> None:
    verdict = judge(story.books.conninfo, MONDAY.date())
    assert verdict.broken == {}
    assert [line.split(":")[0] for line in verdict.lines[:8]] == [f"law {number}" for number in range(1, 9)]


@pytest.mark.parametrize("code", JUDGED)
def test_a_drift_made_by_hand_is_noticed(story: Shop, code: str) -> None:
    unbolt(story)
    story.change(DRIFTS[code].by_hand)
    assert DRIFTS[code].judged in judge(story.books.conninfo, MONDAY.date()).broken


def test_a_lost_mark_is_noticed_and_a_pending_one_is_not_a_fault(story: Shop) -> None:
    story.gets("MUG", 3)
    assert judge(story.books.conninfo, MONDAY.date()).broken == {}
    story.change("DELETE FROM marks")
    assert judge(story.books.conninfo, MONDAY.date()).broken.keys() == {"6", "7"}


def test_a_reservation_where_nobody_may_take_it_is_noticed(story: Shop) -> None:
    story.change(
        "UPDATE locations SET active = false WHERE location_id IN (SELECT location_id FROM inventory_units)"
    )
    assert "allocations" in judge(story.books.conninfo, MONDAY.date()).broken


def test_units_that_are_kept_back_are_not_left_lying(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    shop.order("SET", ship_policy="COMPLETE", when_short="reserve", MUG=2, LID=2)
    shop.later(minutes=1).order("WHOLE", ship_policy="COMPLETE_LINES", MUG=4)
    shop.later(minutes=1).order("MUGS", MUG=4)
    shop.gets("MUG", 5).check()
    assert (shop.has("MUGS"), judge(shop.books.conninfo, MONDAY.date()).broken) == ({"MUG": 3}, {})
    shop.change("UPDATE orders SET keeps_back = false; UPDATE order_lines SET keeps_back = false")
    assert judge(shop.books.conninfo, MONDAY.date()).broken.keys() == {"6", "7"}


@pytest.mark.parametrize(
    ("by_hand", "code", "says"), [(None, 0, "law 1: kept"), ("reserved_differs", 1, "BROKEN")]
)
def test_it_is_a_program(story: Shop, by_hand: str | None, code: int, says: str) -> None:
    if by_hand:
        story.change(DRIFTS[by_hand].by_hand)
    command = [sys.executable, "-m", "tests.judge.judge", story.books.conninfo, MONDAY.date().isoformat()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, says in done.stdout) == (code, True), done


def test_it_shares_no_code_with_the_program() -> None:
    for file in ("judge", "queues", "supply", "tables"):
        assert "makegood." not in (ROOT / "tests" / "judge" / f"{file}.py").read_text()
