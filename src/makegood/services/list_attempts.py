"""List the attempts to allocate an order, page by page."""

from collections.abc import Sequence
from typing import NamedTuple

from makegood.services.gates import find_order
from makegood.services.pages import cursor_after, insist_on_most, read_cursor
from makegood.services.show_order import AttemptSheet
from makegood.services.work import Work


class AttemptPage(NamedTuple):
    """A page of attempts, oldest first, and the cursor of the next one."""

    attempts: Sequence[AttemptSheet]
    next: str | None


def list_attempts(work: Work, order: str, *, after: str | None = None, most: int = 50) -> AttemptPage:
    """Give a page of the attempts to allocate an order; raises `OrderNotFound`, `InvalidValue`."""
    (last,) = read_cursor(after, 1)
    found = work.db.records(
        AttemptSheet,
        "page_of_attempts",
        order=find_order(work, order)[0],
        after=last or 0,
        most=insist_on_most(most) + 1,
    )
    page = found[:most]
    return AttemptPage(page, cursor_after(page[-1].attempt_id) if len(found) > most else None)
