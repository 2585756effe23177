"""Sorting the rows of many columns at the price of sorting one.

As much of the leading columns as fits is packed into one integer per row, with the row's own number in the
lowest bits, and these integers are sorted by value, which is several times faster than sorting positions.
Only the rows that are still tied are sorted again, by what did not fit. Ranks are nearly unique after two or
three columns, so the later stages see few rows.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Column: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

_BITS = 63


class _Part(NamedTuple):
    """What is still open of a column: the bits of `mask` of its values, counted from `lowest`."""

    column: Column
    lowest: int = 0
    mask: int = -1

    def of(self, rows: Column | None) -> Column:
        """Give the open part of some rows, or of all."""
        values = self.column if rows is None else self.column.take(rows, mode="clip")
        return values if self.mask == -1 else (values - self.lowest) & self.mask


def row_order(columns: Sequence[Column]) -> Column:
    """Give the rows' numbers sorted by the columns, the first of which counts most; ties keep their sequence.

    >>> row_order([np.array([2, 1, 2]), np.array([7, 9, 3])]).tolist()
    [1, 2, 0]
    """
    if len(columns[0]) < 2:
        return np.arange(len(columns[0]))
    return _sorted([_Part(column) for column in columns], None, None)


def _sorted(parts: Sequence[_Part], rows: Column | None, run: Column | None) -> Column:
    """Sort by the run of ties that each row belongs to, then by the parts; give places among `rows`."""
    count = len(parts[0].column) if rows is None else len(rows)
    number = (count - 1).bit_length()
    key, rest = _packed(parts, rows, run, _BITS - number)
    key <<= number
    key |= np.arange(count)
    key.sort()
    order = key & ((1 << number) - 1)
    if rest:
        key >>= number
        _settle_ties(order, key, rest, rows)
    return order


def _packed(
    parts: Sequence[_Part], rows: Column | None, run: Column | None, room: int
) -> tuple[Column, list[_Part]]:
    """Pack what fits into `room` bits, and say what did not fit."""
    key: Column | None = run
    room -= 0 if run is None else int(run[-1]).bit_length()
    for place, part in enumerate(parts):
        values = part.of(rows)
        # What is left of a divided column counts from where its first part counted.
        lowest = int(values.min()) if part.mask == -1 else 0
        width = (int(values.max()) - lowest).bit_length()
        fits = min(width, room)
        bits = values - lowest
        bits >>= width - fits
        if key is None:
            key = bits
        else:
            key <<= fits
            key |= bits
        room -= fits
        if fits < width:
            left = _Part(part.column, part.lowest + lowest, (1 << (width - fits)) - 1)
            return key, [left, *parts[place + 1 :]]
    return np.zeros(0, dtype=np.int64) if key is None else key, []


def _settle_ties(order: Column, key: Column, rest: Sequence[_Part], rows: Column | None) -> None:
    """Sort the rows whose keys are equal by what did not fit, in place."""
    same = key[1:] == key[:-1]
    tied = np.zeros(len(key), dtype=np.bool_)
    tied[1:] = same
    tied[:-1] |= same
    places = np.flatnonzero(tied)
    if not len(places):
        return
    again = order[places]
    begins = np.append(True, ~same)[places]
    run = np.cumsum(begins)
    order[places] = again[_sorted(rest, again if rows is None else rows[again], run)]
