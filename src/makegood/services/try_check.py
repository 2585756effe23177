"""Try a check without some orders or queues and undo it: how it is found what makes a check fail."""

from collections.abc import Sequence
from typing import NamedTuple

from makegood.services.check_without import check_without
from makegood.services.work import Work

# A check that fails on one of its next orders fails on one of so many.
ORDERS_TRIED = 10_000


class MarkedQueue(NamedTuple):
    """A queue that the check of a warehouse has to look at."""

    variant_id: int
    sku: str


class Undone(Exception):
    """The trial came through; its transaction is to be rolled back."""


class CheckTaken(Exception):
    """Another worker is at the check, or has done it meanwhile: nothing was tried."""


def orders_ahead(work: Work, warehouse: int, *, most: int = ORDERS_TRIED) -> list[int]:
    """List the orders that the check of a warehouse comes to next, by id and in rank order.

    Their rank itself is not read: it may be what cannot be read.
    """
    return [row[0] for row in work.db.all("orders_ahead", warehouse=warehouse, most=most)]


def queues_ahead(work: Work, warehouse: int, resting: Sequence[int]) -> list[MarkedQueue]:
    """List the marked queues of a warehouse that do not rest."""
    return work.db.records(MarkedQueue, "queues_ahead", warehouse=warehouse, resting=list(resting))


def try_check(work: Work, warehouse: int, without: Sequence[int], resting: Sequence[int]) -> None:
    """Do the next piece as if these orders were not there and these queues not marked.

    Raises `Undone`, `CheckTaken` or what it fails with.
    """
    work.db.run("leave_out", orders=list(without))
    raise Undone if check_without(work, warehouse, resting) else CheckTaken
