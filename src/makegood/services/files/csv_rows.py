"""Rows of a CSV file: parted by comma, semicolon or tab, quoted with ", told by the line on which they begin."""

import csv
from collections.abc import Callable, Iterator
from typing import NamedTuple, TextIO

from makegood.domain.errors import UnreadableFile
from makegood.services.files.rows import Problem, SourceRow
from makegood.services.files.spreadsheet import as_meant

DELIMITERS = ",;\t"
# A template's example row begins like this; order numbers such as #1001 do not.
EXAMPLE = "# example"


class Header(NamedTuple):
    """The headers of a CSV file, what parts its cells, and the line on which they stand."""

    headers: list[str]
    delimiter: str
    line: int


def csv_headers(text: TextIO, name: str, recognised: Callable[[str], bool]) -> Header:
    """Read the headers, finding out what parts them: the sign that gives the most headers that are looked for."""
    line, first = 1, text.readline()
    while first and not first.strip():
        line, first = line + 1, text.readline()
    if not first:
        raise UnreadableFile(name, "it is empty: not even headers stand in it")
    try:
        readings = {sign: next(csv.reader([first], delimiter=sign, strict=True)) for sign in DELIMITERS}
    except csv.Error as wrong:
        raise UnreadableFile(name, f"its headers in line {line} cannot be read: {wrong}") from wrong
    best = max(DELIMITERS, key=lambda sign: (sum(map(recognised, readings[sign])), len(readings[sign])))
    return Header([header.strip() for header in readings[best]], best, line)


def csv_rows(text: TextIO, first: Header) -> Iterator[SourceRow]:
    """Read the rows below the headers one by one; one that cannot be read says so and the rest goes on."""
    reader = csv.reader(text, delimiter=first.delimiter, strict=True)
    width = len(first.headers)
    while True:
        line = first.line + reader.line_num + 1
        try:
            cells = [as_meant(cell) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as wrong:
            yield _broken(line, first.line + reader.line_num, str(wrong))
            continue
        if any(cells) and not cells[0].startswith(EXAMPLE):
            yield _row(line, cells, first.headers, width)


def _row(line: int, cells: list[str], headers: list[str], width: int) -> SourceRow:
    named = dict(zip(headers, cells, strict=False))
    if len(cells) == width:
        return SourceRow(line, named)
    if len(cells) > width:
        named["unreadable"] = ",".join(cells[width:])
    because = f"has {len(cells)} cells, the header has {width}"
    return SourceRow(line, named, Problem(line, "", None, because, "Quote cells that hold the separator"))


def _broken(line: int, last: int, because: str) -> SourceRow:
    upto = f" (it goes on to line {last})" if last > line else ""
    problem = Problem(line, "", None, f"cannot be read: {because}{upto}", "Mend the quotation marks")
    return SourceRow(line, {}, problem)
