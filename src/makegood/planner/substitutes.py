"""Which substitutes an order is sent: a pure choice from what is there for it at its turn.

Lines choose in rank order, each its alternatives in the order of preference, in whole multiples of what stands for
what. Nothing is chosen beyond what is spare once everyone better ranked has had a turn. Who ships whole lines, or
whole orders, chooses only what makes the line, or the order, whole.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from makegood.domain.alternatives import Alternative
from makegood.domain.states import ShipPolicy


class Lack(NamedTuple):
    """A line that lacks whole units of its variant, and what may be sent instead."""

    line_id: int
    variant_id: int
    units: int
    alternatives: Sequence[Alternative]


class Choice(NamedTuple):
    """`replaced` units of a line are sent as `units` of an alternative's substitute."""

    line_id: int
    alternative: Alternative
    replaced: int
    units: int


def choose(lacks: Sequence[Lack], spare: Mapping[int, int], policy: ShipPolicy) -> list[Choice]:
    """Choose substitutes for lines in their rank order; `spare` is what is there at their turn, by variant.

    >>> six = Alternative(1, 20, "EQUIVALENT", 1, 1, 6, False)
    >>> [(c.replaced, c.units) for c in choose([Lack(1, 10, 15, [six])], {20: 3}, ShipPolicy.PARTIAL)]
    [(12, 2)]
    """
    left = dict(spare)
    wanted = {lack.line_id: _after_own(lack, left) for lack in lacks}
    found: list[Choice] = []
    for lack in lacks:
        before = dict(left)
        chosen = list(_for_line(lack, wanted[lack.line_id], left))
        whole = sum(choice.replaced for choice in chosen) == wanted[lack.line_id]
        if policy is ShipPolicy.PARTIAL or whole:
            found += chosen
        else:
            left = before
        if policy is ShipPolicy.COMPLETE and not whole:
            return []
    return found


def _after_own(lack: Lack, left: dict[int, int]) -> int:
    """Give what a line lacks once it has taken what is there of its own variant."""
    own = min(lack.units, left.get(lack.variant_id, 0))
    left[lack.variant_id] = left.get(lack.variant_id, 0) - own
    return lack.units - own


def _for_line(lack: Lack, wanted: int, left: dict[int, int]) -> list[Choice]:
    chosen = []
    for alternative in sorted(lack.alternatives, key=lambda one: one.preference):
        times = min(wanted // alternative.per, left.get(alternative.substitute_id, 0) // alternative.units)
        if times:
            replaced, units = times * alternative.per, times * alternative.units
            chosen.append(Choice(lack.line_id, alternative, replaced, units))
            wanted -= replaced
            left[alternative.substitute_id] -= units
    return chosen
