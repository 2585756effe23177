"""How old the orders were that were short: whole days since they were placed; a split keeps that date."""

from itertools import pairwise

from makegood.domain.errors import InvalidValue
from makegood.services.reports.rows import AgeRow
from makegood.services.reports.window import Window
from makegood.services.work import Work

# The first day of each group; the last one has no end.
FIRST_DAYS = (0, 4, 8, 15, 22, 31, 46)
GROUPS = (*(f"{first}-{after - 1}" for first, after in pairwise(FIRST_DAYS)), f"{FIRST_DAYS[-1]}+")


def ages(work: Work, window: Window, _most: int) -> list[AgeRow]:
    """Give every group with its orders and units, those on hold apart."""
    rows = work.db.all("report_ages", **window.values(work), days=list(FIRST_DAYS))
    found = {(group, held): (orders, units) for group, held, orders, units in rows}
    return [
        AgeRow(days, *found.get((group, False), (0, 0)), *found.get((group, True), (0, 0)))
        for group, days in enumerate(GROUPS, start=1)
    ]


def group_named(days: str) -> int:
    """Give the number of a group, or raise `InvalidValue`.

    >>> group_named("8-14")
    3
    """
    if days not in GROUPS:
        raise InvalidValue("days", days, "one of " + ", ".join(GROUPS))
    return GROUPS.index(days) + 1
