"""What lists have in common: how they are asked for in an address, and the whole of one as a file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import Form
from pydantic import BeforeValidator
from starlette.responses import Response, StreamingResponse

from makegood.services.files.spreadsheet import written

# A field of a form that was left empty is one that was not asked for.
Asked = Annotated[
    str | None, BeforeValidator(lambda word: word.strip() or None if isinstance(word, str) else word)
]
# A date; a field that was left empty is none.
Date = Annotated[date | None, BeforeValidator(lambda typed: typed or None)]
Day = Annotated[Date, Form()]


def pages_of(read: Callable[[str | None], tuple[Sequence[Any], str | None]]) -> Iterator[Any]:
    """Give all rows of a list, a page at a time; `read` takes a cursor and gives rows and the next cursor."""
    rows, following = read(None)
    yield from rows
    while following:
        rows, following = read(following)
        yield from rows


def csv_file(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Answer with a file for a spreadsheet, written while it is read, so that its length costs no memory."""
    return StreamingResponse(
        written(head, rows),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
