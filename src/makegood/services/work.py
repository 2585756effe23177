"""One use-case at work: the books it may write, the business time, who asked, and what set it off."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from makegood.store.database import Db


@dataclass(slots=True, kw_only=True)
class Work:
    """What every use-case is handed; the door commits when the use-case returns.

    `as_of` is business time. `source` names the trigger, `actor` who asked. `marked` tells the door that
    queues must be looked at once this is committed.
    """

    db: Db
    as_of: datetime
    actor: str
    source: str
    marked: bool = field(default=False)

    @property
    def today(self) -> date:
        """The business day, in UTC."""
        return self.as_of.astimezone(UTC).date()

    def mark(self, gates: Iterable[tuple[int, int]], source: str | None = None) -> None:
        """Say in this transaction that the queues of these (variant, warehouse) must be looked at."""
        wanted = sorted(set(gates))
        if wanted:
            self.marked = True
            self.db.run(
                "add_marks",
                variants=[variant for variant, _ in wanted],
                warehouses=[warehouse for _, warehouse in wanted],
                sources=[source or self.source] * len(wanted),
                actor=self.actor,
            )


def now() -> datetime:
    """Read the clock: the only place where it is read; doors pass what it gives as `as_of`."""
    return datetime.now(UTC)
