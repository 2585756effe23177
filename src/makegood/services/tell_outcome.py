"""Tell what something that was done to an order came to: where it stands now, its lines, and why it is short."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from makegood.domain.reasons import Reason, ReasonCode
from makegood.planner.attempt import Attempt
from makegood.planner.reasons import sentence
from makegood.services.show_order import LineSheet, lines_of, summaries
from makegood.services.work import Work


class OrderOutcome(NamedTuple):
    """An order after something was done to it: its status before and now, its units, and why any are short."""

    order_id: int
    order: str
    status_before: str
    status: str
    hold_kind: str | None
    hold_reason: str | None
    granted: int
    units: int
    allocated: int
    fulfilled: int
    cancelled: int
    short: int
    lines: Sequence[LineSheet]
    reasons: Sequence[dict[str, Any]]


def tell_outcome(work: Work, made: Attempt) -> OrderOutcome:
    """Tell of one attempt, as the order stands now."""
    return tell_outcomes(work, [made])[0]


def tell_outcomes(work: Work, made: Sequence[Attempt]) -> list[OrderOutcome]:
    """Tell of several attempts in one look at the books."""
    ids = [one.order.order_id for one in made]
    lines = lines_of(work, ids)
    return [
        OrderOutcome(
            order.order_id,
            order.number,
            one.before,
            order.status,
            order.hold_kind,
            order.hold_reason,
            one.granted,
            order.units,
            order.allocated,
            order.fulfilled,
            order.cancelled,
            order.short,
            lines[order.order_id],
            [{**told, "sentence": sentence(reason_of(told))} for told in one.reasons],
        )
        for one, order in zip(made, summaries(work, ids), strict=True)
    ]


def reason_of(told: Mapping[str, object]) -> Reason:
    """Give the reason that an attempt keeps as plain values."""
    facts = {name: value for name, value in told.items() if name not in ("line", "sku", "short", "code")}
    return Reason(code=ReasonCode(str(told["code"])), facts=facts)
