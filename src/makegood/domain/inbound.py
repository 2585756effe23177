"""Supply that is due: where it comes from, how much of it is still to come, and who has a part of it already."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple


class InboundKind(StrEnum):
    """Where supply comes from."""

    PURCHASE_ORDER = "PURCHASE_ORDER"
    TRANSFER = "TRANSFER"
    PRODUCTION = "PRODUCTION"


class InboundStatus(StrEnum):
    """The derived state of an inbound line; in the first two something is still to come."""

    OPEN = "OPEN"
    PARTIALLY_RECEIVED = "PARTIALLY_RECEIVED"
    RECEIVED = "RECEIVED"
    CANCELLED = "CANCELLED"


class SourcingState(StrEnum):
    """What became of units of an inbound line that were reserved for an order line."""

    OPEN = "OPEN"
    RECEIVED = "RECEIVED"
    RELEASED = "RELEASED"


class InboundFigures(NamedTuple):
    """Units of an inbound line; lines have `sourced` of those to come, and were `given` some of those received."""

    quantity: int
    received: int = 0
    cancelled: int = 0
    sourced: int = 0
    given: int = 0

    @property
    def outstanding(self) -> int:
        """Units that are still to come; more than that may arrive."""
        return max(self.quantity - self.cancelled - self.received, 0)

    @property
    def unsourced(self) -> int:
        """Units that are still to come and that no line has by name."""
        return self.outstanding - self.sourced

    @property
    def ungiven(self) -> int:
        """Units that were received and that went to no line by name."""
        return self.received - self.given


class NewInbound(NamedTuple):
    """Supply that is announced: so many units of a SKU, on a day if one is known.

    A transfer names the warehouse that it leaves, and a location there unless any will do.
    """

    kind: str
    reference: str
    sku: str
    quantity: int
    line_number: int = 1
    due: date | None = None
    merchant: str = "default"
    warehouse: str | None = None
    supplier: str | None = None
    from_warehouse: str | None = None
    from_location: str | None = None
    notes: str = ""


def inbound_status(figures: InboundFigures) -> InboundStatus:
    """Give the status that follows from the units.

    >>> inbound_status(InboundFigures(10, received=4, cancelled=6)).value
    'RECEIVED'
    """
    if figures.outstanding:
        return InboundStatus.PARTIALLY_RECEIVED if figures.received else InboundStatus.OPEN
    return InboundStatus.RECEIVED if figures.received else InboundStatus.CANCELLED
