"""From headers to fields, and from cells to a typed entry: what is wrong is named by field, value and remedy."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, get_type_hints

import msgspec
from msgspec.structs import FieldInfo, fields

from makegood.domain.errors import InvalidValue, UnreadableFile
from makegood.services.files.rows import E, Problem, Row, SourceRow

# What `--bad-rows` adds to the rows that it hands back; it is never read.
BESIDES = ("problem", "unreadable")
_WRONG = (ValueError, OverflowError, msgspec.ValidationError, msgspec.DecodeError)


class Column(NamedTuple):
    """A column of a kind of file: how its cells are read, what they can hold, whether it may be missing."""

    name: str
    reading: Callable[[object], object]
    type: Any
    expected: str
    required: bool
    default: object


def columns_of(entry: type[Any]) -> dict[str, Column]:
    """Give the columns of an entry, in their order."""
    hints = get_type_hints(entry, include_extras=True)
    return {one.name: _column(one, hints[one.name]) for one in fields(entry)}


def _column(one: FieldInfo, hint: Any) -> Column:
    cell: msgspec.Meta = hint.__metadata__[-1]
    reading = (cell.extra or {})["reading"]
    return Column(
        one.name, reading, hint, cell.description or "", one.required, None if one.required else one.default
    )


def plain(header: str) -> str:
    """Give a header as it is compared: without case, with `_` for blanks and hyphens.

    >>> plain(" Placed-At ")
    'placed_at'
    """
    return header.strip().lower().replace(" ", "_").replace("-", "_")


def read_columns(words: Sequence[str]) -> dict[str, str]:
    """Give field and header of each `column=YourHeader`; a header with a comma stands in quotes.

    >>> read_columns(['sku=Article,quantity=Qty', 'number="Order, no."'])
    {'sku': 'Article', 'quantity': 'Qty', 'number': 'Order, no.'}
    """
    pairs = [pair for one in words for pair in re.findall(r'[^,="]+=(?:"[^"]*"|[^,]*)|[^,]+', one)]
    renamed: dict[str, str] = {}
    for pair in pairs:
        name, equals, header = pair.partition("=")
        if not equals or not header.strip('" ') or name.strip() in renamed:
            raise InvalidValue("columns", pair, "of the form column=YourHeader, each column once")
        renamed[name.strip()] = header.strip('" ')
    return renamed


class Columns(Generic[E]):
    """Which header of a file stands for which field of an entry.

    `renamed` maps fields to the headers that stand for them in this file.
    """

    def __init__(self, entry: type[E], renamed: Mapping[str, str]) -> None:
        self.entry = entry
        self.columns = columns_of(entry)
        for name in renamed:
            if name not in self.columns:
                raise InvalidValue("columns", name, "one of the columns " + ", ".join(self.columns))
        self._renamed = {plain(header): name for name, header in renamed.items()}
        self._taken = set(renamed)
        self._fields: dict[str, Column | None] = {}
        self._headers: dict[str, str] = {}

    def field_of(self, header: str) -> Column | None:
        """Give the column that a header stands for; None when it is not read."""
        if header not in self._fields:
            self._fields[header] = self._find(header)
        return self._fields[header]

    def knows(self, header: str) -> bool:
        """Tell whether a header is one that would be read, without taking it for one of the file."""
        return self._find(header) is not None

    def _find(self, header: str) -> Column | None:
        word = plain(header)
        return self.columns.get(self._renamed.get(word) or (word if word not in self._taken else ""))

    @property
    def headers(self) -> list[str]:
        """The headers under which a file of this kind has its columns."""
        renamed = {name: header for header, name in self._renamed.items()}
        return [renamed.get(name, name) for name in self.columns]

    @property
    def ignored(self) -> list[str]:
        """The headers that were met and not read."""
        return [
            name for name, found in self._fields.items() if found is None and plain(name) not in BESIDES and name
        ]

    def insist(self, file: str, headers: Sequence[str]) -> None:
        """Refuse a file whose headers lack a column that must be there, or name one twice."""
        found = [column.name for header in headers if (column := self.field_of(header))]
        wanted = [column.name for column in self.columns.values() if column.required]
        renamed = sorted(set(self._taken) - set(found))
        lacking = [name for name in wanted if name not in found and name not in renamed]
        has = f"it has {', '.join(headers)}"
        if renamed:
            raise UnreadableFile(file, f"no header is the one given for {', '.join(renamed)}; {has}")
        if lacking:
            raise UnreadableFile(
                file,
                f"no column {', '.join(lacking)}; {has}; give yours as columns, such as {lacking[0]}=YourHeader",
            )
        if twice := sorted({name for name in found if found.count(name) > 1}):
            raise UnreadableFile(file, f"several columns stand for {', '.join(twice)}; {has}")

    def text(self, row: SourceRow, name: str) -> str:
        """Give a field of a row as plain text, or its default, whatever is wrong with the row."""
        header = self._headers.get(name)
        if header not in row.cells:
            header = next((one for one in row.cells if (c := self.field_of(one)) and c.name == name), None)
        if header is None or _empty(value := row.cells[header]):
            return str(self.columns[name].default or "")
        self._headers[name] = header
        return str(value).strip()

    def typed(self, row: SourceRow) -> Row[E] | list[Problem]:
        """Give the row as an entry, or everything that is wrong with it."""
        if row.fault:
            return [row.fault]
        try:
            return Row(row.line, row.cells, msgspec.convert(self._read(row), self.entry, strict=False))
        except _WRONG:
            return list(self._problems(row))

    def _read(self, row: SourceRow) -> dict[str, object]:
        read: dict[str, object] = {}
        for header, value in row.cells.items():
            column = self.field_of(header)
            if column is not None and not _empty(value):
                read[column.name] = column.reading(value)
        return read

    def _problems(self, row: SourceRow) -> list[Problem]:
        cells = {c.name: value for header, value in row.cells.items() if (c := self.field_of(header))}
        problems = []
        for name, column in self.columns.items():
            value = cells.get(name)
            if _empty(value):
                if column.required:
                    problems.append(Problem(row.line, name, None, "is missing", f"Give {column.expected}"))
            elif not _fits(column, value):
                problems.append(
                    Problem(row.line, name, value, f"is not {column.expected}", f"Give {column.expected}")
                )
        return problems


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _fits(column: Column, value: object) -> bool:
    try:
        msgspec.convert(column.reading(value), column.type, strict=False)
    except _WRONG:
        return False
    return True
