"""The laws of pegging, a wrong rule for each, and the cases that a manager asks about first."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from makegood.planner.pegging import (
    ON_HAND,
    InboundUnits,
    LackingLine,
    Peg,
    Prospect,
    SourcedUnits,
    line_dates,
    peg,
    whole_date,
)
from tests.build import a_rank
from tests.planner import pegging_properties as laws
from tests.planner.pegging_properties import PegFunction
from tests.planner.prospects import prospects

NINTH, LAST_WEEK, TWENTIETH = date(2025, 3, 9), date(2025, 3, 2), date(2025, 3, 20)

PLAIN: list[Callable[[PegFunction, Prospect], None]] = [
    laws.gives_no_unit_twice,
    laws.leaves_nothing_unpegged,
    laws.pegs_what_is_sourced_to_its_line,
    laws.gives_a_held_line_only_what_it_sourced,
    laws.lets_nobody_overtake,
]
BY_CHANCE: list[Callable[[PegFunction, Prospect, Random], None]] = [
    laws.is_blind_to_sequence,
    laws.never_dates_later_for_more,
    laws.never_dates_later_for_less_demand,
]


@pytest.mark.parametrize("law", PLAIN, ids=lambda law: law.__name__)
@given(prospect=prospects())
def test_pegging_keeps_the_laws(law: Callable[[PegFunction, Prospect], None], prospect: Prospect) -> None:
    law(peg, prospect)


@pytest.mark.parametrize("law", BY_CHANCE, ids=lambda law: law.__name__)
@given(prospect=prospects(), chance=st.randoms(use_true_random=False))
def test_pegging_keeps_the_laws_of_change(
    law: Callable[[PegFunction, Prospect, Random], None], prospect: Prospect, chance: Random
) -> None:
    law(peg, prospect, chance)


@given(prospect=prospects())
def test_a_line_has_the_day_of_its_last_unit(prospect: Prospect) -> None:
    laws.dates_a_line_by_its_last_unit(line_dates, prospect)


def seeing(change: Callable[[Prospect], Prospect]) -> PegFunction:
    """Peg another prospect than the one that was handed in."""
    return lambda prospect: peg(change(prospect))


def without(**parts: Any) -> PegFunction:
    """Peg without a part of the prospect."""
    return seeing(lambda prospect: replace(prospect, **parts))


def lines_changed(change: Callable[[LackingLine], LackingLine]) -> PegFunction:
    """Peg lines that are not as they are."""
    return seeing(lambda prospect: replace(prospect, lines=[change(line) for line in prospect.lines]))


def _upside_down(line: LackingLine) -> LackingLine:
    return line._replace(rank=line.rank._replace(priority=100 - line.rank.priority))


def _supply_twice(prospect: Prospect) -> Prospect:
    return replace(prospect, inbound=[one._replace(units=2 * one.units) for one in prospect.inbound])


def _rank_of_the_given_sequence(prospect: Prospect) -> Prospect:
    lines = [line._replace(rank=a_rank(place)) for place, line in enumerate(prospect.lines)]
    return replace(prospect, lines=lines)


def _last_supply_first(prospect: Prospect) -> list[Peg]:
    """Peg what comes last first: another supply that comes later still pushes itself before it."""
    by_day = sorted(prospect.inbound, key=lambda one: (one.due or date.max, one.inbound_line_id), reverse=True)
    days = {one.inbound_line_id: date.fromordinal(place) for place, one in enumerate(by_day, start=1)}
    return peg(replace(prospect, inbound=[one._replace(due=days[one.inbound_line_id]) for one in by_day]))


def _last_line_first(prospect: Prospect) -> list[Peg]:
    """Let whoever lacks most go first: when they leave, another becomes the one who lacks most."""
    lines = [line._replace(rank=a_rank(line.lacks % 4, minute=line.line_id)) for line in prospect.lines]
    return peg(replace(prospect, lines=lines[:-1])) if len(lines) % 2 else peg(replace(prospect, lines=lines))


def _only_the_first_peg(prospect: Prospect) -> list[Peg]:
    """Forget what a line gets besides."""
    first: dict[int, Peg] = {}
    for one in peg(prospect):
        first.setdefault(one.line_id, one)
    return list(first.values())


MUTANTS: list[tuple[Any, PegFunction]] = [
    (laws.gives_no_unit_twice, seeing(_supply_twice)),
    (laws.leaves_nothing_unpegged, without(free={})),
    (laws.leaves_nothing_unpegged, _only_the_first_peg),
    (laws.pegs_what_is_sourced_to_its_line, without(sourced=())),
    (laws.gives_a_held_line_only_what_it_sourced, lines_changed(lambda line: line._replace(waits=True))),
    (laws.lets_nobody_overtake, lines_changed(_upside_down)),
    (laws.lets_nobody_overtake, lines_changed(lambda line: line._replace(waits=not line.complete))),
    (laws.is_blind_to_sequence, seeing(_rank_of_the_given_sequence)),
    (laws.never_dates_later_for_more, _last_supply_first),
    (laws.never_dates_later_for_less_demand, _last_line_first),
]


@pytest.mark.parametrize(("law", "mutant"), MUTANTS, ids=[law.__name__ for law, _ in MUTANTS])
def test_each_law_notices_a_wrong_rule(law: Any, mutant: PegFunction) -> None:
    @settings(max_examples=500, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)
    @given(prospects(), st.randoms(use_true_random=False))
    def judged(prospect: Prospect, chance: Random) -> None:
        law(mutant, prospect, *([chance] if law in BY_CHANCE else []))

    with pytest.raises((AssertionError, KeyError)):
        judged()


def _by_the_first_unit(prospect: Prospect, pegs: Sequence[Peg]) -> dict[int, date]:
    """Give the day on which the first unit comes."""
    known = line_dates(prospect, pegs)
    days = {one.inbound_line_id: one.due for one in prospect.inbound} | {None: ON_HAND}
    return {
        line: min(d for one in pegs if one.line_id == line and (d := days[one.inbound_line_id])) for line in known
    }


def _though_not_all_is_known(prospect: Prospect, pegs: Sequence[Peg]) -> dict[int, date]:
    """Give the day of the last unit that is known, whatever is lacking besides."""
    got = Counter[int]()
    for one in pegs:
        got[one.line_id] += one.units
    lines = [line._replace(lacks=got[line.line_id]) for line in prospect.lines]
    return line_dates(replace(prospect, lines=lines), pegs)


@pytest.mark.parametrize("mutant", [_by_the_first_unit, _though_not_all_is_known])
def test_the_law_of_the_last_unit_notices_a_wrong_rule(mutant: laws.DatesFunction) -> None:
    @settings(max_examples=500, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)
    @given(prospects())
    def judged(prospect: Prospect) -> None:
        laws.dates_a_line_by_its_last_unit(mutant, prospect)

    with pytest.raises(AssertionError):
        judged()


def a_want(order: int, units: int = 5, *, variant: int = 1, waits: bool = True) -> LackingLine:
    """A line of an order of its own that lacks some units."""
    return LackingLine(order * 10, order, variant, units, waits, False, a_rank(order, minute=order))


def dates(*lines: LackingLine, **supply: Any) -> dict[int, date]:
    """The days of these lines, by order."""
    prospect = Prospect(lines=lines, **supply)
    return {line_id // 10: day for line_id, day in line_dates(prospect, peg(prospect)).items()}


def test_a_line_is_due_with_its_last_unit() -> None:
    inbound = [InboundUnits(1, 1, 3, NINTH), InboundUnits(2, 1, 9, TWENTIETH)]
    assert dates(a_want(1, 2), a_want(2, 5), inbound=inbound) == {1: NINTH, 2: TWENTIETH}


def test_what_no_supply_reaches_has_no_day() -> None:
    assert dates(a_want(1), a_want(2), inbound=[InboundUnits(1, 1, 9, NINTH)]) == {1: NINTH}


def test_supply_without_a_day_comes_last_and_gives_no_day() -> None:
    inbound = [InboundUnits(1, 1, 5, None), InboundUnits(2, 1, 5, TWENTIETH)]
    assert dates(a_want(1), a_want(2), inbound=inbound) == {1: TWENTIETH}


def test_late_supply_keeps_its_day_and_is_the_next_to_come() -> None:
    inbound = [InboundUnits(1, 1, 5, TWENTIETH), InboundUnits(2, 1, 5, LAST_WEEK)]
    assert dates(a_want(1), a_want(2), inbound=inbound) == {1: LAST_WEEK, 2: TWENTIETH}


def test_what_lies_free_comes_before_all_that_is_to_come() -> None:
    inbound = [InboundUnits(1, 1, 5, LAST_WEEK)]
    assert dates(a_want(1, 4), a_want(2, 4), inbound=inbound, free={1: 4}) == {1: ON_HAND, 2: LAST_WEEK}


def test_sourced_units_are_not_there_for_those_ahead() -> None:
    supply = {"inbound": [InboundUnits(1, 1, 5, NINTH)], "sourced": [SourcedUnits(1, 20, 5)]}
    assert dates(a_want(1), a_want(2), **supply) == {2: NINTH}


def test_what_is_partly_sourced_takes_the_rest_at_its_rank() -> None:
    inbound = [InboundUnits(1, 1, 4, NINTH), InboundUnits(2, 1, 5, TWENTIETH)]
    assert dates(a_want(1, 4), a_want(2, 5), inbound=inbound, sourced=[SourcedUnits(1, 20, 2)]) == {
        1: TWENTIETH,
        2: TWENTIETH,
    }


def test_a_held_line_has_the_day_of_what_it_sourced() -> None:
    supply = {"inbound": [InboundUnits(1, 1, 9, NINTH)], "sourced": [SourcedUnits(1, 10, 3)]}
    assert dates(a_want(1, 3, waits=False), a_want(2, 6, waits=False), a_want(3, 6), **supply) == {
        1: NINTH,
        3: NINTH,
    }


def test_the_cover_is_cumulated_against_the_shortage() -> None:
    """Row 16 of the failures of the field: what is short before a supply comes is no cover of what comes after."""
    inbound = [InboundUnits(number, 1, 2, date(2025, 3, number)) for number in (3, 5, 7)]
    wants = [a_want(1, 1), a_want(2, 2), a_want(3, 2), a_want(4, 2)]
    assert dates(*wants, inbound=inbound) == {1: date(2025, 3, 3), 2: date(2025, 3, 5), 3: date(2025, 3, 7)}


def test_an_order_that_ships_whole_waits_for_its_last_line() -> None:
    assert whole_date([NINTH, TWENTIETH, ON_HAND]) == TWENTIETH
    assert whole_date([NINTH, None]) is None
    assert whole_date([]) is None
