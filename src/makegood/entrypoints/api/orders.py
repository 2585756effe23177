"""Orders over HTTP: take them in, see them, change them, try them again."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from makegood.domain.orders import NewLine, NewOrder
from makegood.domain.states import ShipPolicy
from makegood.entrypoints.api.bodies import (
    Body,
    Day,
    Instant,
    LineNumber,
    Price,
    PriorityWord,
    Text,
    Units,
    UnitsOrNone,
    Word,
)
from makegood.entrypoints.api.paging import After, Limit
from makegood.services.allocate_order import allocate_order
from makegood.services.cancel_order import cancel_order
from makegood.services.edit_order import edit_order
from makegood.services.list_attempts import AttemptPage, list_attempts
from makegood.services.match_line import match_line
from makegood.services.new_orders import WHEN_SHORT
from makegood.services.place_order import place_order
from makegood.services.show_order import SORTS, OrderPage, OrderSheet, list_orders, show_order
from makegood.services.tell_outcome import OrderOutcome, tell_outcome
from makegood.services.work import Work

OrderId = Annotated[
    Word, Path(description="The order's id, or its number where no other merchant has it.", examples=["1001"])
]
OnLine = Annotated[LineNumber, Path(description="The line's number.")]
POLICY = "PARTIAL: what is there; COMPLETE_LINES: a line whole or not at all; COMPLETE: all of it or nothing."
WHILE_SHORT = (
    "What a COMPLETE order does while it cannot be filled: skip lets the next in rank have the units, reserve "
    f"keeps them back. One of {', '.join(WHEN_SHORT)}."
)


class LineToPlace(Body):
    """One line of an order: a SKU as the customer named it, and how many."""

    sku: Word = Field(description="SKU, alias or barcode; one that nobody knows puts the order on hold.")
    quantity: Units
    unit_price: Price | None = None
    currency: Word | None = Field(default=None, examples=["EUR"])
    priority: PriorityWord | None = Field(default=None, description="Its own, instead of the order's.")


class OrderToPlace(Body):
    """An order as a customer placed it."""

    number: Word = Field(description="Unique within its merchant.", examples=["1001"])
    lines: list[LineToPlace] = Field(min_length=1, max_length=1000, examples=[[{"sku": "MUG", "quantity": 2}]])
    placed_at: Instant | None = Field(default=None, description="When it was placed; it ranks by that. Else now.")
    merchant: Word = "default"
    warehouse: Word | None = Field(default=None, description="Its home; else the first by network rank.")
    channel: Text = Field(default="", examples=["web"])
    customer_reference: Text = ""
    customer_name: Text = Field(default="", examples=["Ada Okafor"])
    customer_email: Text = ""
    customer_class: Text = ""
    priority: PriorityWord = "STANDARD"
    ship_policy: ShipPolicy = Field(default=ShipPolicy.PARTIAL, description=POLICY)
    when_short: Word = Field(default="skip", description=WHILE_SHORT)
    requested_date: Day | None = None


class OrderEdit(Body):
    """What is to change of an order; what is left out stays."""

    quantities: dict[LineNumber, UnitsOrNone] = Field(
        default={}, description="New units by line number; 0 takes a line out.", examples=[{"1": 3}]
    )
    add: list[LineToPlace] = Field(default=[], max_length=1000, description="Further lines.")
    priority: PriorityWord | None = None
    ship_policy: ShipPolicy | None = Field(default=None, description=POLICY)
    when_short: Word | None = Field(default=None, description=WHILE_SHORT)


class Cancellation(Body):
    """What is cancelled of an order, and why."""

    quantities: dict[LineNumber, UnitsOrNone] | None = Field(
        default=None,
        description="Units by line number; without it all that has not gone out.",
        examples=[{"1": 1}],
    )
    because: Text = Field(default="", examples=["the customer changed their mind"])


class Match(Body):
    """Which variant is meant."""

    sku: Word = Field(description="SKU, alias or barcode of a variant of the order's merchant.", examples=["MUG"])


class Try(Body):
    """How an order is tried."""

    allow_partial: bool = Field(
        default=True, description="Take what is there; with false all that it lacks or nothing."
    )


def place(work: Work, order: OrderToPlace) -> OrderOutcome:
    """Place an order.

    It joins the queue and is allocated with it at once: it gets what nobody better ranked could use. The answer
    tells where it stands and, for whatever is short, why.
    """
    fields = order.model_dump(exclude={"lines"})
    return tell_outcome(work, place_order(work, NewOrder(lines=_lines(order.lines), **fields)))


def many(
    work: Work,
    status: Annotated[
        list[Word], Query(description="Only orders of this status; may be given several times.")
    ] = [],  # noqa: B006 - FastAPI copies it
    sku: Annotated[Word | None, Query(description="Only orders that want this SKU.")] = None,
    customer: Annotated[
        Word | None, Query(description="Only orders with this in the customer's reference, name or e-mail.")
    ] = None,
    priority: Annotated[Word | None, Query(description="EXPRESS, RUSH, STANDARD or LOW.")] = None,
    warehouse: Annotated[Word | None, Query(description="Code of the warehouse.")] = None,
    sort: Annotated[Word, Query(description=f"One of {', '.join(SORTS)}.")] = "newest",
    limit: Limit = 50,
    after: After = None,
) -> OrderPage:
    """List orders.

    Who wants what, how much of it is reserved, how much is short; and how many orders there are of each status.
    """
    return list_orders(
        work,
        statuses=status,
        sku=sku,
        customer=customer,
        priority=priority,
        warehouse=warehouse,
        sort=sort,
        after=after,
        most=limit,
    )


def one(work: Work, order: OrderId) -> OrderSheet:
    """Show one order.

    Its lines, where its units are reserved, every attempt to allocate it and everything that happened to it.
    """
    return show_order(work, order)


def edit(work: Work, order: OrderId, changes: OrderEdit) -> OrderOutcome:
    """Change an order.

    Until it is released to pick: quantities, further lines, priority, ship policy. What it no longer needs goes
    to the queue; what it needs besides waits at its rank.
    """
    made = edit_order(
        work,
        order,
        quantities=changes.quantities,
        add=_lines(changes.add),
        priority=changes.priority,
        ship_policy=changes.ship_policy,
        when_short=changes.when_short,
    )
    return tell_outcome(work, made)


def cancel(work: Work, order: OrderId, what: Cancellation = Cancellation()) -> OrderOutcome:
    """Cancel an order, or a part of it.

    What it has reserved beyond the rest goes to the queue in the same transaction. What has gone out stays gone.
    """
    return tell_outcome(work, cancel_order(work, order, quantities=what.quantities, because=what.because))


def match(work: Work, order: OrderId, line: OnLine, meant: Match) -> OrderOutcome:
    """Say which variant a line means.

    The last unmatched line that is matched ends the hold, and the order joins the queue with its age and rank.
    """
    return tell_outcome(work, match_line(work, order, line, meant.sku))


def allocate(work: Work, order: OrderId, how: Try = Try()) -> OrderOutcome:
    """Try an order again now.

    It gets what the queue gives it, and overtakes nobody; what is still short is told with reasons.
    """
    return tell_outcome(work, allocate_order(work, order, allow_partial=how.allow_partial))


def attempts(work: Work, order: OrderId, limit: Limit = 50, after: After = None) -> AttemptPage:
    """List the attempts to allocate an order.

    Oldest first: what set each off, what it was granted, and why something was still short.
    """
    return list_attempts(work, order, after=after, most=limit)


def _lines(lines: Sequence[LineToPlace]) -> list[NewLine]:
    return [NewLine(**line.model_dump()) for line in lines]
