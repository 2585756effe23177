"""Shares as percent, never rounded up to a goal that was missed."""

from math import floor


def percent(part: int, whole: int) -> float | None:
    """Give a share with one decimal, rounded down; of nothing there is none.

    >>> percent(1, 3), percent(8996, 10000), percent(0, 0)
    (33.3, 89.9, None)
    """
    return floor(1000 * part / whole) / 10 if whole else None
