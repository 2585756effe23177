"""What made orders whole that had been short; nine of ten should need no retry by a person (SOP section 3)."""

from makegood.services.reports.rows import HandRow
from makegood.services.reports.shares import percent
from makegood.services.reports.window import Window
from makegood.services.work import Work

GOAL = 90.0


def by_whose_hand(work: Work, window: Window, _most: int) -> list[HandRow]:
    """Give each month with the share that needed no retry by a person, and whether that meets the goal."""
    found = {row[0]: row[1:] for row in work.db.all("report_hands", **window.values(work))}
    rows = []
    for number, span in enumerate(window.spans, start=1):
        resolved, inflow, retry, act = found.get(number, (0, 0, 0, 0))
        share = percent(resolved - retry, resolved)
        rows.append(
            HandRow(*span, resolved, inflow, retry, act, share, GOAL, None if share is None else share >= GOAL)
        )
    return rows
