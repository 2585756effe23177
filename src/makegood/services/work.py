"""One use-case at work: the books it may write, the business time, who asked, and what set it off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from makegood.store.database import Db


@dataclass(slots=True, kw_only=True)
class Work:
    """What every use-case is handed; the door commits when the use-case returns.

    `as_of` is business time. `source` names the trigger, `actor` who asked, `merchants` whose goods and orders
    may be seen: all with None. `marked` tells the door that queues must be looked at once this is committed,
    `woken` which jobs of the catalogue are to be done then, `attempts` which attempts were made.
    """

    db: Db
    as_of: datetime
    actor: str
    source: str
    merchants: Sequence[int] | None = None
    marked: bool = field(default=False)
    woken: set[str] = field(default_factory=set)
    attempts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Statements that find or list what people ask for are given them by the books.
        self.db.merchants = None if self.merchants is None else list(self.merchants)

    @property
    def today(self) -> date:
        """The business day, in UTC."""
        return self.as_of.astimezone(UTC).date()

    def wake(self, job: str) -> None:
        """Have a job of the catalogue done once this is committed."""
        self.woken.add(job)

    def mark(self, gates: Iterable[tuple[int, int]], source: str | None = None) -> None:
        """Say in this transaction that the queues of these (variant, warehouse) must be looked at."""
        self.mark_each((variant, warehouse, source or self.source) for variant, warehouse in gates)

    def mark_each(self, marks: Iterable[tuple[int, int, str]]) -> None:
        """Say so of several (variant, warehouse), each with a source of its own, in one statement."""
        wanted = sorted(set(marks))
        if wanted:
            self.marked = True
            variants, warehouses, sources = (list(column) for column in zip(*wanted, strict=True))
            self.db.run("add_marks", variants=variants, warehouses=warehouses, sources=sources, actor=self.actor)


def now() -> datetime:
    """Read the clock: the only place where it is read; doors pass what it gives as `as_of`."""
    return datetime.now(UTC)
