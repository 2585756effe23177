"""What holds for every plan, whatever the book."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from makegood.planner.book import Book
from makegood.planner.laws import broken_laws
from makegood.planner.plan import plan
from tests.build import TODAY
from tests.planner.properties import goes_on_as_if_never_paused, is_blind_to_sequence
from tests.strategies import books


@given(books())
def test_every_plan_keeps_the_laws(book: Book) -> None:
    assert broken_laws(book, plan(book, as_of=TODAY), as_of=TODAY) == []


@given(books(contested=True))
def test_every_plan_of_a_contested_book_keeps_the_laws(book: Book) -> None:
    assert broken_laws(book, plan(book, as_of=TODAY), as_of=TODAY) == []


@given(books(), st.integers(1, 4))
def test_a_paused_plan_keeps_the_laws(book: Book, bound: int) -> None:
    assert broken_laws(book, plan(book, as_of=TODAY, bound=bound), as_of=TODAY) == []


@given(books(), st.randoms(use_true_random=False))
def test_the_same_book_in_any_order_gives_the_same_plan(book: Book, chance: Random) -> None:
    is_blind_to_sequence(plan, book, chance)


@given(books(max_orders=12), st.integers(1, 4))
def test_a_plan_in_pieces_is_the_plan_in_one_go(book: Book, bound: int) -> None:
    goes_on_as_if_never_paused(plan, book, bound)
