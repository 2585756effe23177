"""Export what the books hold, in the columns that an import reads back."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from makegood.services.work import Work

# So many orders, places … are read at a time, so that books of any size can be written out.
MOST_AT_A_TIME = 2000
ORDER_WORDS = {10: "EXPRESS", 20: "RUSH", 30: "STANDARD", 40: "LOW"}
LINE_WORDS = {10: "CRITICAL", 20: "HIGH", 30: "NORMAL", 40: "LOW", None: None}

STATEMENTS = {
    "orders": "export_orders",
    "stock": "export_stock",
    "variants": "export_variants",
    "locations": "export_locations",
    "returns": "export_returns",
    "inbound": "export_inbound",
}

Values = Sequence[Any]


def export_books(
    work: Work, kind: str, write: Callable[[Iterator[Values]], object], *, closed: bool = False
) -> None:
    """Hand all rows of one kind to `write`, in the columns of that kind's file; to be done in one snapshot.

    Orders stand as they were placed; without `closed` those that were shipped or cancelled are left out,
    as are inbound lines of which nothing is still to come.
    """
    write(_rows(work, kind, closed))


def _rows(work: Work, kind: str, closed: bool) -> Iterator[Values]:
    told = _told_order if kind == "orders" else tuple
    name, after = STATEMENTS[kind], 0
    while rows := work.db.all(  # one batch per turn: a page fits into memory, the books may not
        name, after=after, most=MOST_AT_A_TIME, closed=closed
    ):
        after = rows[-1][0]
        yield from (told(row[1:]) for row in rows)


def _told_order(row: Values) -> Values:
    """Say priorities in words."""
    return (*row[:11], ORDER_WORDS[row[11]], *row[12:17], LINE_WORDS[row[17]])
