"""Try a check on a few orders and undo it: how the one order is found that makes a check fail."""

from collections.abc import Collection

from makegood.services.check_backorders import check_backorders, look_ahead
from makegood.services.work import Work


class Undone(Exception):
    """The trial came through; its transaction is to be rolled back."""


def orders_ahead(work: Work, warehouse: int) -> list[int]:
    """List the orders that the next piece of a warehouse's check looks at, by id; none if others are at it."""
    found = look_ahead(work, warehouse)
    return found[1].orders if found else []


def try_check(work: Work, warehouse: int, only: Collection[int]) -> None:
    """Do the next piece as if only these orders waited; raises `Undone` if it comes through, else its failure."""
    check_backorders(work, warehouse, only=only)
    raise Undone
