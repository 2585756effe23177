"""The fast twin gives what the readable rule gives, unit by unit."""

from hypothesis import given, settings

from makegood.domain.states import ShipPolicy
from makegood.planner.book import Book
from makegood.planner.columns import columns_of, plan_columns
from makegood.planner.plan import plan
from tests.build import TODAY, a_book, a_unit, an_order
from tests.planner.properties import is_what_the_twin_plans
from tests.strategies import books


@settings(max_examples=200)
@given(books(max_orders=12))
def test_the_twin_plans_as_the_readable_rule_does(book: Book) -> None:
    is_what_the_twin_plans(plan, book)


@given(books(contested=True))
def test_the_twin_plans_a_contested_book_as_the_readable_rule_does(book: Book) -> None:
    is_what_the_twin_plans(plan, book)


def test_a_long_chain_of_all_or_nothing_is_decided_to_its_end() -> None:
    """Each is certain only once the one ahead is, which takes more rounds than are tried."""
    sizes = [size for step in range(200) for size in (1, 1000 - step)]
    chain = [
        an_order(number, (1, size), policy=ShipPolicy.COMPLETE_LINES if number % 3 else ShipPolicy.COMPLETE)
        for number, size in enumerate(sizes, start=1)
    ]
    is_what_the_twin_plans(plan, a_book(chain, [a_unit(600), a_unit(400, unit_id=2)]))


def test_complete_orders_chained_over_two_variants_are_decided_by_turn() -> None:
    chain = [
        an_order(number, (1 + number % 2, 2), (2 - number % 2, 1 + number % 3), policy=ShipPolicy.COMPLETE)
        for number in range(1, 120)
    ]
    is_what_the_twin_plans(plan, a_book(chain, [a_unit(77), a_unit(55, 2, unit_id=2)]))


def test_an_empty_book_is_planned_too() -> None:
    assert all(len(column) == 0 for column in plan_columns(*columns_of(a_book([], [a_unit()])), as_of=TODAY))


def test_a_book_without_stock_leaves_everybody_short() -> None:
    is_what_the_twin_plans(plan, a_book([an_order(1, (1, 2)), an_order(2, (3, 1))], [a_unit(4, 2)]))
