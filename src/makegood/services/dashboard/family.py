"""The orders that came of one by splits: parent, children, and theirs."""

from datetime import datetime
from typing import NamedTuple

from makegood.services.work import Work


class Relative(NamedTuple):
    """An order of the family: of which one it is a part, where it stands, and the units that it lacks."""

    order_id: int
    merchant: str
    number: str
    parent: str | None
    status: str
    placed_at: datetime
    short: int


def family_of(work: Work, order_id: int) -> list[Relative]:
    """Give an order's family, itself included, the one that all came of first."""
    return work.db.records(Relative, "family_of_order", order=order_id)
