"""The fast twin gives what the readable rule gives, unit by unit."""

from hypothesis import given, settings

from makegood.planner.book import Book
from makegood.planner.plan import plan
from tests.planner.properties import is_what_the_twin_plans
from tests.strategies import books


@settings(max_examples=300)
@given(books(max_orders=12))
def test_the_twin_plans_as_the_readable_rule_does(book: Book) -> None:
    is_what_the_twin_plans(plan, book)


@given(books(contested=True))
def test_the_twin_plans_a_contested_book_as_the_readable_rule_does(book: Book) -> None:
    is_what_the_twin_plans(plan, book)
