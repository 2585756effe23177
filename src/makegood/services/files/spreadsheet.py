"""A table as a file for a spreadsheet, written piece by piece, so that its length costs no memory."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

# A spreadsheet takes a cell that begins so for a formula; one with a quotation mark before it, for text.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
PIECE = 64_000


def written(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Give a table as CSV, in pieces."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    for row in rows:
        writer.writerow([plain(cell) for cell in row])
        if text.tell() > PIECE:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def plain(cell: object) -> object:
    """Give a cell that a spreadsheet takes for what it is: text that looks like a formula stays text.

    >>> plain("=1+1"), plain(-3), plain(None), plain(["A", "B"])
    ("'=1+1", -3, '', 'A B')
    """
    if cell is None:
        return ""
    if isinstance(cell, list | tuple):
        cell = " ".join(map(str, cell))
    return inert(cell) if isinstance(cell, str) else cell


def inert(cell: str) -> str:
    """Write a text so that a spreadsheet runs nothing of it; `as_meant` reads it back.

    >>> inert("=1+1"), as_meant("'=1+1"), as_meant(inert("'=1+1")), as_meant("'tis")
    ("'=1+1", '=1+1', "'=1+1", "'tis")
    """
    return f"'{cell}" if FORMULA.match(cell) else cell


def as_meant(cell: str) -> str:
    """Read a text that `inert` may have written."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
