"""How much of what was wanted went out with the first shipment, week by week."""

from makegood.services.reports.rows import WeekRow
from makegood.services.reports.shares import percent
from makegood.services.reports.window import Window
from makegood.services.work import Work


def weeks(work: Work, window: Window, _most: int) -> list[WeekRow]:
    """Give each week with the orders that first went out in it; a week in which none did has no shares."""
    found = {row[0]: row[1:] for row in work.db.all("report_first_shipments", **window.values(work))}
    rows = []
    for number, span in enumerate(window.spans, start=1):
        orders, whole, lines, whole_lines, units, sent = found.get(number, (0,) * 6)
        rows.append(
            WeekRow(*span, orders, whole, percent(whole, orders), lines, whole_lines,
                    percent(whole_lines, lines), units, sent, percent(sent, units))
        )  # fmt: skip
    return rows
