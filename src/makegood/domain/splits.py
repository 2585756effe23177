"""Dividing an order into what can go out now and what waits on, with the customer's agreement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from makegood.domain.errors import InvalidValue
from makegood.domain.orders import LineRow
from makegood.domain.states import OrderStatus

SPLITTABLE: frozenset[OrderStatus] = frozenset({OrderStatus.PARTIALLY_ALLOCATED, OrderStatus.BACKORDERED})


class SplitMode(StrEnum):
    """What stays together: whole lines, or only the units that are reserved."""

    LINES = "lines"
    QUANTITIES = "quantities"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The customer's agreement: who gave it, how (e-mail, phone, letter), and when."""

    by: str
    how: str
    at: datetime

    def __post_init__(self) -> None:
        for field, value in (("consent.by", self.by), ("consent.how", self.how)):
            if not value.strip():
                raise InvalidValue(field, value, "a word: who agreed, and how, such as by e-mail")
        if self.at.tzinfo is None:
            raise InvalidValue("consent.at", self.at, "a moment with its time zone")


class Division(NamedTuple):
    """The lines of an order by what a split does to them.

    `divided` lines leave what they have with the order, and what they lack to the child.
    """

    stay: Sequence[LineRow]
    move: Sequence[LineRow]
    divided: Sequence[LineRow]

    @property
    def shippable(self) -> int:
        """Units that are reserved for what stays."""
        return sum(line.allocated for line in (*self.stay, *self.divided))


def divide(lines: Sequence[LineRow], mode: SplitMode) -> Division:
    """Say which lines stay with the order, which move to the child, and which are divided."""
    short = [line for line in lines if line.shortfall > 0]
    divided = [line for line in short if mode is SplitMode.QUANTITIES and line.allocated + line.fulfilled]
    move = [line for line in short if line not in divided]
    return Division([line for line in lines if line.shortfall == 0], move, divided)
