"""Try a check on a few orders and undo it: how the one order is found that makes a check fail."""

from collections.abc import Collection

from makegood.services.check_backorders import check_backorders, look_ahead
from makegood.services.work import Work


class Undone(Exception):
    """The trial came through; its transaction is to be rolled back."""


class CheckTaken(Exception):
    """Another worker is at the check, or has done it meanwhile: nothing was tried."""


def orders_ahead(work: Work, warehouse: int) -> list[int]:
    """List the orders that the next piece of a warehouse's check looks at, by id; raises `CheckTaken`."""
    found = look_ahead(work, warehouse)
    if found is None:
        raise CheckTaken
    return found[1].orders


def try_check(work: Work, warehouse: int, only: Collection[int]) -> None:
    """Do the next piece as if only these orders waited; raises `Undone`, `CheckTaken` or what it fails with."""
    raise Undone if check_backorders(work, warehouse, only=only) else CheckTaken
