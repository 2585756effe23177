"""What a process asked for and what came of it, written down before and after, so that a kill leaves a trace."""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any


class End(StrEnum):
    """What came of a request, as far as the one who asked knows; a kill leaves it UNKNOWN."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Something that was asked for under a name that nothing else has, and what came of it."""

    name: str
    kind: str
    facts: dict[str, Any]
    end: End = End.UNKNOWN
    result: Any = None
    asked_at: float = 0.0
    took: float = 0.0


class Journal:
    """One process's pages: a line reaches the kernel before the next thing is done."""

    def __init__(self, file: Path) -> None:
        self.folder = file.parent
        self._pages = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def asks(self, name: str, kind: str, facts: Mapping[str, Any]) -> None:
        """Note a request before it is made."""
        self._write({"name": name, "kind": kind, "facts": facts, "asked_at": time.time()})

    def ends(self, name: str, end: End, result: object = None, took: float = 0.0) -> None:
        """Note what came of it, and after how many seconds."""
        self._write({"name": name, "end": end, "result": result, "took": took})

    def _write(self, line: Mapping[str, Any]) -> None:
        os.write(self._pages, (json.dumps(line, default=str) + "\n").encode())


def read_journals(folder: Path) -> list[Request]:
    """Give all requests of all processes."""
    asked: dict[str, dict[str, Any]] = {}
    for file in sorted(folder.glob("*.journal")):
        for line in file.read_text().splitlines():
            note = json.loads(line)
            asked.setdefault(note["name"], {}).update(note)
    return [Request(**{**note, "end": End(note.get("end", End.UNKNOWN))}) for note in asked.values()]
