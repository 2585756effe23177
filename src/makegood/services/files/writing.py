"""Write rows into a file, in the form that its name says; a file that is there is replaced only by a whole one."""

import csv
import gzip
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, cast

import msgspec

from makegood.domain.errors import UnreadableFile
from makegood.services.files.columns import BESIDES, Column
from makegood.services.files.parquet_rows import insist_on_polars, write_parquet
from makegood.services.files.rows import Problem, Refused
from makegood.services.files.source import form_of
from makegood.services.files.spreadsheet import inert

WRITTEN = ("csv", "jsonl", "parquet")


class Writer:
    """Takes rows of the same columns, one by one, and counts them."""

    def __init__(self, stream: IO[bytes], form: str, headers: Sequence[str]) -> None:
        self.headers = list(headers)
        self.written = 0
        self._form, self._stream = form, stream
        self._csv = csv.writer(_Encoded(stream), lineterminator="\n")
        if form == "csv":
            self._csv.writerow(self.headers)

    def write(self, values: Iterable[Any]) -> None:
        """Append one row."""
        self.written += 1
        if self._form == "csv":
            self._csv.writerow([_cell(value) for value in values])
        else:
            named = zip(self.headers, values, strict=True)
            self._stream.write(msgspec.json.encode({name: in_json(value) for name, value in named}) + b"\n")

    def write_all(self, rows: Iterable[Sequence[Any]]) -> None:
        """Append rows."""
        for row in rows:
            self.write(row)


class _Encoded:
    """Lets a CSV writer write into a stream of bytes; what cannot be written as UTF-8 is written as `?`."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(text.encode(errors="replace"))


@contextmanager
def writing(
    path: Path | None,
    columns: Sequence[Column] | Sequence[str],
    *,
    stream: IO[bytes] | None = None,
    form: str | None = None,
) -> Iterator[Writer]:
    """Open a file, or a stream, for rows; a file appears under its name when the block ends well."""
    name = str(path) if path else "-"
    chosen = form or (form_of(path.name) if path else "csv")
    if chosen not in WRITTEN:
        raise UnreadableFile(name, f"{chosen} is none of the forms {', '.join(WRITTEN)}")
    headers = [column if isinstance(column, str) else column.name for column in columns]
    with ExitStack() as stack:
        target = stream or stack.enter_context(_replacing(path, name))
        if chosen == "parquet":
            insist_on_polars(name)
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="makegood-")))
            yield from _by_way_of_csv(folder, target, columns, headers)
        else:
            yield Writer(stack.enter_context(_packed(target)) if _packs(path) else target, chosen, headers)
        target.flush()


@contextmanager
def keeping(path: Path | None, headers: Sequence[str]) -> Iterator[Callable[[Refused], object]]:
    """Keep rows that were not taken in a file, as they came, each with what is wrong; nothing without a path."""
    if path is None:
        yield lambda refused: None
        return
    kept = [header for header in headers if header not in BESIDES]
    with writing(path, [*kept, *reversed(BESIDES)]) as writer:

        def keep(refused: Refused) -> None:
            for row in refused.rows:
                cells = [row.cells.get(header) for header in writer.headers[:-1]]
                writer.write([*cells, " ".join(_of_row(row.line, refused.problems))])

        yield keep


def _of_row(line: int, problems: Sequence[Problem]) -> list[str]:
    """Give what is wrong with a row, or with another of its thing."""
    own = [str(problem) for problem in problems if problem.line == line]
    return own or [str(problem) for problem in problems[:1]]


def _cell(value: object) -> str:
    """Give a value as it stands in a cell; what people wrote is run by no spreadsheet."""
    cell = in_cell(value)
    return inert(cell) if isinstance(value, str | list | tuple) else cell


def in_cell(value: object) -> str:
    """Give a value as it stands in a cell: times in UTC, money without needless noughts, codes parted by `|`.

    >>> in_cell(Decimal("12.5000")), in_cell(True), in_cell(["A", "B"])
    ('12.50', 'yes', 'A|B')
    """
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        plain = not any("|" in code or code.startswith("[") for code in value)
        return "|".join(value) if plain else msgspec.json.encode(value).decode()
    return str(in_json(value))


def in_json(value: object) -> object:
    """Give a value as it stands in JSON: money and times as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        whole, _, cents = f"{value:f}".partition(".")
        return f"{whole}.{cents.rstrip('0'):0<2}"
    return value


def _packed(target: IO[bytes]) -> IO[bytes]:
    return cast(IO[bytes], gzip.GzipFile(fileobj=target, mode="wb"))


def _packs(path: Path | None) -> bool:
    return path is not None and path.name.lower().endswith(".gz")


def _by_way_of_csv(
    folder: Path, target: IO[bytes], columns: Sequence[Column] | Sequence[str], headers: Sequence[str]
) -> Iterator[Writer]:
    """Write CSV first, and Parquet out of it piece by piece."""
    with (folder / "rows.csv").open("wb") as rows:
        yield Writer(rows, "csv", headers)
    write_parquet(folder / "rows.csv", folder / "rows.parquet", columns)
    with (folder / "rows.parquet").open("rb") as made:
        shutil.copyfileobj(made, target)


@contextmanager
def _replacing(path: Path | None, name: str) -> Iterator[IO[bytes]]:
    """Write beside the file and put the new one in its place at the end; after a failure the old one stands."""
    assert path is not None, "a path or a stream"
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as stream:
            yield stream
        beside.replace(path)
    except OSError as wrong:
        raise UnreadableFile(name, f"it cannot be written: {wrong.strerror or wrong}") from wrong
    finally:
        beside.unlink(missing_ok=True)
