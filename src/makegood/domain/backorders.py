"""A backorder record: its figures, the status that follows from them, and where its units can come from."""

from enum import StrEnum
from typing import NamedTuple

from makegood.domain.states import IN_PICKING, BackorderStatus, OrderStatus

OPEN_STATUSES = (
    BackorderStatus.PENDING,
    BackorderStatus.PARTIALLY_FULFILLED,
    BackorderStatus.ALLOCATED,
    BackorderStatus.READY_TO_SHIP,
)


class FulfilmentSource(StrEnum):
    """Where the units come from that a backorder is fulfilled with."""

    INVENTORY = "INVENTORY"
    PURCHASE_ORDER = "PURCHASE_ORDER"
    TRANSFER = "TRANSFER"
    PRODUCTION = "PRODUCTION"


class BackorderFigures(NamedTuple):
    """The units of a backorder, which covers its whole line: `allocated` on stock, `sourced` on what is due."""

    ordered: int
    allocated: int = 0
    fulfilled: int = 0
    cancelled: int = 0
    sourced: int = 0

    @property
    def remaining(self) -> int:
        """Units that have neither gone out nor been cancelled."""
        return self.ordered - self.fulfilled - self.cancelled

    @property
    def uncovered(self) -> int:
        """Units that remain and are reserved neither on stock nor on what is due."""
        return self.remaining - self.allocated - self.sourced


def backorder_status(figures: BackorderFigures, order: OrderStatus) -> BackorderStatus:
    """Give the status that follows from the units and the order's status; the first row that matches decides.

    >>> backorder_status(BackorderFigures(3, allocated=1), OrderStatus.PARTIALLY_ALLOCATED).value
    'PENDING'
    """
    rows = (
        (figures.remaining <= 0 and figures.fulfilled > 0, BackorderStatus.FULFILLED),
        (figures.remaining <= 0, BackorderStatus.CANCELLED),
        (order in IN_PICKING, BackorderStatus.READY_TO_SHIP),
        # What is due makes nothing ALLOCATED.
        (figures.remaining <= figures.allocated, BackorderStatus.ALLOCATED),
        (figures.fulfilled > 0, BackorderStatus.PARTIALLY_FULFILLED),
    )
    return next((status for matches, status in rows if matches), BackorderStatus.PENDING)
