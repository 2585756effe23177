"""What a decision needs to know, and nothing else: who waits in which rank, and which units are usable."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from makegood.domain.rank import Rank, Reach
from makegood.domain.states import ShipPolicy


class WaitingLine(NamedTuple):
    """An order line that lacks `shortfall` whole units of one variant."""

    line_id: int
    order_id: int
    variant_id: int
    shortfall: int
    rank: Rank


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingOrder:
    """The waiting lines of one order under its ship policy.

    `keeps_back`: while the order is COMPLETE and cannot be filled, what it needs is kept from those behind.
    `fillable` is false when something outside the book (an unmatched line) forbids shipping it whole.
    """

    order_id: int
    policy: ShipPolicy
    lines: Sequence[WaitingLine]
    keeps_back: bool = False
    fillable: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", tuple(self.lines))
        if not self.lines:
            raise ValueError(f"order {self.order_id} waits for nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class UsableUnit:
    """`free` whole units of one variant in one pickable bin; not to be given out after its `last_day`.

    `usable_until` is earlier than `expires_on` where the variant has a minimum shelf life.
    """

    unit_id: int
    variant_id: int
    free: int
    received_at: datetime
    expires_on: date | None = None
    usable_until: date | None = None
    pick_sequence: int = 0

    def __post_init__(self) -> None:
        if self.free < 0:
            raise ValueError(f"unit {self.unit_id}: free is {self.free}, below zero")

    @property
    def last_day(self) -> date | None:
        """Give the last day on which the unit may be given out; None when it keeps for ever."""
        days = [day for day in (self.usable_until, self.expires_on) if day is not None]
        return min(days, default=None)


class Keeper(NamedTuple):
    """A waiting order that is known to be unfillable now and keeps `units` of a variant for itself."""

    order_id: int
    variant_id: int
    units: int
    rank: Rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Demand and supply of one warehouse at one instant.

    `horizons` name the variants whose queue was not read to its end, with the last reach that was read:
    the plan pauses there if such a variant still has units to give.
    """

    orders: Sequence[WaitingOrder]
    units: Sequence[UsableUnit]
    keepers: Sequence[Keeper] = ()
    horizons: dict[int, Reach] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # The plan reads a book, and then the laws read it again: a one-shot iterator would let them pass
        # anything.
        for name in ("orders", "units", "keepers"):
            object.__setattr__(self, name, tuple(getattr(self, name)))


class Grant(NamedTuple):
    """`units` of one inventory unit go to one line."""

    line_id: int
    unit_id: int
    units: int


class Short(NamedTuple):
    """What one line still lacks after its turn, and what stood there when its turn came.

    `spare` units were left for it, `kept_back` units were there but kept for `kept_for` (the best ranked of
    these orders, `shelves.NAMED_AT_MOST` of them); `orders_served` other orders had got `units_served` units
    of its variant before it in this plan.
    """

    line_id: int
    order_id: int
    variant_id: int
    units: int
    spare: int
    kept_back: int
    kept_for: tuple[int, ...]
    orders_served: int
    units_served: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who gets how much from where, and what everyone else lacks.

    `reach` is where the plan paused (None: everybody in the book had a turn); `spare` gives the units of
    each variant that nobody took and that are kept for nobody.
    """

    grants: Sequence[Grant]
    short: Sequence[Short]
    spare: dict[int, int]
    kept_back: dict[int, int]
    reach: Reach | None = None
    considered: frozenset[int] = frozenset()
