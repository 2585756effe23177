"""Say how much is in the books, and whether anything in the queue is left to look at."""

from collections.abc import Mapping
from typing import NamedTuple

from makegood.services.work import Work


class BooksStatus(NamedTuple):
    """What the books hold; marks are queues that must be looked at, the oldest for so many seconds."""

    server: str
    bytes: int
    warehouses: int
    variants: int
    marks: int
    oldest_mark_seconds: int
    orders: Mapping[str, int]


def books_status(work: Work) -> BooksStatus:
    """Count what is in the books."""
    counts = work.db.one("books_status")
    assert counts is not None
    server, size, warehouses, variants, marks, oldest = counts
    return BooksStatus(server, size, warehouses, variants, marks, oldest, dict(work.db.all("order_counts")))
