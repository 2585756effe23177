"""Boxes, what goes into them, and how it lies there; millimetres and grams."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple


class NewBox(NamedTuple):
    """A box of a warehouse: inner dimensions, what may go into it, and what it weighs empty."""

    code: str
    length_mm: int
    width_mm: int
    height_mm: int
    max_weight_g: int
    weight_g: int = 0
    active: bool = True
    warehouse: str | None = None


class Box(NamedTuple):
    """A box that may be used, by id of the books."""

    box_id: int
    length_mm: int
    width_mm: int
    height_mm: int
    max_weight_g: int
    weight_g: int


class Goods(NamedTuple):
    """Units of one order line that are to be packed, each of these dimensions."""

    line_id: int
    units: int
    length_mm: int
    width_mm: int
    height_mm: int
    weight_g: int


class Placement(NamedTuple):
    """One unit of a line as it lies in a box: its corner nearest to the box's, and its dimensions as turned."""

    line_id: int
    x_mm: int
    y_mm: int
    z_mm: int
    length_mm: int
    width_mm: int
    height_mm: int


class Package(NamedTuple):
    """One filled box with its whole weight."""

    box_id: int
    weight_g: int
    placements: Sequence[Placement]


class PackingOutcome(StrEnum):
    """What came of the search for boxes."""

    PACKED = "PACKED"
    UNKNOWN_DIMENSIONS = "UNKNOWN_DIMENSIONS"
    TOO_LARGE = "TOO_LARGE"
    TOO_MANY = "TOO_MANY"
    FAILED = "FAILED"


class Packing(NamedTuple):
    """The boxes found for an order, or why there are none."""

    outcome: PackingOutcome
    message: str
    packages: Sequence[Package] = ()
