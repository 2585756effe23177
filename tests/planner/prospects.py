"""Prospects for the laws of pegging: a few lines, some held or sourced, and more or less supply than they lack."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from makegood.domain.rank import Priority
from makegood.planner.pegging import InboundUnits, LackingLine, Prospect, SourcedUnits
from makegood.planner.pegging_columns import LackingColumns
from tests.build import TODAY, a_rank

VARIANTS = st.sampled_from([1, 1, 1, 2])
# Few days on purpose: supply of the same day must be told apart by its id.
DAYS = st.sampled_from([None, -3, 1, 2, 2, 5])


@st.composite
def prospects(draw: st.DrawFn) -> Prospect:
    """Demand and supply of two variants; what is sourced fits what its line lacks and its supply has."""
    lines = [
        _line(draw, number) for number in draw(st.lists(st.integers(1, 40), min_size=1, max_size=8, unique=True))
    ]
    inbound = [_inbound(draw, number) for number in draw(st.lists(st.integers(1, 40), max_size=5, unique=True))]
    free = {variant: draw(st.integers(0, 6)) for variant in (1, 2) if draw(st.booleans())}
    return Prospect(lines=lines, inbound=inbound, sourced=_sourced(draw, lines, inbound), free=free)


def _line(draw: st.DrawFn, number: int) -> LackingLine:
    rank = a_rank(number, priority=draw(st.sampled_from(list(Priority))), minute=draw(st.integers(0, 2)))
    waits = draw(st.sampled_from([True, True, True, False]))
    return LackingLine(
        number * 10, number, draw(VARIANTS), draw(st.integers(1, 6)), waits, draw(st.booleans()), rank
    )


def _inbound(draw: st.DrawFn, number: int) -> InboundUnits:
    days = draw(DAYS)
    due = None if days is None else TODAY.fromordinal(TODAY.toordinal() + days)
    return InboundUnits(number, draw(VARIANTS), draw(st.integers(1, 9)), due)


def _sourced(draw: st.DrawFn, lines: list[LackingLine], inbound: list[InboundUnits]) -> list[SourcedUnits]:
    lacks = {line.line_id: line.lacks for line in lines}
    found = []
    for one in inbound:
        left = one.units
        for line in lines:
            most = min(left, lacks[line.line_id])
            if line.variant_id == one.variant_id and most and draw(st.sampled_from([False, False, True])):
                units = draw(st.integers(1, most))
                found.append(SourcedUnits(one.inbound_line_id, line.line_id, units))
                left -= units
                lacks[line.line_id] -= units
    return found


def as_columns(lines: Sequence[LackingLine]) -> LackingColumns:
    """The same lines as columns."""
    rows = [
        (*line[:6], int(line.rank.priority), int(line.rank.placed_at.timestamp()), *line.rank[2:])
        for line in lines
    ]
    columns: list[Any] = [np.array([row[place] for row in rows], dtype=np.int64) for place in range(12)]
    made = LackingColumns(*columns)
    return made._replace(waits=made.waits.astype(np.bool_), complete=made.complete.astype(np.bool_))
