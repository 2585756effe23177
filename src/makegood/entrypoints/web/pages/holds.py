"""/holds: the orders that wait for a person, with why, since when, and what can be done about each."""

from typing import NamedTuple

from fastapi import APIRouter
from starlette.responses import Response

from makegood.domain.states import OrderStatus
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
def holds(visit: Reader, customer: Asked = None, sku: Asked = None, after: Asked = None) -> Response:
    """List what is on hold, the order that was placed first on top."""
    return visit.show("holds.html", found=visit.read(_held, customer=customer, sku=sku, after=after))


def _held(work: Work, *, customer: str | None, sku: str | None, after: str | None) -> HeldPage:
    page = list_orders(
        work, statuses=[OrderStatus.ON_HOLD], customer=customer, sku=sku, sort="oldest", after=after
    )
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
