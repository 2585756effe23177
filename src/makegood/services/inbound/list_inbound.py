"""List supply that is due by any filter, page by page; a page is stable while lines come and go."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from makegood.domain.errors import InvalidValue
from makegood.domain.inbound import InboundStatus
from makegood.services.inbound.create_inbound import kind_named
from makegood.services.inbound.records import InboundSheet, read_sheets
from makegood.services.named_filters import insist_on_named
from makegood.services.pages import cursor_after, insist_on_most, read_cursor
from makegood.services.work import Work

SORTS = ("due", "newest", "oldest")
COMING = (InboundStatus.OPEN, InboundStatus.PARTIALLY_RECEIVED)


class InboundFilter(NamedTuple):
    """Which inbound lines are meant: those that pass all that is given; without `statuses`, those still to come.

    `late`: their day has passed; `dated`: their day is known; `unsourced`: nobody has all of what is to come. Days
    include both ends.
    """

    statuses: Sequence[str] = ()
    kind: str | None = None
    reference: str | None = None
    sku: str | None = None
    warehouse: str | None = None
    from_warehouse: str | None = None
    supplier: str | None = None
    merchant: str | None = None
    late: bool | None = None
    dated: bool | None = None
    unsourced: bool | None = None
    due_from: date | None = None
    due_to: date | None = None


class InboundPage(NamedTuple):
    """A page of inbound lines, the cursor of the next one, and how many pass the filters in all."""

    inbound: Sequence[InboundSheet]
    next: str | None
    total: int

    def as_told(self) -> dict[str, object]:
        """Give the page as programs are told it."""
        return {"inbound": [one.as_told() for one in self.inbound], "next": self.next, "total": self.total}


TO_COME = InboundFilter()


def list_inbound(
    work: Work,
    only: InboundFilter = TO_COME,
    *,
    sort: str = "due",
    after: str | None = None,
    most: int = 50,
) -> InboundPage:
    """Give a page of the inbound lines that pass every filter; `after` is the cursor that the page before gave.

    Sorts: due (what has no day comes last), newest, oldest. Raises `InvalidValue`, `WarehouseNotFound` or
    `MerchantNotFound`.
    """
    insist_on_named(work, warehouse=only.warehouse, merchant=only.merchant)
    if sort not in SORTS:
        raise InvalidValue("sort", sort, "one of " + ", ".join(SORTS))
    key, last = read_cursor(after, 2, sort=sort)
    meant = only._asdict() | {
        "statuses": _statuses(only.statuses),
        "kind": None if only.kind is None else kind_named(only.kind).value,
    }
    found = work.db.all(
        "page_of_inbound",
        **meant,
        sort=sort,
        after_key=key,
        after_id=last,
        most=insist_on_most(most) + 1,
        today=work.today,
    )
    total, page = found[0][0], [row for row in found[:most] if row[1]]
    following = cursor_after(page[-1][2], page[-1][1], sort=sort) if len(found) > most else None
    return InboundPage(read_sheets(work, [row[1] for row in page]), following, total)


def _statuses(words: Sequence[str]) -> list[str]:
    statuses = [word.strip().upper().replace("-", "_").replace(" ", "_") for word in words]
    for word in statuses:
        if word not in list(InboundStatus):
            raise InvalidValue("status", word, "one of " + ", ".join(InboundStatus))
    return statuses or [status.value for status in COMING]
