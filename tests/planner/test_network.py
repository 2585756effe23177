"""The division over the network keeps its laws for any order, stock and number of warehouses."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.domain.states import ShipPolicy
from makegood.planner import network
from makegood.planner.network import Missing, Part, divide_over

Divider = Callable[[Sequence[Missing], Mapping[tuple[int, int], int], Sequence[int], ShipPolicy], list[Part]]
SITES = [4, 2, 7, 5]
MISSING = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 6)), min_size=1, max_size=4).map(
    lambda wanted: [Missing(line, variant, units) for line, (variant, units) in enumerate(wanted, start=1)]
)
SPARE = st.dictionaries(st.tuples(st.integers(1, 3), st.sampled_from(SITES)), st.integers(0, 8), max_size=9)
POLICIES = st.sampled_from(list(ShipPolicy))


def broken(
    missing: Sequence[Missing], spare: Mapping[tuple[int, int], int], policy: ShipPolicy, divider: Divider
) -> list[str]:
    """Say which law a division breaks."""
    made = divider(missing, spare, SITES, policy)
    of = {line.line_id: line for line in missing}
    faults = [f"{part}: no units" for part in made if part.units < 1]
    taken: dict[tuple[int, int], int] = {}
    given_: dict[int, int] = dict.fromkeys(of, 0)
    for part in made:
        queue = (of[part.line_id].variant_id, part.warehouse_id)
        taken[queue] = taken.get(queue, 0) + part.units
        given_[part.line_id] += part.units
    faults += [f"{units} taken of {queue}" for queue, units in taken.items() if units > spare.get(queue, 0)]
    faults += [f"line {line} was given {units}" for line, units in given_.items() if units > of[line].units]
    sites = {part.warehouse_id for part in made}
    if policy is not ShipPolicy.PARTIAL:
        faults += [f"{part} is a part of a line" for part in made if part.units < of[part.line_id].units]
    if policy is ShipPolicy.COMPLETE and made:
        faults += ["not all from one warehouse"] if len(sites) > 1 else []
        faults += ["not the whole order"] if any(given_[line] < of[line].units for line in of) else []
    if policy is ShipPolicy.PARTIAL:
        faults += _partly(missing, spare, sites, sum(given_.values()))
    return faults


def _partly(
    missing: Sequence[Missing], spare: Mapping[tuple[int, int], int], sites: set[int], covered: int
) -> list[str]:
    """Who ships in parts is covered as far as can be, by the fewest and preferred warehouses."""
    most = coverable(missing, spare, SITES)
    ways = [way for size in range(len(SITES) + 1) for way in combinations(SITES, size)]
    best = next(way for way in ways if coverable(missing, spare, way) == most)
    return (
        [f"{covered} of {most} covered, by {sites} and not {best}"]
        if (covered, sites) != (most, set(best))
        else []
    )


def coverable(missing: Sequence[Missing], spare: Mapping[tuple[int, int], int], sites: Sequence[int]) -> int:
    wanted: dict[int, int] = {}
    for line in missing:
        wanted[line.variant_id] = wanted.get(line.variant_id, 0) + line.units
    return sum(
        min(units, sum(spare.get((variant, site), 0) for site in sites)) for variant, units in wanted.items()
    )


@given(MISSING, SPARE, POLICIES)
def test_a_division_keeps_the_laws(
    missing: list[Missing], spare: dict[tuple[int, int], int], policy: ShipPolicy
) -> None:
    assert broken(missing, spare, policy, divide_over) == []


@given(MISSING, SPARE, POLICIES, st.randoms())
def test_the_same_stock_in_any_order_gives_the_same_division(
    missing: list[Missing], spare: dict[tuple[int, int], int], policy: ShipPolicy, chance: Random
) -> None:
    shuffled = dict(chance.sample(list(spare.items()), len(spare)))
    assert divide_over(missing, shuffled, SITES, policy) == divide_over(missing, spare, SITES, policy)


@given(MISSING, SPARE)
def test_many_warehouses_are_chosen_one_by_one_and_cover_as_much(
    missing: list[Missing], spare: dict[tuple[int, int], int]
) -> None:
    looked_through = network.LOOKED_THROUGH
    network.LOOKED_THROUGH = 0
    try:
        made = divide_over(missing, spare, SITES, ShipPolicy.PARTIAL)
    finally:
        network.LOOKED_THROUGH = looked_through
    assert sum(part.units for part in made) == coverable(missing, spare, SITES)


def everywhere(
    missing: Sequence[Missing], spare: Mapping[tuple[int, int], int], sites: Sequence[int], policy: ShipPolicy
) -> list[Part]:
    """Take the full quantity at each warehouse."""
    return [part for site in sites for part in divide_over(missing, spare, [site], policy)]


def unranked(
    missing: Sequence[Missing], spare: Mapping[tuple[int, int], int], sites: Sequence[int], policy: ShipPolicy
) -> list[Part]:
    """Prefer the warehouses by their ids."""
    return divide_over(missing, spare, sorted(sites), policy)


def in_parts(
    missing: Sequence[Missing], spare: Mapping[tuple[int, int], int], sites: Sequence[int], policy: ShipPolicy
) -> list[Part]:
    """Ship everybody in parts."""
    return divide_over(missing, spare, sites, ShipPolicy.PARTIAL)


@pytest.mark.parametrize("mutant", [everywhere, unranked, in_parts])
def test_a_wrong_division_is_seen(mutant: Divider) -> None:
    found: list[str] = []

    @given(MISSING, SPARE, POLICIES)
    def judged(missing: list[Missing], spare: dict[tuple[int, int], int], policy: ShipPolicy) -> None:
        found.extend(broken(missing, spare, policy, mutant))

    judged()
    assert found
