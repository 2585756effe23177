"""The tools for orders, holds and splits."""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

from pydantic import Field

from makegood.domain.explanation import Action, Explanation, LineExplanation, Verb
from makegood.domain.plain import as_plain
from makegood.domain.splits import Consent
from makegood.entrypoints.mcp.arguments import (
    FEW_ROWS,
    Cursor,
    Customer,
    IdempotencyKey,
    Limit,
    Moment,
    OnlySku,
    OrderName,
    OrderPriority,
    OrderStatusName,
    Warehouse,
    words,
)
from makegood.entrypoints.mcp.brief import brief
from makegood.entrypoints.mcp.call import Call, Told
from makegood.entrypoints.mcp.order_shapes import LineReason
from makegood.planner.attempt import Attempt
from makegood.services.allocate_order import allocate_order
from makegood.services.explain_order import explain_order as explain
from makegood.services.pages import cursor_after, read_cursor
from makegood.services.release_hold import release_hold as release
from makegood.services.show_order import EventSheet, LineSheet, OrderPage, OrderSummary, show_order
from makegood.services.show_order import list_orders as listed
from makegood.services.split_order import Split
from makegood.services.split_order import split_order as split
from makegood.services.tell_outcome import OrderOutcome, tell_outcome

MOST_LINES = 50
MOST_EVENTS = 20


def list_orders(
    call: Call,
    status: Annotated[list[OrderStatusName] | None, Field(description="Only those of these statuses.")] = None,
    sku: OnlySku | None = None,
    customer: Customer | None = None,
    priority: OrderPriority | None = None,
    warehouse: Warehouse | None = None,
    sort: Annotated[
        Literal["newest", "oldest", "waiting", "rank"],
        Field(description="waiting: short for longest first; rank: by priority, then by age."),
    ] = "newest",
    limit: Limit = FEW_ROWS,
    cursor: Cursor | None = None,
) -> Told:
    """List orders: who wants what, how much of it is reserved, how much is short."""
    page = call.read(listed, statuses=status or (), sku=sku, customer=customer, priority=priority,
                     warehouse=warehouse, sort=sort, after=cursor, most=limit)  # fmt: skip
    return _page(page)


def list_held_orders(
    call: Call,
    warehouse: Warehouse | None = None,
    limit: Limit = FEW_ROWS,
    cursor: Cursor | None = None,
) -> Told:
    """List the orders on hold, those short for longest first, each with the kind and reason of its hold.

    Kinds: unmatched (a person has to say which variant is meant), stale (short for too long: review it), manual,
    no_backorders (the warehouse takes none).
    """
    return _page(
        call.read(listed, statuses=["ON_HOLD"], warehouse=warehouse, sort="waiting", after=cursor, most=limit)
    )


def get_order(call: Call, order: OrderName, limit: Limit = MOST_LINES, cursor: Cursor | None = None) -> Told:
    """Show one order: where it stands, a page of its lines with their backorders, and its latest events."""
    (after,) = read_cursor(cursor, 1)
    sheet = call.read(show_order, order)
    rest = [line for line in sheet.lines if after is None or line.line_number > after]
    return {
        "summary": _order(sheet.order),
        "lines": [_line(line) for line in rest[:limit]],
        "lines_total": len(sheet.lines),
        "next": cursor_after(rest[limit - 1].line_number) if len(rest) > limit else None,
        "events": [_event(one) for one in sheet.events[::-1][:MOST_EVENTS]],
        "events_total": len(sheet.events),
    }


def retry_order(
    call: Call,
    order: OrderName,
    allow_partial: Annotated[bool, Field(description="false: all that it lacks or nothing, this time.")] = True,
    idempotency_key: IdempotencyKey | None = None,
) -> Told:
    """Try to allocate one order now, in its turn, and say why anything is still short.

    Seldom needed: stock that arrives is given to whoever is next by itself.
    """
    return _tried(call, allocate_order, order, allow_partial=allow_partial)


def explain_order(call: Call, order: OrderName) -> Told:
    """Say why an order does not have all it wants: the reasons, its place in the queue, and the ways out."""
    found = call.read(explain, order)
    return {
        "order": found.order,
        "status": found.status.lower(),
        "lines": [_explained(found, line) for line in found.lines[:MOST_LINES]],
        "lines_total": len(found.lines),
    }


def release_hold(
    call: Call,
    order: OrderName,
    snooze_days: Annotated[
        int | None,
        Field(ge=0, le=3650, description="Not held for its age again before so many days have passed."),
    ] = None,
    idempotency_key: IdempotencyKey | None = None,
) -> Told:
    """Return a held order to the queue, with the age and rank that it had."""
    return _tried(call, release, order, snooze_days=snooze_days)


