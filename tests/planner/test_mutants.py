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

from makegood.domain.rank import Priority, Rank
from makegood.domain.states import ShipPolicy
from makegood.planner.book import Book, Grant, Plan, WaitingLine
from makegood.planner.plan import RULES, partial, plan
from tests.planner.properties import (
    PlanFunction,
    is_what_the_twin_plans,
    keeps_the_laws,
)
from tests.strategies import books

EXAMPLES = 400


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
    return rank._replace(order_id=-rank.order_id, root_order_id=-rank.root_order_id, placed_at=_AGE(rank))


def _AGE(rank: Rank) -> Any:
    noon = rank.placed_at.replace(hour=12, minute=0)
    return noon - (rank.placed_at - noon)


def children_for_themselves(rank: Rank) -> Rank:
    return rank._replace(root_order_id=rank.order_id, root_line_number=rank.line_number)


def one_by_itself(order: Any, lines: tuple[WaitingLine, ...], spare: dict[int, int]) -> list[int]:
    """Look at each line of a complete order alone: two lines of one variant both see all of it."""
    enough = order.fillable and all(spare.get(line.variant_id, 0) >= line.shortfall for line in lines)
    return [min(line.shortfall, spare.get(line.variant_id, 0)) if enough else 0 for line in lines[:-1]] + [
        min(lines[-1].shortfall, spare.get(lines[-1].variant_id, 0) // 2) if enough else 0
    ]


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
    "COMPLETE gets a part": with_rule(ShipPolicy.COMPLETE, partial),
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
    assert killed(lambda book: keeps_the_laws(mutant, book), books(contested=True))


@pytest.mark.parametrize("mutant", BREAK_A_LAW.values(), ids=BREAK_A_LAW.keys())
def test_the_twin_kills(mutant: PlanFunction) -> None:
    assert killed(lambda book: is_what_the_twin_plans(mutant, book), books(contested=True))
