"""What lists have in common: all of their rows, and the whole of one as a file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from starlette.responses import Response, StreamingResponse

from makegood.services.files.spreadsheet import written

# So many rows of a file are read at a time.
MOST = 1000


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
