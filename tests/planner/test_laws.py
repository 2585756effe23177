"""What holds for every plan, whatever the book."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from makegood.planner.book import Book
from makegood.planner.laws import broken_laws
from makegood.planner.plan import plan
from tests.build import TODAY
from tests.planner.properties import (
    draws_the_earlier_for_the_better_ranked,
    goes_on_as_if_never_paused,
    is_blind_to_sequence,
    keeps_the_laws,
)
from tests.strategies import books, is_contested


@given(books())
def test_every_plan_keeps_the_laws(book: Book) -> None:
    keeps_the_laws(plan, book)


@given(books(contested=True))
def test_every_plan_of_a_contested_book_keeps_the_laws(book: Book) -> None:
    assert is_contested(book)
    keeps_the_laws(plan, book)


@given(books())
def test_the_better_ranked_get_what_is_to_leave_first(book: Book) -> None:
    draws_the_earlier_for_the_better_ranked(plan, book)


def test_at_least_a_third_of_the_books_are_contested() -> None:
    found: list[bool] = []

    @given(books())
    def look(book: Book) -> None:
        found.append(is_contested(book))

    look()
    assert sum(found) >= len(found) / 3


@given(books(), st.integers(1, 4))
def test_a_paused_plan_keeps_the_laws(book: Book, bound: int) -> None:
    assert broken_laws(book, plan(book, as_of=TODAY, bound=bound), as_of=TODAY) == []


@given(books(), st.randoms(use_true_random=False))
def test_the_same_book_in_any_order_gives_the_same_plan(book: Book, chance: Random) -> None:
    is_blind_to_sequence(plan, book, chance)


@given(books(max_orders=12), st.integers(1, 4))
def test_a_plan_in_pieces_is_the_plan_in_one_go(book: Book, bound: int) -> None:
    goes_on_as_if_never_paused(plan, book, bound)
