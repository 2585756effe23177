"""/holds: the orders that wait for a person, with why, since when, and what can be done about each."""

from typing import Any, NamedTuple

from fastapi import APIRouter
from starlette.responses import Response

from makegood.domain.states import HoldKind, OrderStatus
from makegood.entrypoints.web.listing import Asked
from makegood.entrypoints.web.visit import Reader
from makegood.services.show_order import LineSheet, OrderSummary, lines_of, list_orders
from makegood.services.work import Work

router = APIRouter()


class Held(NamedTuple):
    """An order on hold, for how many days, and its lines that mean nothing yet or are short."""

    order: OrderSummary
    days: int
    unmatched: list[LineSheet]
    short: list[LineSheet]


class HeldPage(NamedTuple):
    """A page of what is on hold, the cursor of the next one, and how much there is in all."""

    held: list[Held]
    next: str | None
    total: int


@router.get("/holds")
def holds(
    visit: Reader,
    kind: Asked = None,
    customer: Asked = None,
    sku: Asked = None,
    sort: Asked = None,
    after: Asked = None,
) -> Response:
    """List what is on hold, what has been for longest on top."""
    sort = sort or "held"
    found = visit.read(_held, hold_kind=kind, customer=customer, sku=sku, sort=sort, after=after)
    return visit.show("holds.html", found=found, kinds=list(HoldKind), sort=sort)


def _held(work: Work, /, **asked: Any) -> HeldPage:
    page = list_orders(work, statuses=[OrderStatus.ON_HOLD], **asked)
    lines = lines_of(work, [order.order_id for order in page.orders])
    held = [_with_lines(work, order, lines.get(order.order_id, [])) for order in page.orders]
    return HeldPage(held, page.next, page.total)


def _with_lines(work: Work, order: OrderSummary, lines: list[LineSheet]) -> Held:
    return Held(
        order,
        max((work.as_of - (order.held_at or order.placed_at)).days, 0),
        [line for line in lines if line.sku is None and line.short],
        [line for line in lines if line.sku is not None and line.short],
    )