def split_order(
    call: Call,
    order: OrderName,
    agreed_by: Annotated[str, words("Who agreed to it: the customer.", "Ann Example")],
    agreed_how: Annotated[str, words("How the customer agreed.", "e-mail of 2 March")],
    agreed_at: Annotated[Moment, Field(description="When the customer agreed.")],
    mode: Annotated[
        Literal["lines", "quantities"],
        Field(description="lines: full lines go out now; quantities: of each line what is reserved."),
    ] = "lines",
    idempotency_key: IdempotencyKey | None = None,
) -> Told:
    """Split an order into what can go out now and a new order that waits for the rest with the same age and rank.

    The customer has to have agreed: ask first, and never make an agreement up.
    """
    consent = Consent(by=agreed_by, how=agreed_how, at=agreed_at)
    return call.write(lambda work: _split(split(work, order, mode=mode, consent=consent)))


def _page(page: OrderPage) -> Told:
    return {"orders": [_order(one) for one in page.orders], "next": page.next, "total": page.total}


def _order(one: OrderSummary) -> Told:
    return {
        "order": one.number,
        "status": one.status.lower(),
        "merchant": one.merchant,
        "warehouse": one.warehouse,
        "customer": one.customer_name or one.customer_reference or one.customer_email,
        "priority": one.priority.lower(),
        "ship_policy": one.ship_policy.lower(),
        "placed_at": one.placed_at,
        "requested_date": one.requested_date,
        "backordered_since": one.backordered_since,
        "hold_kind": one.hold_kind and one.hold_kind.lower(),
        "hold_reason": brief(one.hold_reason),
        "held_at": one.held_at,
        "review_after": one.review_after,
        "parent": one.parent,
        "lines": one.lines,
        "unmatched_lines": one.unmatched_lines,
        "quantity_ordered": one.units,
        "quantity_allocated": one.allocated,
        "quantity_fulfilled": one.fulfilled,
        "quantity_cancelled": one.cancelled,
        "quantity_short": one.short,
    }


def _line(line: LineSheet) -> Told:
    return {
        "line": line.line_number,
        "sku": line.sku or line.sku_text,
        "matched": line.sku is not None,
        "name": line.name,
        "quantity_ordered": line.quantity,
        "quantity_allocated": line.allocated,
        "quantity_fulfilled": line.fulfilled,
        "quantity_cancelled": line.cancelled,
        "quantity_short": line.short,
        "backorder_id": line.backorder,
        "expected_date": line.expected_date,
        "promised_date": line.promised_date,
    }


def _event(one: EventSheet) -> Told:
    told = one._replace(payload=brief(as_plain(one.payload)))._asdict()
    return {name: value for name, value in told.items() if name != "attempt_id"}


def _tried(call: Call, use_case: Callable[..., Attempt], *args: object, **named: object) -> Told:
    return call.write(lambda work: _outcome(tell_outcome(work, use_case(work, *args, **named))))


def _outcome(made: OrderOutcome) -> Told:
    return {
        "order": made.order,
        "status_before": made.status_before.lower(),
        "status": made.status.lower(),
        "hold_kind": made.hold_kind and made.hold_kind.lower(),
        "hold_reason": brief(made.hold_reason),
        "granted": made.granted,
        "quantity_ordered": made.units,
        "quantity_allocated": made.allocated,
        "quantity_short": made.short,
        "reasons": [{name: one[name] for name in LineReason.model_fields} for one in made.reasons[:MOST_LINES]],
        "reasons_total": len(made.reasons),
    }


def _explained(found: Explanation, line: LineExplanation) -> Told:
    return {
        "line": line.line_number,
        "sku": line.sku,
        "short": line.short,
        "codes": [reason.code for reason in line.reasons],
        "sentences": line.sentences,
        "queue_position": line.queue_position,
        "sourced": line.sourced,
        "next_inbound": line.next_inbound,
        "ways_out": [_way_out(action, found.order) for action in line.actions],
    }


# Who agreed to a split, only the one who calls can know.
AGREEMENT = ["agreed_by", "agreed_how", "agreed_at"]


def _way_out(action: Action, order: str) -> Told:
    """Give what could be done, as a call where a tool does it."""
    tool, arguments, needs = _call_for(action, order)
    return {"what": action.what, "tool": tool, "arguments": arguments, "needs": needs, "command": action.command}


def _call_for(action: Action, order: str) -> tuple[str | None, Told, Sequence[str]]:
    match action.verb:
        case Verb.RELEASE:
            return "release_hold", {"order": order}, []
        case Verb.ALLOCATE:
            return "retry_order", {"order": order}, []
        case Verb.SPLIT:
            return "split_order", {"order": order, "mode": action.given["mode"]}, AGREEMENT
        case Verb.SOURCE:
            named = {"backorder_id": action.given["backorder"], "inbound_id": action.given["inbound"]}
            return "allocate_backorder", named, []
        case Verb.FORCE:
            named = {"backorder_id": action.given["backorder"], "quantity": action.given["quantity"]}
            return "allocate_backorder", named, ["force_because"]
        case _:
            return None, {}, []


def _split(made: Split) -> Told:
    return {
        "original_order": made.original_order_number,
        "original_status": made.original_status.lower(),
        "backorder_order": made.backorder_order_number,
        "backorder_status": made.backorder_status.lower(),
        "shippable_units": made.shippable_items,
        "backordered_units": made.backordered_items,
    }
