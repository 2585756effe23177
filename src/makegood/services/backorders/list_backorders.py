"""List backorders by any filter, page by page; a page is stable while records come and go."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from makegood.domain.backorders import OPEN_STATUSES
from makegood.domain.errors import InvalidValue
from makegood.domain.states import BackorderStatus
from makegood.services.backorders.records import (
    BackorderSheet,
    priority_named,
    read_backorders,
    source_named,
)
from makegood.services.named_filters import insist_on_named
from makegood.services.pages import cursor_after, insist_on_most, read_cursor
from makegood.services.work import Work

SORTS = ("newest", "oldest", "priority")


class BackorderFilter(NamedTuple):
    """Which backorders are meant: those that pass all that is given; without `statuses`, the open ones.

    `customer` is found anywhere in reference, name or e-mail. `due_to` looks at the promised date, else the
    expected one. Days count in UTC, both ends included.
    """

    statuses: Sequence[str] = ()
    sku: str | None = None
    customer: str | None = None
    priority: str | None = None
    overdue: bool | None = None
    at_risk: bool | None = None
    source: str | None = None
    order: str | None = None
    warehouse: str | None = None
    merchant: str | None = None
    opened_from: date | None = None
    opened_to: date | None = None
    due_to: date | None = None


class BackorderPage(NamedTuple):
    """A page of backorders, the cursor of the next one, and how many pass the filters in all."""

    backorders: Sequence[BackorderSheet]
    next: str | None
    total: int

    def as_told(self) -> dict[str, object]:
        """Give the page as programs are told it."""
        told = [one.as_told() for one in self.backorders]
        return {"backorders": told, "next": self.next, "total": self.total}


OPEN = BackorderFilter()


def list_backorders(
    work: Work,
    only: BackorderFilter = OPEN,
    *,
    sort: str = "newest",
    after: str | None = None,
    most: int = 50,
) -> BackorderPage:
    """Give a page of the backorders that pass every filter; `after` is the cursor that the page before gave.

    Sorts: newest, oldest, priority. Raises `InvalidValue`, `WarehouseNotFound` or `MerchantNotFound`.
    """
    insist_on_named(work, warehouse=only.warehouse, merchant=only.merchant)
    key, last = read_cursor(after, 2, sort=sort)
    meant = only._asdict() | {
        "statuses": _statuses(only.statuses),
        "priority": None if only.priority is None else priority_named(only.priority),
        "source": None if only.source is None else source_named(only.source),
    }
    found = work.db.all(
        "page_of_backorders",
        **meant,
        sort=_sort(sort),
        after_key=key,
        after_id=last,
        most=insist_on_most(most) + 1,
        today=work.today,
    )
    total, page = found[0][0], [row for row in found[:most] if row[1]]
    following = cursor_after(*page[-1][2:], sort=sort) if len(found) > most else None
    return BackorderPage(read_backorders(work, [row[1] for row in page]), following, total)


def _statuses(words: Sequence[str]) -> list[str]:
    statuses = [word.strip().upper().replace("-", "_").replace(" ", "_") for word in words]
    for word in statuses:
        if word not in list(BackorderStatus):
            raise InvalidValue("status", word, "one of " + ", ".join(BackorderStatus))
    return statuses or [status.value for status in OPEN_STATUSES]


def _sort(word: str) -> str:
    if word not in SORTS:
        raise InvalidValue("sort", word, "one of " + ", ".join(SORTS))
    return word
