"""Import customer returns: rows of one reference are one return, taken back once and for all."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from makegood.domain.errors import AlreadyExists
from makegood.domain.sessions import Disposition, ReturnedLine, SessionStatus
from makegood.services.files.entries import ReturnEntry
from makegood.services.files.grouping import Together
from makegood.services.files.importing import Kind
from makegood.services.files.names import Names, know, refuse_unknown
from makegood.services.files.rows import Group, Landing, Problem, Terms
from makegood.services.return_stock import hold_returned, take_back
from makegood.services.work import Work
from makegood.store.database import StartOver

MOST_LINES = 1000
# A return is a session of its own, with a dozen statements: few of them keep their locks short.
RETURNS_A_BATCH = 50
OF_THE_RETURN = ("warehouse", "order")
DISPOSITIONS = {str(disposition.status): disposition for disposition in Disposition}
REMEDY = "Leave it out of the file, or give it another reference"


class _InBooks(NamedTuple):
    """A figure of a return in the books, with what its session says; the variant is None when there is none."""

    reference: str
    session_status: str
    warehouse: str
    order: str
    variant_id: int | None
    location_id: int
    status: str
    lot: str
    expires_on: date | None
    quantity: int


def import_returns(work: Work, returns: Sequence[Group[ReturnEntry]], terms: Terms) -> Landing[ReturnEntry]:
    """Take back the returns of one warehouse that the books do not know yet, and tell what became of each.

    What is restocked goes to whoever waits. A return is refused when it names what does not exist, when its
    rows disagree about it, or when its reference exists with other contents.
    """
    landing: Landing[ReturnEntry] = Landing()
    for one in returns:
        for problem in _disagreements(one):
            landing.refuse(one, problem)
    names = know(work, returns, terms)
    fitting = refuse_unknown(landing, names, landing.open(returns))
    _refuse_unknown_orders(work, landing, fitting)
    fresh = _leave_known(work, landing, landing.open(fitting), names)
    lines = [_line(row.entry) for one in fresh for row in one.rows]
    if lines:
        hold_returned(work, lines, warehouse=fresh[0].first.warehouse)
    for one in fresh:
        _take_back(work, one)
    landing.landed += fresh
    return landing


def _disagreements(one: Group[ReturnEntry]) -> Iterator[Problem]:
    for row in one.rows[1:]:
        for name in OF_THE_RETURN:
            value, first = getattr(row.entry, name), getattr(one.first, name)
            if value != first:
                because = f"the rows of return {one.first.reference} disagree: the first says {first or 'nothing'}"
                yield Problem(row.line, name, value, because, "Say the same in every row of a return")


def _refuse_unknown_orders(
    work: Work, landing: Landing[ReturnEntry], returns: Sequence[Group[ReturnEntry]]
) -> None:
    numbers = sorted({one.first.order for one in returns if one.first.order})
    known = {row[0] for row in work.db.all("numbers_known", numbers=numbers)} if numbers else set()
    for one in returns:
        if one.first.order and one.first.order not in known:
            remedy = "Correct it, or leave it empty"
            landing.refuse(one, one.problem("order", one.first.order, "no such order", remedy))


def _leave_known(
    work: Work, landing: Landing[ReturnEntry], returns: Sequence[Group[ReturnEntry]], names: Names
) -> list[Group[ReturnEntry]]:
    """Note which returns are in the books already, the same or with other contents; give those that are not."""
    found: dict[str, list[_InBooks]] = {}
    references = [one.first.reference for one in returns]
    for figure in work.db.records(_InBooks, "returns_in_books", references=references):
        found.setdefault(figure.reference, []).append(figure)
    for one in returns:
        books = found.get(one.first.reference)
        if books is not None and (because := _difference(one, books, names)):
            landing.refuse(one, one.problem("reference", one.first.reference, because, REMEDY))
        elif books is not None:
            landing.unchanged.append(one)
    return [one for one in returns if one.first.reference not in found]


def _difference(one: Group[ReturnEntry], books: Sequence[_InBooks], names: Names) -> str:
    """Say how the return in the books differs, or nothing; what a row leaves open is no difference."""
    exists = f"return {one.first.reference} exists already"
    if books[0].session_status != SessionStatus.APPROVED:
        return f"{exists} and is {books[0].session_status.lower()}"
    if (one.first.warehouse, one.first.order) != (books[0].warehouse, books[0].order):
        return f"{exists}, of order {books[0].order or 'unknown'} in {books[0].warehouse}"
    figures = [figure for figure in books if figure.variant_id is not None]
    same = len(figures) == len(one.rows) and all(
        _says(row.entry, figure, names) for row, figure in zip(one.rows, figures, strict=True)
    )
    return "" if same else f"{exists} with other contents"


def _says(entry: ReturnEntry, figure: _InBooks, names: Names) -> bool:
    return (
        names.variants[entry.merchant, entry.sku] == figure.variant_id
        and names.locations[entry.warehouse, entry.location] == figure.location_id
        and (entry.status, entry.lot, entry.quantity) == (figure.status, figure.lot, figure.quantity)
        and entry.expires_on in (None, figure.expires_on)
    )


def _take_back(work: Work, one: Group[ReturnEntry]) -> None:
    try:
        take_back(
            work,
            one.first.reference,
            [_line(row.entry) for row in one.rows],
            order=one.first.order or None,
            warehouse=one.first.warehouse,
        )
    except AlreadyExists as taken:
        raise StartOver("another import took the return back meanwhile") from taken


def _line(entry: ReturnEntry) -> ReturnedLine:
    return ReturnedLine(
        sku=entry.sku,
        quantity=entry.quantity,
        location=entry.location,
        disposition=DISPOSITIONS[entry.status],
        lot=entry.lot,
        expires_on=entry.expires_on,
        merchant=entry.merchant,
    )


KIND = Kind(
    "returns", ReturnEntry, Together(("reference",), "return", MOST_LINES), import_returns, RETURNS_A_BATCH
)
