"""What an attempt comes to: four rows, the first match decides, per line and never on totals."""

from collections.abc import Sequence
from typing import NamedTuple

from makegood.domain.states import HoldKind, OrderStatus


class LineState(NamedTuple):
    """How far one order line is covered, in whole units."""

    sku_text: str
    matched: bool
    quantity: int
    allocated: int = 0
    fulfilled: int = 0
    cancelled: int = 0

    @property
    def shortfall(self) -> int:
        """Units that are neither reserved, gone out nor cancelled."""
        return self.quantity - self.cancelled - self.fulfilled - self.allocated


class Outcome(NamedTuple):
    """The status that an attempt leaves, the kind of hold, and the reason that is recorded."""

    status: OrderStatus
    hold_kind: HoldKind | None = None
    reason: str | None = None


def outcome(lines: Sequence[LineState]) -> Outcome:
    """Decide the status over what is reserved once the policy was applied (docs/concepts/who-is-served-first.md).

    >>> outcome([LineState(sku_text="A", matched=True, quantity=2, allocated=1)]).status.value
    'PARTIALLY_ALLOCATED'
    """
    unmatched = [line.sku_text for line in lines if not line.matched and line.shortfall > 0]
    reserved = sum(line.allocated for line in lines)
    short = sum(line.shortfall for line in lines if line.matched)
    reason = unmatched_reason(unmatched, short) if unmatched else None
    if unmatched and not reserved:
        return Outcome(OrderStatus.ON_HOLD, HoldKind.UNMATCHED, reason)
    if not reserved:
        return Outcome(OrderStatus.BACKORDERED)
    if unmatched or short:
        return Outcome(OrderStatus.PARTIALLY_ALLOCATED, None, reason)
    return Outcome(OrderStatus.ALLOCATED)


def unmatched_reason(sku_texts: Sequence[str], short: int) -> str:
    """Name the SKU texts that match nothing, and how many units are backordered besides."""
    besides = f"; {short} units are backordered besides" if short else ""
    return f"No variant matches {', '.join(sku_texts)}{besides}"
