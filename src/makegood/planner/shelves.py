"""The usable units of each variant in picking order, and how many of them are still to be given."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from makegood.planner.book import Grant, UsableUnit

# A popular variant can be kept for thousands of orders, and every short line behind them tells for whom.
NAMED_AT_MOST = 10


def picking_order(unit: UsableUnit) -> tuple[bool, date, datetime, int, int]:
    """Earliest expiry first and none last, then first in, then the walk through the bins, then the id."""
    return (
        unit.expires_on is None,
        unit.expires_on or date.min,
        unit.received_at,
        unit.pick_sequence,
        unit.unit_id,
    )


def usable(unit: UsableUnit, as_of: date) -> bool:
    """Tell whether the unit's lot may still be given out on that day."""
    last_day = unit.last_day
    return unit.free > 0 and (last_day is None or last_day >= as_of)


class Shelves:
    """The supply of a plan while it is handed out; `spare` excludes what is kept back."""

    def __init__(self, units: Sequence[UsableUnit], as_of: date) -> None:
        self.spare: dict[int, int] = {}
        self.kept: dict[int, int] = {}
        self.kept_for: dict[int, tuple[int, ...]] = {}
        self._piles: dict[int, list[list[int]]] = {}
        for unit in sorted((u for u in units if usable(u, as_of)), key=picking_order, reverse=True):
            self._piles.setdefault(unit.variant_id, []).append([unit.unit_id, unit.free])
            self.spare[unit.variant_id] = self.spare.get(unit.variant_id, 0) + unit.free

    def take(self, line_id: int, variant_id: int, units: int) -> Iterator[Grant]:
        """Draw exactly `units`, which must be spare, from the front of the pile."""
        if units:
            self.spare[variant_id] -= units
        while units:
            front = self._piles[variant_id][-1]
            drawn = min(units, front[1])
            yield Grant(line_id, front[0], drawn)
            units -= drawn
            front[1] -= drawn
            if not front[1]:
                self._piles[variant_id].pop()

    def keep(self, order_id: int, variant_id: int, units: int) -> None:
        """Set up to `units` aside for an order that cannot be filled yet."""
        kept = min(units, self.spare.get(variant_id, 0))
        if kept:
            self.spare[variant_id] -= kept
            self.kept[variant_id] = self.kept.get(variant_id, 0) + kept
            named = self.kept_for.get(variant_id, ())
            if order_id not in named and len(named) < NAMED_AT_MOST:
                self.kept_for[variant_id] = (*named, order_id)
