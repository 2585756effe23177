"""Which delivery, count, return or other inflow unblocked which orders."""

from makegood.services.reports.rows import InflowRow
from makegood.services.reports.window import Window
from makegood.services.work import Work
from makegood.store.database import statements


def inflows(work: Work, window: Window, most: int) -> list[InflowRow]:
    """Give what set something off for orders that waited, what unblocked most of them first.

    An order that several unblocked together counts for each of them.
    """
    return work.db.records(InflowRow, "report_inflows", **window.values(work), most=most)


def one_query(source: str = "receiving:D-1") -> str:
    """Give the query that says which orders something unblocked, to be run as it stands."""
    query = statements()["who_was_unblocked"].decode().strip()
    return query.partition("\n")[2].replace("%(source)s", f"'{source}'")
