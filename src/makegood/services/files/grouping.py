"""Put rows that follow each other and belong together into groups: an order, a return, one statement."""

from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple

from makegood.services.files.columns import Columns
from makegood.services.files.rows import E, Group, Key, Problem, Refused, Row, SourceRow

# So many rows that cannot be read are kept in mind, until it is known whose they are.
MOST_DOUBTFUL = 100


class Together(NamedTuple):
    """Which fields name a thing, the last one foremost; what it is called; how many rows it may have."""

    fields: tuple[str, ...]
    noun: str
    most_rows: int = 1


class _Run(Generic[E]):
    """Rows of one key that follow each other, what is wrong with them, and rows that may belong to them."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.raw: list[SourceRow] = []
        self.rows: list[Row[E]] = []
        self.problems: list[Problem] = []
        self.doubtful: list[SourceRow] = []

    def add(self, row: SourceRow, typed: Row[E] | list[Problem]) -> None:
        self.raw += [*self.doubtful, row]
        self.problems += [one.fault for one in self.doubtful if one.fault]
        self.doubtful = []
        if isinstance(typed, Row):
            self.rows.append(typed)
        else:
            self.problems += typed

    def finished(self) -> Iterator[Group[E] | Refused]:
        yield Refused(self.key, self.raw, self.problems) if self.problems else Group(self.key, self.rows)
        yield from map(_alone, self.doubtful)


def groups(rows: Iterable[SourceRow], columns: Columns[E], together: Together) -> Iterator[Group[E] | Refused]:
    """Give what stands in the file, thing by thing; one bad row makes its whole thing refused.

    A row that cannot be read at all counts to the thing before and after it, where that is one and the same.
    """
    run: _Run[E] | None = None
    for row in rows:
        key = tuple(columns.text(row, name) for name in together.fields)
        if row.fault and not key[-1]:
            if run is None or len(run.doubtful) == MOST_DOUBTFUL:
                yield _alone(row)
            else:
                run.doubtful.append(row)
            continue
        if run is None or not _goes_on(run, key, together):
            yield from run.finished() if run else ()
            run = _Run(key)
        run.add(
            row, columns.typed(row) if len(run.raw) < together.most_rows else _one_too_many(row, key, together)
        )
    yield from run.finished() if run else ()


def _goes_on(run: _Run[E], key: Key, together: Together) -> bool:
    """Tell whether the next row belongs to the run; a thing of one row never goes on, a long one is cut once."""
    return together.most_rows > 1 and key == run.key and bool(key[-1]) and len(run.raw) <= together.most_rows


def _one_too_many(row: SourceRow, key: Key, together: Together) -> list[Problem]:
    because = f"the {together.noun} has more than {together.most_rows:,} rows"
    return [Problem(row.line, together.fields[-1], key[-1], because, "Divide it")]


def _alone(row: SourceRow) -> Refused:
    return Refused((), [row], [row.fault] if row.fault else [])
