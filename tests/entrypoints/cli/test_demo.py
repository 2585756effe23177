"""The demo: a day of a small shop that ends by itself, says the same each time, and keeps to its own books."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from makegood.services.demo.live import live
from makegood.services.demo.tale import Happening, Tale, Turn
from makegood.services.doctor import doctor
from makegood.store.database import Database
from makegood.store.embedded import served
from makegood.store.migrate import migrate
from makegood.wiring import House

BARE: Mapping[str, str] = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def starts(home: Path, *words: str, **env: str) -> "subprocess.Popen[str]":
    """Start the real program without a terminal or a display."""
    return subprocess.Popen(
        [sys.executable, "-m", "makegood", "demo", "--home", str(home), *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**BARE, "PYTHONUTF8": "1", **env},
    )


def ends(demo: "subprocess.Popen[str]") -> str:
    """Wait for the end of a demo that must succeed, and give what it printed."""
    with demo:
        out, err = demo.communicate(timeout=120)
    assert demo.returncode == 0, err
    return out


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the demo's books."""
    return tmp_path_factory.mktemp("demo")


@pytest.mark.slow
def test_it_says_the_same_each_time_and_fits_eighty_columns(home: Path) -> None:
    first = ends(starts(home))
    # Where the books lie may be named by a path of any length.
    assert max(len(line) for line in first.splitlines() if str(home) not in line) <= 80
    assert "all 9 laws hold" in first
    assert ends(starts(home)) == first


def test_for_a_program_it_is_one_object_alone(home: Path) -> None:
    told: dict[str, Any] = json.loads(ends(starts(home, "--json")))
    assert told["laws_broken"] == 0
    assert told["mail"]["subject"] == "Your order 1005 has to wait"
    assert {one["order"] for one in told["still_waiting"]} == {"1003", "1005", "1008", "1010"}
    assert [turn["order"] for one in told["happenings"] for turn in one["served"]][:2] == ["1006", "1001"]


@pytest.mark.slow
def test_two_at_once_do_not_disturb_each_other(home: Path, tmp_path: Path) -> None:
    demos = [starts(home, "--json"), starts(home, "--json"), starts(tmp_path / "other", "--json")]
    assert len({ends(demo) for demo in demos}) == 1


@pytest.mark.slow
def test_another_database_is_left_alone(home: Path, books: Database) -> None:
    ends(starts(home, MAKEGOOD_DATABASE_URL=books.conninfo))
    with books.snapshot() as db:
        assert db.all("warehouse_codes") == []


@pytest.mark.slow
def test_it_does_not_empty_books_that_it_has_not_made(tmp_path: Path) -> None:
    with served(tmp_path) as address:
        migrate(address)
        with starts(tmp_path) as demo:
            _, err = demo.communicate(timeout=120)
    assert demo.returncode == 2
    assert "other books are kept there" in err


@pytest.fixture(scope="module")
def tale(module_books: Database) -> Tale:
    """The day, lived once for all the tests below."""
    return live(House(module_books))


def at(tale: Tale, hour: int) -> Happening:
    """Find what happened at an hour."""
    return next(one for one in tale.happenings if one.at.hour == hour)


def told(turns: Sequence[Turn]) -> dict[str, str]:
    """Give why, by order."""
    return {turn.order: turn.because for turn in turns}


def test_the_laws_hold_when_the_day_is_over(tale: Tale, module_books: Database) -> None:
    assert doctor(module_books, tale.ends_at).findings == []


def test_what_stands_on_the_dock_goes_to_nobody(tale: Tale) -> None:
    assert at(tale, 8).served == []
    assert told(at(tale, 8).passed_over)["1006"] == "8 MUG where nothing can be picked: DOCK"


def test_express_goes_first_then_the_older_and_the_rest_is_kept_back(tale: Tale) -> None:
    putaway = at(tale, 9)
    assert told(putaway.served) == {"1006": "EXPRESS before STANDARD (1001)", "1001": "ordered before 1002"}
    assert told(putaway.passed_over)["1003"] == "6 MUG kept back for 1002"
    assert [source.partition(":")[0] for source in putaway.sources] == ["move"]


def test_who_cannot_use_it_is_passed_over_and_the_latecomer_did_not_overtake(tale: Tale) -> None:
    assert told(at(tale, 10).served) == {
        "1006": "EXPRESS before RUSH (1005)",
        "1010": "1005 is ahead but takes all 6 or none",
    }
    assert at(tale, 10).sources == ["receiving:DN-32"]


def test_each_road_serves_somebody(tale: Tale) -> None:
    roads = {one.road: sorted(turn.order for turn in one.served) for one in tale.happenings}
    assert (roads["putaway"], roads["receiving"]) == (["1001", "1006"], [])
    assert roads["cycle count"] == ["1003"]
    assert roads["customer return"] == ["1002"]
    assert roads["cancelled order"] == ["1004"]


def test_what_was_served_names_what_set_it_off(tale: Tale) -> None:
    sources = [source for one in tale.happenings for source in one.sources]
    assert [source for source in sources if source.startswith(("receiving:", "cycle-count:", "return:"))] == [
        "receiving:DN-32",
        "cycle-count:C-7",
        "return:R-5",
    ]


def test_a_damaged_unit_is_taken_from_the_worst_ranked(tale: Tale) -> None:
    assert [(turn.order, turn.status) for turn in at(tale, 15).lost] == [("1003", "PARTIALLY_ALLOCATED")]


def test_who_still_waits_is_told_why(tale: Tale) -> None:
    why = {one.order: [reason.code for line in one.lines for reason in line.reasons] for one in tale.still_waiting}
    assert why == {
        "1005": ["STOCK_EXPIRED", "NO_STOCK"],
        "1003": ["NO_STOCK"],
        "1008": ["ON_HOLD", "UNMATCHED"],
        "1010": ["AHEAD_IN_QUEUE", "STOCK_EXPIRED"],
    }
