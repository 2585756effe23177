"""What came out: figures with their targets, as a table for people and as one JSON object for programs."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

# The least or the most that docs/bench.md asks of a figure; what is not named here is told for information.
AT_MOST: Mapping[str, float] = {
    "drain_10k_ratio": 2.0,
    "drain_100k_ratio": 2.0,
    "drain_1m_ratio": 2.5,
    "drain_10k_one_sku_ratio": 2.0,
    "drain_100k_one_sku_ratio": 2.0,
    "drain_100k_all_partial_ratio": 2.0,
    "growth_exponent": 1.1,
    "growth_exponent_open_snapshot": 1.1,
    "growth_exponent_one_sku": 1.1,
    "floor_over_bare_floor": 3.0,
    "statements_growth": 1.0,
    "unit_receipt_100k_over_1k": 1.5,
    "unit_receipt_10k_over_f1": 10.0,
    "unit_receipt_100k_over_f1": 10.0,
    "dates_100k_ratio": 2.0,
    "dates_100k_one_sku_ratio": 2.0,
    "dates_growth_exponent": 1.1,
    "records_create_growth_one_sku": 1.1,
    "records_summary_growth_one_sku": 1.1,
    "records_list_growth_one_sku": 1.1,
    "records_allocate_growth_one_sku": 1.1,
    "records_fulfil_growth_one_sku": 1.1,
    "records_create_growth_many_skus": 1.1,
    "records_summary_growth_many_skus": 1.1,
    "records_list_growth_many_skus": 1.1,
    "records_allocate_growth_many_skus": 1.1,
    "records_fulfil_growth_many_skus": 1.1,
    "records_p99_during_drain_over_idle": 3.0,
    "import_ratio": 2.5,
    "import_services_ratio": 2.5,
    "intake_p99_during_drain_over_idle": 3.0,
    "max_gate_wait_ms": 250.0,
    "dashboard_ratio": 3.0,
    "dashboard_skus_page_ratio": 3.0,
    "dashboard_orders_page_ratio": 3.0,
    "unlock_count_ratio": 1.0,
    "dashboard_memory_ratio": 1.5,
    **dict.fromkeys(
        (
            "report_monthly_ratio",
            "report_quarterly_ratio",
            "report_aging_ratio",
            "report_reorder_priority_ratio",
            "report_service_level_ratio",
            "report_inflows_ratio",
            "report_trend_ratio",
            "report_unattended_ratio",
        ),
        3.0,
    ),
    "planner_1m_over_sort": 3.0,
    "planner_1m_sequential_over_sort": 5.0,
}
AT_LEAST: Mapping[str, float] = {"two_workers_speedup": 1.3}


class Figure(NamedTuple):
    """One measured figure under the name that it has in the JSON object; `note` says what stands behind it."""

    name: str
    value: float
    note: str = ""

    @property
    def target(self) -> str:
        """Say the target; nothing where there is none."""
        if self.name in AT_MOST:
            return f"≤ {AT_MOST[self.name]:g}"
        return f"≥ {AT_LEAST[self.name]:g}" if self.name in AT_LEAST else ""

    @property
    def verdict(self) -> str:
        """Say whether the target was met."""
        if not self.target:
            return ""
        met = AT_LEAST.get(self.name, self.value) <= self.value <= AT_MOST.get(self.name, self.value)
        return "met" if met else "MISSED"


def table(figures: Sequence[Figure], facts: Mapping[str, str]) -> str:
    """Lay the figures out for people, in Markdown, below the facts of the machine.

    >>> print(table([Figure("drain_10k_ratio", 1.7, "5 pairs")], {}))
    | figure            |  measured | target  | verdict | behind it |
    |-------------------|-----------|---------|---------|-----------|
    | drain_10k_ratio   |      1.70 | ≤ 2     | met     | 5 pairs   |
    """
    head = ("figure", "measured", "target", "verdict", "behind it")
    rows = [(one.name, f"{one.value:.2f}", one.target, one.verdict, one.note) for one in figures]
    least = (17, 9, 7, 7, 9)
    widths = [max(least[n], *(len(row[n]) for row in (head, *rows))) for n in range(5)]
    told = [f"{name}: {value}" for name, value in facts.items()]
    rule = "|".join("-" * (width + 2) for width in widths)
    lines = [_row(head, widths), f"|{rule}|", *(_row(row, widths) for row in rows)]
    return "\n".join([*told, *([""] if told else []), *lines])


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell.rjust(width) if n == 1 else cell.ljust(width)
        for n, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"| {' | '.join(padded)} |"


def as_json(figures: Sequence[Figure], facts: Mapping[str, str]) -> str:
    """Give one object: the figures by name, the names of those that missed their target, and the facts."""
    values: dict[str, object] = {one.name: round(one.value, 4) for one in figures}
    missed = [one.name for one in figures if one.verdict == "MISSED"]
    return json.dumps(values | {"missed": missed, "facts": dict(facts)}, indent=2)
