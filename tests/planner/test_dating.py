"""What is to be kept of orders that ship whole, and that columns find the same differences as records do."""

from datetime import date
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.planner.dating import DatedLine, Differences, PartOfWhole, alone_dates, differences, whole_dates
from makegood.planner.dating_columns import KeptColumns, not_alike
from makegood.planner.pegging import ON_HAND, Prospect, line_dates, peg
from makegood.planner.pegging_columns import line_days
from tests.planner.prospects import as_columns, prospects

NINTH, TWENTIETH = date(2025, 3, 9), date(2025, 3, 20)


def a_part(line: int, variant: int | None = 1, *, kept: date | None = None, was_kept: bool = True) -> PartOfWhole:
    """A line of order 7, which ships whole."""
    return PartOfWhole(line, variant, 7, kept, None, was_kept)


def test_every_line_of_a_whole_order_has_the_day_of_the_last() -> None:
    rows = whole_dates([a_part(1), a_part(2, 2, kept=TWENTIETH)], {1: NINTH}, {1})
    assert rows == [DatedLine(1, 1, 7, NINTH, TWENTIETH), DatedLine(2, 2, 7, TWENTIETH, TWENTIETH)]


def test_as_soon_as_one_line_has_a_day_all_matched_ones_are_kept() -> None:
    rows = whole_dates([a_part(1), a_part(2, 2, was_kept=False), a_part(3, None, was_kept=False)], {1: NINTH}, {1})
    assert rows == [DatedLine(1, 1, 7, NINTH, None), DatedLine(2, 2, 7, None, None)]


def test_while_no_line_has_a_day_nothing_is_kept_though_some_of_it_lies_there() -> None:
    assert whole_dates([a_part(1), a_part(2, 2)], {1: ON_HAND}, {1, 2}) == []


@settings(max_examples=300)
@given(prospects(), st.randoms(use_true_random=False))
def test_columns_find_the_differences_that_records_find(prospect: Prospect, chance: Random) -> None:
    lines = as_columns(prospect.lines)
    wanted = alone_dates(prospect.lines, line_dates(prospect, peg(prospect)))
    kept = [row for one in wanted for row in _as_kept(one, chance)] + [
        DatedLine(line, 1, line, NINTH, None) for line in range(500, 500 + chance.randrange(3))
    ]
    days = line_days(lines, prospect.inbound, prospect.sourced, prospect.free)
    seen = not_alike(lines, days, _columns(kept))
    assert _sorted(differences(seen.kept, seen.wanted)) == _sorted(differences(kept, wanted))


def _as_kept(row: DatedLine, chance: Random) -> list[DatedLine]:
    """What may be kept of a line: nothing, the very same, another day, or under another variant besides."""
    moved = row._replace(variant_id=row.variant_id + 1)
    choices = [[], [row], [row], [row._replace(due=TWENTIETH)], [row, moved], [moved]]
    return chance.choice(choices)


def _columns(rows: list[DatedLine]) -> KeptColumns:
    numbers = [(*row[:3], *(0 if day is None else day.toordinal() for day in row[3:])) for row in rows]
    return KeptColumns(*(np.array([row[place] for row in numbers], dtype=np.int64) for place in range(5)))


def _sorted(found: Differences) -> list[list[tuple[object, ...]]]:
    return [sorted(map(tuple, part), key=str) for part in found]
