"""For how long orders had been short that became whole, quarter by quarter, and what to reorder at their end."""

from makegood.services.reports.rank_skus import skus
from makegood.services.reports.rows import QuarterRow
from makegood.services.reports.window import Window
from makegood.services.work import Work

TOP = 10


def quarters(work: Work, window: Window, _most: int) -> list[QuarterRow]:
    """Give each quarter with the median and the ninth decile of the days short; the last one with its top SKUs."""
    found = {row[0]: row[1:] for row in work.db.all("report_waits", **window.values(work))}
    top = skus(work, window, TOP)
    rows = []
    for number, span in enumerate(window.spans, start=1):
        resolved, days, escalated = found.get(number, (0, None, 0))
        median, ninth = (round(day, 2) for day in days) if days else (None, None)
        rows.append(QuarterRow(*span, resolved, median, ninth, escalated, top if span is window.spans[-1] else ()))
    return rows
