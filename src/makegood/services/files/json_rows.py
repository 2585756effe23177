"""Rows of a JSON Lines file: one object per line."""

from collections.abc import Iterator
from typing import TextIO

import msgspec

from makegood.services.files.rows import Problem, SourceRow

_decoder = msgspec.json.Decoder(dict[str, object])


def json_rows(text: TextIO) -> Iterator[SourceRow]:
    """Read the objects one by one; a line that is none says so and the rest goes on."""
    for line, written in enumerate(text, start=1):
        if written.strip():
            yield _row(line, written.strip())


def _row(line: int, written: str) -> SourceRow:
    try:
        return SourceRow(line, _decoder.decode(written))
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as wrong:
        because = f"is not a JSON object: {wrong}"
        problem = Problem(line, "", None, because, "Write one object per line, in braces")
        return SourceRow(line, {"unreadable": written}, problem)
