"""Explicit numbers, and one total order."""

import pytest

from makegood.domain.rank import PRIORITY_WORDS, Priority, priority_from
from tests.build import a_rank


@pytest.mark.parametrize(
    ("word", "priority"),
    [
        ("CRITICAL", Priority.CRITICAL),
        ("express", Priority.CRITICAL),
        (" High ", Priority.HIGH),
        ("RUSH", Priority.HIGH),
        ("NORMAL", Priority.NORMAL),
        ("STANDARD", Priority.NORMAL),
        ("low", Priority.LOW),
    ],
)
def test_each_vocabulary_names_the_same_four_steps(word: str, priority: Priority) -> None:
    assert priority_from(word) is priority


def test_every_priority_has_a_word() -> None:
    assert set(PRIORITY_WORDS.values()) == set(Priority)


def test_an_unknown_word_is_refused() -> None:
    with pytest.raises(KeyError):
        priority_from("URGENT")


def test_the_more_urgent_is_served_first() -> None:
    assert sorted(Priority) == [Priority.CRITICAL, Priority.HIGH, Priority.NORMAL, Priority.LOW]


def test_priority_counts_before_age_and_age_before_the_root() -> None:
    urgent = a_rank(9, minute=9, priority=Priority.HIGH)
    old = a_rank(5, minute=1)
    first = a_rank(1, minute=2)
    assert sorted([first, old, urgent]) == [urgent, old, first]


def test_a_split_child_keeps_the_place_of_its_root() -> None:
    parent, child, later = a_rank(1, 1), a_rank(50, 1, root=1, root_line=2), a_rank(2, 1)
    assert sorted([later, child, parent]) == [parent, child, later]
    assert child.reach == parent.reach
    assert later.reach > parent.reach
