"""Read month files of invoices, row by row: what is wrong with a row is told, and the rest goes on."""

import csv
import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import NamedTuple, TypeVar

from makegood.domain.errors import UnreadableFile

COLUMNS = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
)
ENDINGS = (".csv", ".csv.gz")
GZIP = b"\x1f\x8b"
# Beyond these a figure is a slip of the pen, which would have a whole shop live for centuries or burst its bins.
MOST_UNITS = 1_000_000
YEARS = range(1990, 2101)
T = TypeVar("T")
HIGHEST_PRICE = Decimal(10**9)


class Row(NamedTuple):
    """One row of an invoice as it was written; `at` is in UTC, `sku` has no blanks around it."""

    invoice: str
    sku: str
    description: str
    quantity: int
    at: datetime
    price: Decimal
    customer: str
    country: str


class BadRow(NamedTuple):
    """A row that cannot be read: where it stands, which field is wrong, and what was expected there."""

    file: str
    line: int
    field: str
    value: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.field} {self.value!r} is not {self.expected}"


class RowsRead(NamedTuple):
    """The rows of some files in the order of their time, those that are bad, and files left out as repeats."""

    rows: list[Row]
    bad: list[BadRow]
    repeats: list[str]


class Unfit(Exception):
    """A field that cannot be read."""

    def __init__(self, field: str, value: str, expected: str) -> None:
        super().__init__(field, value, expected)
        self.field, self.value, self.expected = field, value, expected


def month_files(place: Path) -> list[Path]:
    """List the month files of a folder by name, or the one file that is named; raises `UnreadableFile`."""
    if place.is_file():
        return [place]
    if not place.is_dir():
        raise UnreadableFile(str(place), "there is no such file or folder")
    found = sorted(file for file in place.iterdir() if file.name.lower().endswith(ENDINGS) and file.is_file())
    if not found:
        raise UnreadableFile(str(place), "the folder holds no .csv or .csv.gz file")
    return found


def read_rows(files: Iterable[Path]) -> RowsRead:
    """Read all rows of the files in the order of their time; a file with the text of another is left out."""
    read = RowsRead([], [], [])
    seen: set[bytes] = set()
    for file in files:
        text = _text(file)
        fingerprint = sha256(text.encode()).digest()
        if fingerprint in seen:
            read.repeats.append(file.name)
            continue
        seen.add(fingerprint)
        _read_file(file.name, text, read)
    # Rows of the same minute stay as they stand in the files; the files come by name.
    read.rows.sort(key=lambda row: row.at)
    return read


def _text(file: Path) -> str:
    try:
        raw = file.read_bytes()
        if raw.startswith(GZIP):
            raw = gzip.decompress(raw)
    except (OSError, EOFError, zlib.error) as broken:
        raise UnreadableFile(str(file), str(broken)) from broken
    # A description in another encoding must not cost the row: its name is all that suffers.
    return raw.decode("utf-8-sig", errors="replace").replace("\0", "")


def _read_file(name: str, text: str, read: RowsRead) -> None:
    numbered = _numbered(name, text)
    _, header = next(numbered, (1, []))
    places = _places(name, header)
    for line, fields in numbered:
        try:
            read.rows.append(_row(fields, places))
        except Unfit as unfit:
            read.bad.append(BadRow(name, line, unfit.field, unfit.value, unfit.expected))


def _places(name: str, header: Sequence[str]) -> list[int]:
    titles = [title.strip().lower() for title in header]
    lacking = [column for column in COLUMNS if column.lower() not in titles]
    if lacking:
        raise UnreadableFile(name, f"it lacks the column {', '.join(lacking)}")
    return [titles.index(column.lower()) for column in COLUMNS]


def _numbered(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Give each row with the number of the line on which it begins; blank lines are no rows."""
    reader = csv.reader(StringIO(text, newline=""))
    line = 1
    try:
        for fields in reader:
            if fields:
                yield line, fields
            line = reader.line_num + 1
    except csv.Error as broken:
        raise UnreadableFile(name, f"line {line}: {broken}") from broken


def _row(fields: Sequence[str], places: Sequence[int]) -> Row:
    if len(fields) <= max(places):
        raise Unfit("row", str(len(fields)), f"a row of {max(places) + 1} fields")
    invoice, sku, description, quantity, at, price, customer, country = (fields[p].strip() for p in places)
    return Row(
        _named("InvoiceNo", invoice).upper(),
        _named("StockCode", sku),
        description,
        _units(quantity),
        _fit("InvoiceDate", at, "a date and time such as 2010-12-01 08:26:00", _instant),
        _fit("UnitPrice", price, "a price", _price),
        customer.removesuffix(".0"),
        country,
    )


def _named(field: str, text: str) -> str:
    if not text:
        raise Unfit(field, text, "a name")
    return text


def _units(text: str) -> int:
    units = _fit("Quantity", text, "a whole number", lambda given: int(given.removesuffix(".0")))
    if units == 0 or abs(units) >= MOST_UNITS:
        raise Unfit("Quantity", text, "a number of units below a million")
    return units


def _fit(field: str, text: str, expected: str, read: Callable[[str], T]) -> T:
    try:
        return read(text)
    except (ValueError, InvalidOperation) as wrong:
        raise Unfit(field, text, expected) from wrong


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.year not in YEARS:
        raise ValueError(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _price(text: str) -> Decimal:
    price = Decimal(text)
    if not price.is_finite() or abs(price) >= HIGHEST_PRICE:
        raise ValueError(text)
    return price
