"""What goes from a file to the books: rows as they stand there, groups that are one thing, what became of them."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

E = TypeVar("E")
Key = tuple[object, ...]


class Problem(NamedTuple):
    """One thing that is wrong with a row, with its line in the file and what to do about it."""

    line: int
    field: str
    value: object
    because: str
    remedy: str

    def __str__(self) -> str:
        """Say it in one line, for a person."""
        where = f"line {self.line}" + (f", {self.field}" if self.field else "")
        value = "" if self.value in (None, "") else f" {str(self.value)[:60]!r}:"
        return f"{where}:{value} {self.because}. {self.remedy}."

    def as_json(self) -> dict[str, object]:
        """Give the facts as a program reads them; the value as its text."""
        value = None if self.value is None else str(self.value)
        return {**self._asdict(), "value": value}


class SourceRow(NamedTuple):
    """One row as it stands in the file: its first line, its cells by header, and whether it could not be read."""

    line: int
    cells: Mapping[str, object]
    fault: Problem | None = None


class Row(NamedTuple, Generic[E]):
    """A row that was read and typed."""

    line: int
    cells: Mapping[str, object]
    entry: E


class Group(NamedTuple, Generic[E]):
    """Rows that are one thing (an order, a return, one statement of stock): they land together or not at all."""

    key: Key
    rows: Sequence[Row[E]]

    @property
    def line(self) -> int:
        """The line of the file at which the thing begins."""
        return self.rows[0].line

    @property
    def raw(self) -> list[SourceRow]:
        """The rows as they stand in the file."""
        return [SourceRow(row.line, row.cells) for row in self.rows]

    @property
    def first(self) -> E:
        """What the first row says."""
        return self.rows[0].entry

    def problem(self, name: str, value: object, because: str, remedy: str) -> Problem:
        """Say what is wrong with the thing, at its first line."""
        return Problem(self.line, name, value, because, remedy)


class Refused(NamedTuple):
    """Rows that were not taken, and why; `key` names what they would have been."""

    key: Key
    rows: Sequence[SourceRow]
    problems: Sequence[Problem]


@dataclass(slots=True, kw_only=True)
class Landing(Generic[E]):
    """What one batch came to; `identities` name what it stated, so that nothing is stated twice in a file."""

    landed: list[Group[E]] = field(default_factory=list)
    unchanged: list[Group[E]] = field(default_factory=list)
    refused: dict[int, tuple[Group[E], list[Problem]]] = field(default_factory=dict)
    identities: set[int] = field(default_factory=set)

    def refuse(self, group: Group[E], problem: Problem) -> None:
        """Note that a group is not taken; it may have several problems."""
        self.refused.setdefault(group.line, (group, []))[1].append(problem)

    def open(self, groups: Sequence[Group[E]]) -> list[Group[E]]:
        """Give those of the groups that nothing was found against so far."""
        return [group for group in groups if group.line not in self.refused]


class Terms(NamedTuple):
    """How a file is taken: `create` adds what it names and the books do not know yet.

    `keep_unmatched` places orders with unknown SKUs, to be held until somebody matches them. `seen` holds the
    identities that earlier batches of the file stated.
    """

    create: bool = False
    keep_unmatched: bool = False
    seen: Container[int] = frozenset()
