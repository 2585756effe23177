"""Take a file into the books batch by batch: good rows land, bad ones are told, again changes nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Concatenate, Generic, NamedTuple, ParamSpec, Protocol, TypeVar

from makegood.domain.errors import BooksBusy, MakegoodError, Unavailable
from makegood.services.files.columns import Columns
from makegood.services.files.grouping import Together, groups
from makegood.services.files.rows import E, Group, Landing, Problem, Refused, SourceRow, Terms
from makegood.services.work import Work

P = ParamSpec("P")
T = TypeVar("T")

ROWS_A_BATCH = 3000
PROBLEMS_TOLD = 1000


class Desk(Protocol):
    """Where a use-case is done in a transaction of its own."""

    def __call__(self, use_case: Callable[Concatenate[Work, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Do the use-case and commit; it starts over while the books change under it."""


class Kind(NamedTuple, Generic[E]):
    """A kind of file: what its rows are, what makes them one thing, and the use-case that lands a batch."""

    name: str
    entry: type[E]
    together: Together
    land: Callable[[Work, Sequence[Group[E]], Terms], Landing[E]]
    things_a_batch: int = 1000


@dataclass(slots=True, kw_only=True)
class Summary:
    """What an import came to, in rows; `things` counts the orders, returns … that landed.

    `passed_over` counts orders of a shop that nobody waits for: they are cancelled or have gone out there.
    `problems` are the first thousand; `problems_left_out` says how many more there were.
    """

    kind: str
    file: str
    read: int = 0
    landed: int = 0
    unchanged: int = 0
    bad: int = 0
    things: int = 0
    passed_over: int = 0
    dry_run: bool = False
    ignored_columns: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    problems_left_out: int = 0


class Rehearsed(Exception):
    """Takes the outcome of a use-case out of its transaction, which is thereby undone."""

    def __init__(self, outcome: object) -> None:
        super().__init__("rehearsed")
        self.outcome = outcome


class Import(Generic[E]):
    """One import under way: `told` gets the line that was reached, `refused` every thing that was not taken."""

    def __init__(
        self,
        desk: Desk,
        kind: Kind[E],
        *,
        terms: Terms = Terms(),
        dry_run: bool = False,
        told: Callable[[int], object] = lambda line: None,
        refused: Callable[[Refused], object] = lambda rows: None,
    ) -> None:
        self._desk, self._kind, self._dry_run = desk, kind, dry_run
        self._told, self._refused = told, refused
        self._seen: set[int] = set()
        self._terms = terms._replace(seen=self._seen)
        self.summary = Summary(kind=kind.name, file="", dry_run=dry_run)

    def take(self, name: str, rows: Iterable[SourceRow], columns: Columns[E]) -> Summary:
        """Land all rows; each batch is a transaction, so that what was done stays done whatever comes after."""
        self.summary.file = name
        for batch in batches(groups(rows, columns, self._kind.together), self._kind.things_a_batch):
            self._take(batch)
            self._told(batch[-1].rows[-1].line)
        self.summary.ignored_columns = columns.ignored
        return self.summary

    def _take(self, batch: Sequence[Group[E] | Refused]) -> None:
        fresh: list[Group[E]] = []
        for thing in batch:
            self.summary.read += len(thing.rows)
            if isinstance(thing, Refused):
                self._refuse(thing)
            elif hash(thing.key) in self._seen:
                self._refuse(Refused(thing.key, thing.raw, [self._again(thing)]))
            else:
                fresh.append(thing)
            if thing.key:
                self._seen.add(hash(thing.key))
        # Each transaction holds the gates of one warehouse only.
        for _, some in groupby(sorted(fresh, key=_site), key=_site):
            self._count(self._land(list(some)))

    def _land(self, some: Sequence[Group[E]]) -> Landing[E]:
        """Land what can be landed; when the books refuse the lot, its halves are tried, down to the culprit."""
        try:
            return self._done(some)
        except (Unavailable, BooksBusy):
            raise
        except MakegoodError as refusal:
            if len(some) == 1:
                landing: Landing[E] = Landing()
                remedy = "Mend the row and import it again"
                landing.refuse(some[0], some[0].problem("", None, str(refusal), remedy))
                return landing
        first, second = self._land(some[: len(some) // 2]), self._land(some[len(some) // 2 :])
        return Landing(
            landed=first.landed + second.landed,
            unchanged=first.unchanged + second.unchanged,
            refused=first.refused | second.refused,
            identities=first.identities | second.identities,
        )

    def _done(self, some: Sequence[Group[E]]) -> Landing[E]:
        if not self._dry_run:
            return self._desk(self._kind.land, some, self._terms)
        try:
            self._desk(_rehearse, self._kind.land, some, self._terms)
        except Rehearsed as rehearsed:
            return rehearsed.outcome  # type: ignore[return-value]
        raise AssertionError("a rehearsal always ends by being undone")

    def _count(self, landing: Landing[E]) -> None:
        self._seen |= landing.identities
        self.summary.landed += _rows(landing.landed)
        self.summary.unchanged += _rows(landing.unchanged)
        self.summary.things += len(landing.landed)
        for group, problems in landing.refused.values():
            self._refuse(Refused(group.key, group.raw, problems))

    def _refuse(self, refused: Refused) -> None:
        self.summary.bad += len(refused.rows)
        room = PROBLEMS_TOLD - len(self.summary.problems)
        self.summary.problems += refused.problems[:room]
        self.summary.problems_left_out += len(refused.problems[room:])
        self._refused(refused)

    def _again(self, thing: Group[E]) -> Problem:
        fields, noun, most = self._kind.together
        because = f"the {noun} was in the file before"
        remedy = "Keep one row and strike the other" if most == 1 else f"Sort the file by {fields[-1]}"
        return thing.problem(fields[-1], thing.key[-1], because, remedy)


def batches(things: Iterable[Group[E] | Refused], most: int) -> Iterator[list[Group[E] | Refused]]:
    """Gather things until a batch is as big as one transaction should be."""
    batch: list[Group[E] | Refused] = []
    rows = 0
    for thing in things:
        batch.append(thing)
        rows += len(thing.rows)
        if len(batch) >= most or rows >= ROWS_A_BATCH:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


def _rehearse(work: Work, use_case: Callable[..., Any], *args: Any) -> None:
    raise Rehearsed(use_case(work, *args))


def _rows(groups: Iterable[Group[E]]) -> int:
    return sum(len(group.rows) for group in groups)


def _site(group: Group[E]) -> str:
    return str(getattr(group.first, "warehouse", ""))
