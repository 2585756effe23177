"""A figure is met or missed, and the table says so."""

import json

import pytest
from benchmarks.measures.drains import growth, slope
from benchmarks.measures.intake import p99
from benchmarks.report import AT_LEAST, AT_MOST, Figure, as_json, table
from benchmarks.run import Pair, ratio

from tests.house.reading import page


@pytest.mark.parametrize(
    ("name", "value", "verdict"),
    [
        ("drain_10k_ratio", 2.0, "met"),
        ("drain_10k_ratio", 2.01, "MISSED"),
        ("two_workers_speedup", 1.3, "met"),
        ("two_workers_speedup", 1.29, "MISSED"),
        ("statements_per_drain", 22, ""),
    ],
)
def test_a_figure_is_judged_by_its_target(name: str, value: float, verdict: str) -> None:
    assert Figure(name, value).verdict == verdict


def test_the_table_and_the_object_say_the_same() -> None:
    figures = [Figure("drain_10k_ratio", 2.5, "5 pairs"), Figure("import_ratio", 1.5)]
    printed = table(figures, {"fsync": "on"})
    assert "| drain_10k_ratio   |      2.50 | ≤ 2     | MISSED  | 5 pairs   |" in printed
    assert printed.startswith("fsync: on\n")
    assert json.loads(as_json(figures, {"fsync": "on"})) == {
        "drain_10k_ratio": 2.5,
        "import_ratio": 1.5,
        "missed": ["drain_10k_ratio"],
        "facts": {"fsync": "on"},
    }


def test_one_disturbed_pair_does_not_move_the_ratio() -> None:
    assert ratio([Pair(2, 1), Pair(90, 1), Pair(2.2, 1)]) == 2.2


def test_the_exponent_is_that_of_the_power_by_which_time_grows() -> None:
    assert growth("growth_exponent", {10: 1.0, 100: 10.0, 1000: 100.0}).value == pytest.approx(1)
    assert growth("growth_exponent", {10: 1.0, 100: 100.0}).value == pytest.approx(2)
    assert slope([(0, 1), (1, 3), (2, 5)]) == 2


def test_one_of_a_hundred_may_take_longer() -> None:
    assert p99([1.0] * 199 + [9.0]) == 1.0
    assert p99([1.0] * 98 + [9.0] * 2) == 9.0


@pytest.mark.parametrize("name", [*AT_MOST, *AT_LEAST])
def test_every_target_is_explained(name: str) -> None:
    assert f"`{name}`" in page("docs/bench.md")
