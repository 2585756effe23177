"""Which warehouses send what an order lacks: a pure decision, fewest shipments first, then the network's rank.

As much as possible is covered; of several ways to do that the one with the fewest warehouses, of these the one
whose warehouses are preferred. Who ships whole lines gets each line from one warehouse, or not; who ships complete
gets all from one warehouse, or nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from makegood.domain.states import ShipPolicy

# All ways through so many warehouses are looked at; of more the one that covers most is added again and again.
LOOKED_THROUGH = 10

Spare = Mapping[tuple[int, int], int]


class Missing(NamedTuple):
    """A line that lacks whole units of its variant."""

    line_id: int
    variant_id: int
    units: int


class Part(NamedTuple):
    """So many units of a line are sent from a warehouse."""

    warehouse_id: int
    line_id: int
    units: int


def divide_over(
    missing: Sequence[Missing], spare: Spare, warehouses: Sequence[int], policy: ShipPolicy
) -> list[Part]:
    """Say what comes from where; `missing` stand in rank order, `warehouses` in that of the network.

    `spare` is what is there at the order's turn, by (variant, warehouse). An empty list leaves the order whole.

    >>> divide_over([Missing(1, 7, 5)], {(7, 1): 3, (7, 2): 5}, [1, 2], ShipPolicy.PARTIAL)
    [Part(warehouse_id=2, line_id=1, units=5)]
    """
    wanted = sum(one.units for one in missing)
    best: list[Part] = []
    for chosen in _ways(missing, spare, warehouses, policy):
        parts = _assign(missing, spare, chosen, policy)
        if _covered(parts) > _covered(best):
            best = parts
        if _covered(best) == wanted:
            break
    return best if policy is not ShipPolicy.COMPLETE or _covered(best) == wanted else []


def _ways(
    missing: Sequence[Missing], spare: Spare, warehouses: Sequence[int], policy: ShipPolicy
) -> Iterator[Sequence[int]]:
    """Give sets of warehouses, the smaller before the greater, the preferred before the others."""
    useful = [one for one in warehouses if any(spare.get((line.variant_id, one), 0) for line in missing)]
    if policy is ShipPolicy.COMPLETE:
        yield from ([one] for one in useful)
    elif len(useful) <= LOOKED_THROUGH:
        yield from (way for size in range(1, len(useful) + 1) for way in combinations(useful, size))
    else:
        yield from _growing(missing, spare, useful, policy)


def _growing(
    missing: Sequence[Missing], spare: Spare, useful: Sequence[int], policy: ShipPolicy
) -> Iterator[Sequence[int]]:
    chosen: list[int] = []
    while len(chosen) < len(useful):
        more = [one for one in useful if one not in chosen]
        # The first of the best: they stand in the network's rank.
        chosen.append(max(more, key=lambda one: _covered(_assign(missing, spare, [*chosen, one], policy))))
        yield sorted(chosen, key=useful.index)


def _assign(missing: Sequence[Missing], spare: Spare, chosen: Sequence[int], policy: ShipPolicy) -> list[Part]:
    """Let the chosen warehouses give what they have, line after line."""
    left = dict(spare)
    parts: list[Part] = []
    for line in missing:
        wanted = line.units
        for warehouse in chosen:
            there = left.get((line.variant_id, warehouse), 0)
            units = min(wanted, there) if policy is ShipPolicy.PARTIAL or there >= wanted else 0
            if units:
                parts.append(Part(warehouse, line.line_id, units))
                left[line.variant_id, warehouse] = there - units
                wanted -= units
    return parts


def _covered(parts: Sequence[Part]) -> int:
    return sum(part.units for part in parts)
