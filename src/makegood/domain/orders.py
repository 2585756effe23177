"""Orders and their lines as the books hold them."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from makegood.domain.outcome import LineState
from makegood.domain.rank import Rank


class OrderRow(NamedTuple):
    """An order as it was read under its lock; `allow_backorders` is its warehouse's."""

    order_id: int
    number: str
    merchant_id: int
    root_order_id: int
    warehouse_id: int
    priority: int
    ship_policy: str
    keeps_back: bool
    placed_at: datetime
    status: str
    hold_kind: str | None
    hold_reason: str | None
    backordered_since: datetime | None
    review_after: datetime | None
    allow_backorders: bool


class LineRow(NamedTuple):
    """An order line as it was read under its order's lock; counts are whole units."""

    line_id: int
    order_id: int
    line_number: int
    root_line_number: int
    sku_text: str
    variant_id: int | None
    quantity: int
    allocated: int
    fulfilled: int
    cancelled: int
    priority: int | None
    rank_priority: int
    placed_at: datetime
    root_order_id: int
    waiting: bool
    sourced: int = 0

    @property
    def shortfall(self) -> int:
        """Units that are neither reserved, gone out nor cancelled."""
        return self.quantity - self.cancelled - self.fulfilled - self.allocated

    @property
    def rank(self) -> Rank:
        """The line's place in the total order of service."""
        return Rank(
            self.rank_priority,
            self.placed_at,
            self.root_order_id,
            self.root_line_number,
            self.order_id,
            self.line_number,
        )

    def state(self, granted: int = 0) -> LineState:
        """Give the line as an outcome sees it, after `granted` more units."""
        return LineState(
            self.sku_text,
            self.variant_id is not None,
            self.quantity,
            self.allocated + granted,
            self.fulfilled,
            self.cancelled,
        )


class NewLine(NamedTuple):
    """One line of an order that is being placed: SKU text as it came, whole units, optional price."""

    sku: str
    quantity: int
    unit_price: Decimal | None = None
    currency: str | None = None
    priority: str | None = None


class NewOrder(NamedTuple):
    """An order that is being placed; `number` is unique within its merchant."""

    number: str
    lines: Sequence[NewLine]
    placed_at: datetime | None = None
    merchant: str = "default"
    warehouse: str | None = None
    channel: str = ""
    customer_reference: str = ""
    customer_name: str = ""
    customer_email: str = ""
    customer_class: str = ""
    priority: str = "STANDARD"
    ship_policy: str = "PARTIAL"
    when_short: str = "skip"
    requested_date: date | None = None


def rank_priorities(ship_policy: str, order_priority: int, lines: Sequence[int | None]) -> list[int]:
    """Give the priority by which each line queues: its own, else the order's; COMPLETE queues as its best line.

    >>> rank_priorities("COMPLETE", 30, [None, 10])
    [10, 10]
    """
    own = [order_priority if priority is None else priority for priority in lines]
    return [min(own)] * len(own) if ship_policy == "COMPLETE" else own
