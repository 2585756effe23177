"""Orders over HTTP: see them and try one again."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from makegood.entrypoints.api.bodies import Body, Word
from makegood.entrypoints.api.paging import After, Limit
from makegood.services.allocate_order import allocate_order
from makegood.services.show_order import SORTS, OrderPage, OrderSheet, list_orders, show_order
from makegood.services.tell_outcome import OrderOutcome, tell_outcome
from makegood.services.work import Work

OrderId = Annotated[
    Word, Path(description="The order's id, or its number where no other merchant has it.", examples=["1001"])
]


class Try(Body):
    """How an order is tried."""

    allow_partial: bool = Field(
        default=True, description="Take what is there; with false all that it lacks or nothing."
    )


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


def allocate(work: Work, order: OrderId, how: Try = Try()) -> OrderOutcome:
    """Try an order again now.

    It gets what the queue gives it, and overtakes nobody; what is still short is told with reasons.
    """
    return tell_outcome(work, allocate_order(work, order, allow_partial=how.allow_partial))
