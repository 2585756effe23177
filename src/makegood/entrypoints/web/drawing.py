"""Draws filled boxes as they would stand there: seen from the front, above and the side, all to the same scale."""

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter
from math import cos, pi, sin
from typing import NamedTuple

from makegood.services.boxes.show_packages import ShownPackage, ShownPlacement

# So wide is the largest box drawn, in the units of the picture.
WIDTH = 240.0
ACROSS, DOWN = cos(pi / 6), sin(pi / 6)


class Face(NamedTuple):
    """One side of a unit: its corners in the picture, which side it is, and what it belongs to."""

    points: str
    side: str
    sku: str


class Picture(NamedTuple):
    """A box with what lies in it: the size of the picture, the edges behind, the units, the farthest first."""

    package: ShownPackage
    width: float
    height: float
    back: str
    faces: Sequence[Face]


def pictures(packages: Sequence[ShownPackage]) -> list[Picture]:
    """Draw some boxes so that they can be compared."""
    widest = max(((one.length_mm + one.width_mm) * ACROSS for one in packages), default=1.0)
    return [_picture(one, WIDTH / widest) for one in packages]


def _picture(package: ShownPackage, scale: float) -> Picture:
    length, width, height = package.length_mm, package.width_mm, package.height_mm
    rim = [(0, width, height), (0, 0, height), (length, 0, height)]
    floor = [(length, 0, 0), (length, width, 0), (0, width, 0)]
    corners = [*rim, *floor, rim[0], rim[1], (0, 0, 0), floor[2], (0, 0, 0), floor[0]]
    return Picture(
        package,
        round((length + width) * ACROSS * scale, 1),
        round(((length + width) * DOWN + height) * scale, 1),
        _points(package, scale, corners),
        [face for one in _farthest_first(package.placements) for face in _faces(package, scale, one)],
    )


def _farthest_first(units: Sequence[ShownPlacement]) -> Sequence[ShownPlacement]:
    """Put whatever is behind or below a unit before it, so that what is drawn later hides what it should."""
    roughly = sorted(units, key=lambda one: (one.z_mm, one.x_mm + one.y_mm, one.x_mm))
    places = range(len(roughly))
    behind = {
        here: [there for there in places if there != here and _is_behind(roughly[there], roughly[here])]
        for here in places
    }
    try:
        return [roughly[place] for place in TopologicalSorter(behind).static_order()]
    except CycleError:
        return roughly


def _is_behind(one: ShownPlacement, other: ShownPlacement) -> bool:
    return _ends_before(one, other) and not _ends_before(other, one)


def _ends_before(one: ShownPlacement, other: ShownPlacement) -> bool:
    return (
        one.x_mm + one.length_mm <= other.x_mm
        or one.y_mm + one.width_mm <= other.y_mm
        or one.z_mm + one.height_mm <= other.z_mm
    )


def _faces(package: ShownPackage, scale: float, one: ShownPlacement) -> list[Face]:
    x, y, z = one.x_mm, one.y_mm, one.z_mm
    far_x, far_y, top = x + one.length_mm, y + one.width_mm, z + one.height_mm
    sides = {
        "top": [(x, y, top), (far_x, y, top), (far_x, far_y, top), (x, far_y, top)],
        "left": [(x, far_y, z), (far_x, far_y, z), (far_x, far_y, top), (x, far_y, top)],
        "right": [(far_x, y, z), (far_x, far_y, z), (far_x, far_y, top), (far_x, y, top)],
    }
    return [Face(_points(package, scale, corners), side, one.sku) for side, corners in sides.items()]


def _points(package: ShownPackage, scale: float, corners: Sequence[tuple[int, int, int]]) -> str:
    """Give corners of the box, in millimetres, as points of the picture."""
    return " ".join(
        f"{(x - y + package.width_mm) * ACROSS * scale:.1f},{((x + y) * DOWN - z + package.height_mm) * scale:.1f}"
        for x, y, z in corners
    )
