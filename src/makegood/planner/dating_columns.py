"""What differs of the days of many lines from what is kept, by columns: only what differs becomes a record."""

from datetime import date
from typing import NamedTuple

import numpy as np

from makegood.planner.dating import DatedLine
from makegood.planner.pegging_columns import FREE_NOW, LackingColumns
from makegood.planner.row_order import Column, Flags


class KeptColumns(NamedTuple):
    """What is kept of some queues as columns, in any sequence; fields are those of `DatedLine`, 0 is no day."""

    line_id: Column
    variant_id: Column
    order_id: Column
    line_due: Column
    due: Column

    def records(self, rows: Column) -> list[DatedLine]:
        """Give some rows as records."""
        chosen = (column[rows].tolist() for column in self)
        return [
            DatedLine(line, kind, order, _day(own), _day(due))
            for line, kind, order, own, due in zip(*chosen, strict=True)
        ]


class Alike(NamedTuple):
    """What of many lines is not kept as it should be: rows as they are kept, and as they are wanted.

    `whole` are the orders that ship whole and have a line with a day.
    """

    kept: list[DatedLine]
    wanted: list[DatedLine]
    whole: set[int]


def not_alike(lines: LackingColumns, days: Column, kept: KeptColumns) -> Alike:
    """Leave out what is kept as it should be of lines whose orders ship in parts; everything else is given.

    So `differences` of the two lists is that of all of them.
    """
    dated = days > FREE_NOW
    alone = np.flatnonzero(dated & ~lines.complete)
    day = days[alone]
    fresh = KeptColumns(lines.line_id[alone], lines.variant_id[alone], lines.order_id[alone], day, day)
    same_fresh, same_kept = _same(fresh, kept)
    return Alike(
        kept.records(np.flatnonzero(~same_kept)),
        fresh.records(np.flatnonzero(~same_fresh)),
        set(lines.order_id[dated & lines.complete].tolist()),
    )


def _same(fresh: KeptColumns, kept: KeptColumns) -> tuple[Flags, Flags]:
    """Tell of each row of both whether the other has the very same."""
    same_fresh = np.zeros(len(fresh.line_id), dtype=np.bool_)
    same_kept = np.zeros(len(kept.line_id), dtype=np.bool_)
    # A line may be kept under two variants for a moment: then both rows are given.
    names, first, times = np.unique(kept.line_id, return_index=True, return_counts=True)
    single = first[times == 1]
    _, ours, theirs = np.intersect1d(fresh.line_id, names[times == 1], assume_unique=True, return_indices=True)
    theirs = single[theirs]
    equal = np.ones(len(ours), dtype=np.bool_)
    for mine, other in zip(fresh, kept, strict=True):
        equal &= mine[ours] == other[theirs]
    same_fresh[ours[equal]] = True
    same_kept[theirs[equal]] = True
    return same_fresh, same_kept


def _day(number: int) -> date | None:
    return date.fromordinal(number) if number else None
