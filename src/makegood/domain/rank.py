"""Who is served first: explicit numbers and one total order, never an enum's storage order."""

from datetime import datetime
from enum import IntEnum
from typing import NamedTuple


class Priority(IntEnum):
    """How urgent a line is; the smaller number is served first.

    >>> Priority.CRITICAL < Priority.NORMAL
    True
    """

    CRITICAL = 10
    HIGH = 20
    NORMAL = 30
    LOW = 40


# Orders and backorder records name the same four steps differently (docs/concepts/who-is-served-first.md).
PRIORITY_WORDS: dict[str, Priority] = {
    "CRITICAL": Priority.CRITICAL,
    "EXPRESS": Priority.CRITICAL,
    "HIGH": Priority.HIGH,
    "RUSH": Priority.HIGH,
    "NORMAL": Priority.NORMAL,
    "STANDARD": Priority.NORMAL,
    "LOW": Priority.LOW,
}


def priority_from(word: str) -> Priority:
    """Give the priority that a word stands for, in either vocabulary and any case.

    Raises `KeyError` when the word stands for none.

    >>> priority_from("express") is Priority.CRITICAL
    True
    """
    return PRIORITY_WORDS[word.strip().upper()]


class Rank(NamedTuple):
    """The place of a line in the total order of service; it compares as a tuple.

    The rule is in docs/concepts/who-is-served-first.md.
    """

    priority: int
    placed_at: datetime
    root_order_id: int
    root_line_number: int
    order_id: int
    line_number: int

    @property
    def reach(self) -> "Reach":
        """Give the part of the rank at which a check may pause: never inside one root order."""
        return Reach(self.priority, self.placed_at, self.root_order_id)


class Reach(NamedTuple):
    """How far down the rank a check has come: everything up to here, this included, was considered."""

    priority: int
    placed_at: datetime
    root_order_id: int
