"""The fast twin of `pegging.py`: the same days, from columns, without a step per line.

Laid end to end by rank, what the lines of a variant take covers the same stretch as its supplies laid end to
end by day. So the day of a line is that of the supply in which its last unit lies, and no peg has to be named.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from makegood.planner.pegging import ON_HAND, InboundUnits, Prospect, SourcedUnits, supplies_by_day
from makegood.planner.row_order import Column, Flags, row_order

# Days are counted as `date.toordinal` does. What has no day comes after all others.
UNKNOWN, FREE_NOW = 0, ON_HAND.toordinal()
UNDATED = date.max.toordinal() + 1


class LackingColumns(NamedTuple):
    """Lines that lack units as columns, in any sequence; the fields are those of `LackingLine` and its rank."""

    line_id: Column
    order_id: Column
    variant_id: Column
    lacks: Column
    waits: Flags
    complete: Flags
    priority: Column
    placed_at: Column
    root_order_id: Column
    root_line_number: Column
    rank_order_id: Column
    line_number: Column

    @property
    def rank(self) -> list[Column]:
        """Give the six columns of the total order of service."""
        return list(self[6:])


def line_days(
    lines: LackingColumns,
    inbound: Sequence[InboundUnits],
    sourced: Sequence[SourcedUnits],
    free: Mapping[int, int],
) -> Column:
    """Give, line by line, the day on which the last unit that it lacks is due; UNKNOWN where that is not known."""
    if not len(lines.line_id):
        return np.empty(0, dtype=np.int64)
    by_name, last = _sourced(lines, inbound, sourced)
    wanted = lines.lacks - by_name
    order = row_order([lines.variant_id, *lines.rank])
    days = np.empty_like(wanted)
    days[order] = _drawn_until(
        lines.variant_id[order], np.where(lines.waits, wanted, 0)[order], inbound, sourced, free
    )
    days = np.maximum(np.where(wanted > 0, days, FREE_NOW), last)
    days[(days >= UNDATED) | (~lines.waits & (wanted > 0))] = UNKNOWN
    return days


def _sourced(
    lines: LackingColumns, inbound: Sequence[InboundUnits], sourced: Sequence[SourcedUnits]
) -> tuple[Column, Column]:
    """Give, line by line, the units that it has by name, and the last day of these."""
    units, last = np.zeros_like(lines.lacks), np.zeros_like(lines.lacks)
    if sourced:
        due = {one.inbound_line_id: _day(one.due) for one in inbound}
        order = np.argsort(lines.line_id)
        at = order[np.searchsorted(lines.line_id[order], [one.line_id for one in sourced])]
        np.add.at(units, at, [one.units for one in sourced])
        np.maximum.at(last, at, [due[one.inbound_line_id] for one in sourced])
    return units, last


def _drawn_until(
    variant: Column,
    wanted: Column,
    inbound: Sequence[InboundUnits],
    sourced: Sequence[SourcedUnits],
    free: Mapping[int, int],
) -> Column:
    """Give the day of the supply in which each row's last unit lies; rows are sorted by variant and rank."""
    kinds, first, length = np.unique(variant, return_index=True, return_counts=True)
    units, days, there = _supply(kinds.tolist(), inbound, sourced, free)
    total = np.cumsum(wanted)
    end = total - np.repeat(total[first] - wanted[first], length)
    reach = np.repeat(there, length)
    place = np.repeat(np.cumsum(there) - there, length) + end
    step = np.searchsorted(np.cumsum(units), np.where(end <= reach, place, 0))
    return np.where(end <= reach, np.append(days, UNDATED)[step], UNDATED)


def _supply(
    kinds: Sequence[int],
    inbound: Sequence[InboundUnits],
    sourced: Sequence[SourcedUnits],
    free: Mapping[int, int],
) -> tuple[Column, Column, Column]:
    """Give units and days of the supplies of these variants, one after the other, and each variant's sum."""
    due: dict[int | None, int] = {one.inbound_line_id: _day(one.due) for one in inbound}
    due[None] = FREE_NOW
    by_day = supplies_by_day(Prospect(lines=(), inbound=inbound, sourced=sourced, free=free))
    rows = [
        (place, units, due[number]) for place, kind in enumerate(kinds) for number, units in by_day.get(kind, ())
    ]
    place, units, days = (np.array([row[n] for row in rows], dtype=np.int64) for n in range(3))
    return units, days, np.bincount(place, units, len(kinds)).astype(np.int64)


def _day(due: date | None) -> int:
    return UNDATED if due is None else due.toordinal()
