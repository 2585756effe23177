"""Each measurement works, from its preparation to its figures, on very little work."""

import json

import pytest
from benchmarks.__main__ import main
from benchmarks.measures import ALL
from benchmarks.report import AT_LEAST, AT_MOST
from benchmarks.run import Run

# Programs read them.
PROMISED = {
    "drain_10k_ratio", "drain_100k_ratio", "drain_100k_one_sku_ratio", "growth_exponent",
    "unit_receipt_100k_over_1k", "import_ratio", "intake_p99_during_drain_over_idle", "max_gate_wait_ms",
    "planner_1m_over_sort", "floor_over_bare_floor", "two_workers_speedup", "statements_per_drain",
    "dates_100k_ratio", "records_fulfil_growth_one_sku", "records_p99_during_drain_over_idle",
}  # fmt: skip
found: dict[str, float] = {}


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_a_measurement_gives_figures(quick: Run, name: str) -> None:
    figures = ALL[name](quick)
    assert all(figure.value == figure.value for figure in figures)
    assert all(figure.note for figure in figures)
    found.update({figure.name: figure.value for figure in figures})


@pytest.mark.slow
def test_every_promised_figure_is_measured_and_every_target_belongs_to_one() -> None:
    if len(found) < len(ALL):
        pytest.skip("the measurements did not all run in this process")
    assert set(found) >= PROMISED
    assert {*AT_MOST, *AT_LEAST} - {"drain_1m_ratio"} <= set(found)


def test_one_object_stands_alone_on_stdout(embedded: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--quick", "--json", "--only", "planner", "--database-url", embedded])
    told = capsys.readouterr()
    printed = json.loads(told.out)
    assert {"planner_1m_over_sort", "missed", "facts"} <= set(printed)
    assert printed["facts"]["fsync"] == "on"
    assert "planner" in told.err


def test_people_get_a_table(embedded: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--quick", "--only", "planner", "--database-url", embedded])
    assert "| planner_1m_over_sort" in capsys.readouterr().out
