"""The choice of substitutes keeps its laws for any order, list of alternatives and stock."""

from collections.abc import Callable, Mapping, Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.domain.alternatives import Alternative, AlternativeKind
from makegood.domain.states import ShipPolicy
from makegood.planner.substitutes import Choice, Lack, choose

Chooser = Callable[[Sequence[Lack], Mapping[int, int], ShipPolicy], list[Choice]]
VARIANTS = st.integers(1, 5)


@st.composite
def lacking(draw: st.DrawFn) -> list[Lack]:
    """Some lines of one order in rank order, each with what may be sent instead."""
    lacks = []
    for line_id in range(1, draw(st.integers(1, 4)) + 1):
        variant = draw(VARIANTS)
        others = draw(st.lists(st.sampled_from(sorted({1, 2, 3, 4, 5} - {variant})), max_size=3, unique=True))
        alternatives = [
            Alternative(
                line_id * 10 + place,
                other,
                draw(st.sampled_from(list(AlternativeKind))),
                draw(st.integers(1, 2)),
                draw(st.integers(1, 3)),
                draw(st.integers(1, 3)),
                False,
            )
            for place, other in enumerate(others)
        ]
        lacks.append(Lack(line_id, variant, draw(st.integers(0, 9)), alternatives))
    return lacks


SPARE = st.dictionaries(VARIANTS, st.integers(0, 12))
POLICIES = st.sampled_from(list(ShipPolicy))


def broken(lacks: Sequence[Lack], spare: Mapping[int, int], policy: ShipPolicy, chooser: Chooser) -> list[str]:
    """Say which law a choice breaks."""
    made = chooser(lacks, spare, policy)
    own, left = own_share(lacks, spare)
    of = {lack.line_id: lack for lack in lacks}
    replaced = {line: sum(one.replaced for one in made if one.line_id == line) for line in of}
    faults = [
        f"{one}: not in whole multiples"
        for one in made
        if one.units * one.alternative.per != one.replaced * one.alternative.units or one.units < 1
    ]
    faults += [
        f"{one}: no alternative of its line" for one in made if one.alternative not in of[one.line_id].alternatives
    ]
    for variant in {one.alternative.substitute_id for one in made}:
        taken = sum(one.units for one in made if one.alternative.substitute_id == variant)
        faults += (
            [f"{taken} of {variant} taken, {left.get(variant, 0)} spare"] if taken > left.get(variant, 0) else []
        )
    for line, lack in of.items():
        rest = lack.units - own[line]
        faults += [f"line {line} replaces {replaced[line]} of {rest}"] if replaced[line] > rest else []
        if policy is ShipPolicy.COMPLETE_LINES and 0 < replaced[line] < rest:
            faults.append(f"line {line} is still short")
        if policy is ShipPolicy.COMPLETE and made and replaced[line] < rest:
            faults.append(f"the order is still short on line {line}")
    return faults


def own_share(lacks: Sequence[Lack], spare: Mapping[int, int]) -> tuple[dict[int, int], dict[int, int]]:
    """Give each line what is there of its own variant, and what that leaves."""
    left, own = dict(spare), {}
    for lack in lacks:
        own[lack.line_id] = min(lack.units, left.get(lack.variant_id, 0))
        left[lack.variant_id] = left.get(lack.variant_id, 0) - own[lack.line_id]
    return own, left


@given(lacking(), SPARE, POLICIES)
def test_a_choice_keeps_the_laws(lacks: list[Lack], spare: dict[int, int], policy: ShipPolicy) -> None:
    assert broken(lacks, spare, policy, choose) == []


@given(lacking(), SPARE, POLICIES, st.randoms())
def test_alternatives_in_any_order_give_the_same_choice(
    lacks: list[Lack], spare: dict[int, int], policy: ShipPolicy, chance: Random
) -> None:
    shuffled = [
        lack._replace(alternatives=chance.sample(lack.alternatives, len(lack.alternatives))) for lack in lacks
    ]
    assert choose(shuffled, spare, policy) == choose(lacks, spare, policy)


@given(lacking(), SPARE)
def test_nothing_that_could_help_is_left_lying(lacks: list[Lack], spare: dict[int, int]) -> None:
    made = choose(lacks, spare, ShipPolicy.PARTIAL)
    own, left = own_share(lacks, spare)
    for one in made:
        left[one.alternative.substitute_id] -= one.units
    for lack in lacks:
        rest = lack.units - own[lack.line_id] - sum(one.replaced for one in made if one.line_id == lack.line_id)
        usable = [a for a in lack.alternatives if a.per <= rest and a.units <= left.get(a.substitute_id, 0)]
        assert not usable


def takes_twice(lacks: Sequence[Lack], spare: Mapping[int, int], policy: ShipPolicy) -> list[Choice]:
    """Let every line see all that is spare."""
    return [one for lack in lacks for one in choose([lack], spare, policy)]


def forgets_policy(lacks: Sequence[Lack], spare: Mapping[int, int], policy: ShipPolicy) -> list[Choice]:
    """Choose for everybody as for who ships in parts."""
    return choose(lacks, spare, ShipPolicy.PARTIAL)


def forgets_units(lacks: Sequence[Lack], spare: Mapping[int, int], policy: ShipPolicy) -> list[Choice]:
    """Send one for one, whatever stands for what."""
    return [one._replace(units=one.replaced) for one in choose(lacks, spare, policy)]


@pytest.mark.parametrize("mutant", [takes_twice, forgets_policy, forgets_units])
def test_a_wrong_choice_is_seen(mutant: Chooser) -> None:
    found: list[str] = []

    @given(lacking(), SPARE, POLICIES)
    def judged(lacks: list[Lack], spare: dict[int, int], policy: ShipPolicy) -> None:
        found.extend(broken(lacks, spare, policy, mutant))

    judged()
    assert found
