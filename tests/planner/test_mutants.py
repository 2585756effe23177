"""Each law must notice the rule that breaks it: plausible wrong planners, each killed by its property.

A mutant plans with the real planner after one thing was changed: the book it sees, the rules it applies, or the
grants it hands out.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from makegood.domain.rank import Priority, Rank, Reach
from makegood.domain.states import ShipPolicy
from makegood.planner.book import Book, Grant, Plan, WaitingLine
from makegood.planner.plan import RULES, partial, plan
from tests.build import NOON
from tests.planner.properties import (
    PlanFunction,
    draws_the_earlier_for_the_better_ranked,
    goes_on_as_if_never_paused,
    is_blind_to_sequence,
    is_what_the_twin_plans,
    keeps_the_laws,
    what_is_left,
)
from tests.strategies import books

EXAMPLES = 400
BOOKS = books() | books(contested=True)


def reranked(change: Callable[[Rank], Rank]) -> PlanFunction:
    """Plan with other ranks."""

    def mutant(book: Book, *, as_of: date, bound: int | None = None) -> Plan:
        orders = [
            replace(order, lines=[line._replace(rank=change(line.rank)) for line in order.lines])
            for order in book.orders
        ]
        return plan(replace(book, orders=orders), as_of=as_of, bound=bound)

    return mutant


def with_book(change: Callable[[Book], Book]) -> PlanFunction:
    """Plan another book than the one that was handed in."""

    def mutant(book: Book, *, as_of: date, bound: int | None = None) -> Plan:
        return plan(change(book), as_of=as_of, bound=bound)

    return mutant


def with_rule(policy: ShipPolicy, rule: Any) -> PlanFunction:
    """Plan with another rule for one ship policy."""

    def mutant(book: Book, *, as_of: date, bound: int | None = None) -> Plan:
        kept = RULES[policy]
        RULES[policy] = rule
        try:
            return plan(book, as_of=as_of, bound=bound)
        finally:
            RULES[policy] = kept

    return mutant


def with_grants(change: Callable[[list[Grant], Book], list[Grant]]) -> PlanFunction:
    """Hand out other grants than those that were decided."""

    def mutant(book: Book, *, as_of: date, bound: int | None = None) -> Plan:
        made = plan(book, as_of=as_of, bound=bound)
        return replace(made, grants=change(list(made.grants), book))

    return mutant


def units_without_expiry(book: Book) -> Book:
    return replace(book, units=[replace(u, expires_on=None, usable_until=None) for u in book.units])


def units_in_one_delivery(book: Book) -> Book:
    return replace(book, units=[replace(u, received_at=book.units[0].received_at) for u in book.units])


def nobody_keeps_back(book: Book) -> Book:
    return replace(book, orders=[replace(order, keeps_back=False) for order in book.orders])


def everybody_keeps_back(book: Book) -> Book:
    return replace(book, orders=[replace(order, keeps_back=True) for order in book.orders])


def everything_is_matched(book: Book) -> Book:
    return replace(book, orders=[replace(order, fillable=True) for order in book.orders])


def lines_apart(book: Book) -> Book:
    """Take the lines of an order for orders of their own, so that COMPLETE is asked of each alone."""
    return replace(book, orders=[replace(order, lines=[line]) for order in book.orders for line in order.lines])


def first_comer_first(rank: Rank) -> Rank:
    return rank._replace(priority=Priority.NORMAL)


def express_last(rank: Rank) -> Rank:
    return rank._replace(priority=-rank.priority)


def youngest_first(rank: Rank) -> Rank:
    return rank._replace(placed_at=NOON - (rank.placed_at - NOON))


def ties_open(rank: Rank) -> Rank:
    """Rank by priority and age alone, so that chance decides between two of one minute."""
    return rank._replace(root_order_id=0, root_line_number=0, order_id=0, line_number=0)


def children_for_themselves(rank: Rank) -> Rank:
    return rank._replace(root_order_id=rank.order_id, root_line_number=rank.line_number)


def one_by_itself(order: Any, lines: tuple[WaitingLine, ...], spare: dict[int, int]) -> list[int]:
    """Look at each line of a complete order alone: two lines of one variant both see all of it."""
    enough = order.fillable and all(spare.get(line.variant_id, 0) >= line.shortfall for line in lines)
    return what_there_is(order, lines, spare) if enough else nothing(order, lines, spare)


def what_there_is(order: Any, lines: tuple[WaitingLine, ...], spare: dict[int, int]) -> list[int]:
    """Give a complete order a part, if it must be."""
    left = dict(spare)
    given = []
    for line in lines:
        given.append(min(line.shortfall, left.get(line.variant_id, 0)))
        left[line.variant_id] = left.get(line.variant_id, 0) - given[-1]
    return given


def nothing(order: Any, lines: tuple[WaitingLine, ...], spare: dict[int, int]) -> list[int]:
    return [0 for _ in lines]


def one_less(order: Any, lines: tuple[WaitingLine, ...], spare: dict[int, int]) -> list[int]:
    return [max(units - 1, 0) for units in partial(order, lines, spare)]


def twice(grants: list[Grant], book: Book) -> list[Grant]:
    return grants + grants[:1]


def one_more(grants: list[Grant], book: Book) -> list[Grant]:
    return [*grants[:-1], *(grant._replace(units=grant.units + 1) for grant in grants[-1:])]


def last_one_lost(grants: list[Grant], book: Book) -> list[Grant]:
    return grants[:-1]


def from_any_unit(grants: list[Grant], book: Book) -> list[Grant]:
    """Take everything from the unit with the highest id."""
    last = max((unit.unit_id for unit in book.units), default=0)
    return [grant._replace(unit_id=last) for grant in grants]


BREAK_A_LAW = {
    "the highest priority does not count": reranked(first_comer_first),
    "EXPRESS is served last": reranked(express_last),
    "the youngest order is served first": reranked(youngest_first),
    "a split child loses its age": reranked(children_for_themselves),
    "expiry is not looked at": with_book(units_without_expiry),
    "first in, first out is forgotten": with_book(units_in_one_delivery),
    "keepers outside the book are forgotten": with_book(lambda book: replace(book, keepers=[])),
    "nobody keeps back": with_book(nobody_keeps_back),
    "everybody keeps back": with_book(everybody_keeps_back),
    "COMPLETE ships without its unmatched line": with_book(everything_is_matched),
    "COMPLETE is asked of each line alone": with_book(lines_apart),
    "COMPLETE gets a part": with_rule(ShipPolicy.COMPLETE, what_there_is),
    "COMPLETE gets nothing": with_rule(ShipPolicy.COMPLETE, nothing),
    "COMPLETE lines of one variant both see all": with_rule(ShipPolicy.COMPLETE, one_by_itself),
    "COMPLETE_LINES gets a part": with_rule(ShipPolicy.COMPLETE_LINES, partial),
    "COMPLETE_LINES gets nothing": with_rule(ShipPolicy.COMPLETE_LINES, nothing),
    "PARTIAL leaves one unit lying": with_rule(ShipPolicy.PARTIAL, one_less),
    "a unit is given twice": with_grants(twice),
    "a line gets one too many": with_grants(one_more),
    "a grant is lost": with_grants(last_one_lost),
    "any unit will do": with_grants(from_any_unit),
}


def killed(body: Callable[..., None], *strategies: st.SearchStrategy[Any]) -> bool:
    """Tell whether the property finds a counter-example within EXAMPLES tries."""
    tried = settings(
        deadline=None,
        derandomize=True,
        database=None,
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )(given(*strategies)(body))
    try:
        tried()
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("mutant", BREAK_A_LAW.values(), ids=BREAK_A_LAW.keys())
def test_the_laws_kill(mutant: PlanFunction) -> None:
    assert killed(lambda book: keeps_the_laws(mutant, book), BOOKS)


@pytest.mark.parametrize("mutant", BREAK_A_LAW.values(), ids=BREAK_A_LAW.keys())
def test_the_twin_kills(mutant: PlanFunction) -> None:
    assert killed(lambda book: is_what_the_twin_plans(mutant, book), BOOKS)


def test_the_sequence_kills_a_rank_that_leaves_ties_open() -> None:
    mutant = reranked(ties_open)
    assert killed(
        lambda book, chance: is_blind_to_sequence(mutant, book, chance),
        books(contested=True),
        st.randoms(use_true_random=False),
    )


@pytest.mark.parametrize("change", [units_without_expiry, units_in_one_delivery])
def test_the_picking_order_kills(change: Callable[[Book], Book]) -> None:
    mutant = with_book(change)
    assert killed(lambda book: draws_the_earlier_for_the_better_ranked(mutant, book), BOOKS)


def forgets_who_waits_whole(book: Book, piece: Plan, reach: Reach) -> Book:
    return replace(what_is_left(book, piece, reach), keepers=book.keepers)


def sees_the_old_shelves(book: Book, piece: Plan, reach: Reach) -> Book:
    return replace(what_is_left(book, piece, reach), units=book.units)


def skips_a_root(book: Book, piece: Plan, reach: Reach) -> Book:
    """Go on one root order too far down."""
    left = what_is_left(book, piece, reach)
    behind = sorted(line.rank.reach for order in left.orders for line in order.lines)
    return what_is_left(left, replace(piece, grants=[]), behind[0]) if behind else left


@pytest.mark.parametrize("rest", [forgets_who_waits_whole, sees_the_old_shelves, skips_a_root])
def test_the_pieces_kill(rest: Callable[[Book, Plan, Reach], Book]) -> None:
    assert killed(
        lambda book, bound: goes_on_as_if_never_paused(plan, book, bound, rest),
        books(max_orders=12),
        st.integers(1, 3),
    )
