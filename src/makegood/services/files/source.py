"""Open a file, whatever its form: CSV, JSON Lines or Parquet, plain or gzipped, from a path or from a stream.

A text file is read once before anything of it is taken, so that a wrong encoding or a damaged archive is told
while the books are still untouched, and so that the progress is known. Rows are then read one by one.
"""

import codecs
import gzip
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, NamedTuple, cast

import msgspec

from makegood.domain.errors import InvalidValue, UnreadableFile
from makegood.services.files.csv_rows import csv_headers, csv_rows
from makegood.services.files.json_document import LISTS, document_rows, read_document
from makegood.services.files.json_rows import json_rows
from makegood.services.files.parquet_rows import parquet_headers, parquet_length, parquet_rows
from makegood.services.files.rows import SourceRow

FORMS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json",
    ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip
FORM_NAMES = ("csv", "jsonl", "json", "parquet")
CHUNK = 1 << 20
MOST_LINE = 1 << 24
GZIP = b"\x1f\x8b"
Recognised = Callable[[str], bool]


class Source(NamedTuple):
    """A file that is open: its rows can be read once; `headers` is None where each row has its own.

    `length` is how far the line of the last row is, for a progress. `passed_over` grows while the rows are read:
    places of orders that a shop tells and that nobody waits for.
    """

    name: str
    form: str
    headers: list[str] | None
    length: int
    rows: Iterator[SourceRow]
    passed_over: list[int]


@contextmanager
def opened(
    path: Path | None,
    *,
    recognised: Recognised,
    stream: IO[bytes] | None = None,
    form: str | None = None,
    encoding: str | None = None,
) -> Iterator[Source]:
    """Open a path, or a stream that is put aside on disk first; `recognised` tells a header that is looked for.

    Raises `UnreadableFile`, and `InvalidValue` for a form or an encoding that does not exist.
    """
    if form is not None and form not in FORM_NAMES:
        raise InvalidValue("format", form, "one of " + ", ".join(FORM_NAMES))
    with ExitStack() as stack:
        if stream is not None:
            kept = stack.enter_context(NamedTemporaryFile(prefix="makegood-"))
            shutil.copyfileobj(stream, kept, CHUNK)
            kept.flush()
            path = Path(kept.name)
        assert path is not None, "a path or a stream"
        name = "-" if stream else str(path)
        chosen = form or (_guessed(name, path) if stream else form_of(path.name))
        yield (
            _parquet(path, name) if chosen == "parquet" else _text(stack, path, name, chosen, recognised, encoding)
        )


def form_of(name: str) -> str:
    """Give the form that a file's name says; `.gz` after it does not count."""
    suffix = Path(name.lower().removesuffix(".gz")).suffix
    if suffix not in FORMS:
        known = ", ".join(FORMS)
        raise UnreadableFile(
            name,
            f"its name does not end in {known}, plain or with .gz; say which format it has: csv, jsonl or json",
        )
    return FORMS[suffix]


def _guessed(name: str, path: Path) -> str:
    """Tell the form of a stream from how it begins."""
    with _bytes(path, name) as raw:
        start = raw.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        return "json" if _is_document(path, name) else "jsonl"
    return "parquet" if start.startswith(b"PAR1") else "json" if start.startswith(b"[") else "csv"


def _is_document(path: Path, name: str) -> bool:
    """Tell one JSON document from a file with an object in each line: in the latter the first line is whole."""
    with _bytes(path, name) as raw:
        first, rest = raw.readline(MOST_LINE), raw.readline(MOST_LINE)
    try:
        told = msgspec.json.decode(first.removeprefix(b"\xef\xbb\xbf"))
    except msgspec.MsgspecError:
        return True
    return not rest.strip() and isinstance(told, dict) and any(isinstance(told.get(word), list) for word in LISTS)


def _parquet(path: Path, name: str) -> Source:
    return Source(name, "parquet", parquet_headers(path, name), parquet_length(path), parquet_rows(path), [])


def _text(
    stack: ExitStack, path: Path, name: str, form: str, recognised: Recognised, encoding: str | None
) -> Source:
    codec = _codec(path, name, encoding)
    length = _lines(path, name, codec)
    text = stack.enter_context(TextIOWrapper(_bytes(path, name), encoding=codec, newline=""))
    if form == "jsonl":
        return Source(name, form, None, length, json_rows(text), [])
    if form == "json":
        return _document(text, name)
    first = csv_headers(text, name, recognised)
    return Source(name, form, first.headers, length, csv_rows(text, first), [])


def _document(text: TextIOWrapper, name: str) -> Source:
    """Read a JSON document; it is taken into memory as a whole."""
    objects = read_document(text.read().encode(), name)
    passed_over: list[int] = []
    return Source(name, "json", None, len(objects), document_rows(objects, passed_over), passed_over)


def _bytes(path: Path, name: str) -> IO[bytes]:
    """Open a file, unpacked if it is gzipped, whatever its name says."""
    try:
        raw = path.open("rb")
        packed = raw.read(len(GZIP)) == GZIP
        raw.seek(0)
    except OSError as wrong:
        raise UnreadableFile(name, wrong.strerror or str(wrong)) from wrong
    return cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if packed else raw


def _codec(path: Path, name: str, encoding: str | None) -> str:
    """Give the encoding to read with: the one asked for, else UTF-16 where its mark stands, else UTF-8."""
    if encoding:
        try:
            known = codecs.lookup(encoding)
            "".encode(known.name)
        except LookupError as wrong:
            raise InvalidValue("encoding", encoding, "an encoding, such as utf-8, cp1252 or latin-1") from wrong
        return "utf-8-sig" if known.name == "utf-8" else known.name
    with _bytes(path, name) as raw, _readable(name):
        return "utf-16" if raw.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"


def _lines(path: Path, name: str, codec: str) -> int:
    """Count the lines of a text, having read all of it."""
    decoder = codecs.getincrementaldecoder(codec)()
    lines = 1
    with _bytes(path, name) as raw, _readable(name):
        while chunk := raw.read(CHUNK):
            lines += _decoded(decoder, chunk, name, codec, lines).count("\n")
        _decoded(decoder, b"", name, codec, lines)
    return lines


def _decoded(decoder: codecs.IncrementalDecoder, chunk: bytes, name: str, codec: str, lines: int) -> str:
    try:
        return decoder.decode(chunk, final=not chunk)
    except UnicodeError as wrong:
        start = getattr(wrong, "start", 0)
        line = lines + chunk[:start].count(b"\n")
        spelled = codec.removesuffix("-sig").upper()
        raise UnreadableFile(
            name, f"line {line} is not {spelled}; say which encoding it has, such as cp1252"
        ) from wrong


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """Tell what keeps the bytes from being read: a folder, a damaged or cut archive."""
    try:
        yield
    except (OSError, EOFError, zlib.error) as wrong:
        raise UnreadableFile(name, str(wrong) or type(wrong).__name__) from wrong
