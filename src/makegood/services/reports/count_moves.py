"""How many orders waited when, and what came and went between: the months of a manager, and the trend."""

from collections.abc import Iterator
from typing import NamedTuple

from makegood.domain.periods import Span
from makegood.services.record import STATUS_EVENTS
from makegood.services.reports.rows import MonthRow, TrendRow
from makegood.services.reports.window import Window
from makegood.services.work import Work

# What moves an order, and what is told besides.
MOVES = (*STATUS_EVENTS.values(), "order:backorder_resolved", "order:escalated")


class Moves(NamedTuple):
    """What happened in a span, and how many orders waited and were on hold before it."""

    waiting: int
    on_hold: int
    entered: int = 0
    left: int = 0
    resolved: int = 0
    held: int = 0
    released: int = 0
    escalated: int = 0

    def after(self) -> tuple[int, int]:
        """Give how many orders wait and are on hold when the span is over."""
        return self.waiting + self.entered - self.left, self.on_hold + self.held - self.released


def months(work: Work, window: Window, _most: int) -> list[MonthRow]:
    """Give each month with how many orders waited at its start and end."""
    return [
        MonthRow(
            *span,
            at_start=moves.waiting,
            entered=moves.entered,
            resolved=moves.resolved,
            left=moves.left,
            at_end=moves.after()[0],
            change=moves.entered - moves.left,
            held=moves.held,
            escalated=moves.escalated,
        )
        for span, moves in _moves(work, window)
    ]


def trend(work: Work, window: Window, _most: int) -> list[TrendRow]:
    """Give each span with how many orders waited and were on hold at its end."""
    return [
        TrendRow(*span, *moves.after(), moves.entered, moves.left, moves.resolved)
        for span, moves in _moves(work, window)
    ]


def _moves(work: Work, window: Window) -> Iterator[tuple[Span, Moves]]:
    counts = {row[0]: row[1:] for row in work.db.all("report_moves", **window.values(work), types=list(MOVES))}
    waiting, on_hold = Moves(0, 0, *counts.get(0, ())).after()
    for number, span in enumerate(window.spans, start=1):
        moves = Moves(waiting, on_hold, *counts.get(number, ()))
        yield span, moves
        waiting, on_hold = moves.after()
