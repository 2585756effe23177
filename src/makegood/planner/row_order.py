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


def row_order(columns: Sequence[Column]) -> Column:
    """Give the rows' numbers sorted by the columns, the first of which counts most; ties keep their sequence.

    >>> row_order([np.array([2, 1, 2]), np.array([7, 9, 3])]).tolist()
    [1, 2, 0]
    """
    rows = len(columns[0])
    if rows < 2:
        return np.arange(rows)
    number = (rows - 1).bit_length()
    key, rest = _packed(columns, _BITS - number)
    key <<= number
    key |= np.arange(rows)
    key.sort()
    order = key & ((1 << number) - 1)
    if rest:
        _settle_ties(order, key >> number, rest)
    return order


class _Rest(NamedTuple):
    """The part of a column that did not fit: what `mask` leaves of the values, counted from `lowest`."""

    column: Column
    lowest: int
    mask: int


def _packed(columns: Sequence[Column], room: int) -> tuple[Column, list[_Rest]]:
    """Pack what fits into `room` bits, and say what did not fit."""
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for place, column in enumerate(columns):
        lowest = int(column.min())
        width = (int(column.max()) - lowest).bit_length()
        fits = min(width, room)
        if fits:
            key <<= fits
            key |= (column - lowest) >> (width - fits)
        room -= fits
        if fits < width:
            later = [_Rest(column, 0, -1) for column in columns[place + 1 :]]
            return key, [_Rest(column, lowest, (1 << (width - fits)) - 1), *later]
    return key, []


def _settle_ties(order: Column, key: Column, rest: Sequence[_Rest]) -> None:
    """Sort the rows whose keys are equal by the columns that did not fit, in place."""
    same = key[1:] == key[:-1]
    places = np.flatnonzero(np.append(same, False) | np.append(False, same))
    if not len(places):
        return
    run = np.cumsum(np.append(True, ~same))[places]
    rows = order[places]
    order[places] = rows[row_order([run, *((column[rows] - lowest) & mask for column, lowest, mask in rest)])]
