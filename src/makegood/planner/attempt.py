"""What a plan means for one order: its lines afterwards, its outcome, and the reasons for what is still short."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from makegood.domain.orders import LineRow, OrderRow
from makegood.domain.outcome import Outcome, outcome
from makegood.domain.reasons import Reason, ReasonCode
from makegood.domain.states import HoldKind, OrderStatus

NO_BACKORDERS = "The warehouse takes no backorders and the order cannot be filled whole"


class LineResult(NamedTuple):
    """One line after the attempt: what it got now, and what it still lacks."""

    line: LineRow
    granted: int
    short: int


class Attempt(NamedTuple):
    """One try to allocate one order: before, after, and why anything is still short."""

    order: OrderRow
    before: str
    after: Outcome
    lines: Sequence[LineResult]
    reasons: Sequence[dict[str, object]]

    @property
    def granted(self) -> int:
        """Units that the attempt reserved."""
        return sum(line.granted for line in self.lines)

    @property
    def short(self) -> int:
        """Units that are still short after it."""
        return sum(line.short for line in self.lines)

    @property
    def allocated(self) -> int:
        """Units that are reserved after it."""
        return sum(line.line.allocated + line.granted for line in self.lines)


Why = Callable[[OrderRow, LineResult, Sequence[LineResult]], Sequence[Reason]]


def attempt(
    order: OrderRow, lines: Sequence[LineRow], granted: Mapping[int, int], why: Why, *, undecided: bool = False
) -> Attempt:
    """Tell what the grants make of the order; `why` gives the reasons for a matched line that is short.

    A new order that is `undecided`, as a check of its queues is still to come, is not put on hold before that.
    """
    results = [
        LineResult(line, got, line.shortfall - got) for line in lines for got in (granted.get(line.line_id, 0),)
    ]
    came_to = outcome([result.line.state(result.granted) for result in results])
    if came_to.status is not OrderStatus.ALLOCATED and not order.allow_backorders and not came_to.hold_kind:
        came_to = Outcome(OrderStatus.ON_HOLD, HoldKind.NO_BACKORDERS, NO_BACKORDERS)
    if undecided and came_to.hold_kind and order.status == OrderStatus.PENDING:
        came_to = Outcome(OrderStatus.PENDING)
    reasons = [
        {
            "line": result.line.line_number,
            "sku": result.line.sku_text,
            "short": result.short,
            **reason.as_json(),
        }
        for result in results
        if result.short > 0
        for reason in _reasons(order, result, results, why)
    ]
    return Attempt(order, order.status, came_to, results, reasons)


def _reasons(order: OrderRow, result: LineResult, results: Sequence[LineResult], why: Why) -> Sequence[Reason]:
    if result.line.variant_id is None:
        return [Reason(code=ReasonCode.UNMATCHED, facts={"text": result.line.sku_text})]
    return why(order, result, results)
