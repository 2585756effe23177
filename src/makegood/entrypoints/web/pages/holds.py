"""/holds: the orders that wait for a person, with why, since when, and what can be done about each."""

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends
from starlette.responses import Response

from makegood.domain.states import HoldKind, OrderStatus
from makegood.entrypoints.web.fields import Asked
from makegood.entrypoints.web.listing import csv_file
from makegood.entrypoints.web.pages.orders import HEAD as ORDER_HEAD
from makegood.entrypoints.web.pages.orders import all_orders, order_row
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


def _which(kind: Asked = None, q: Asked = None, sku: Asked = None, sort: Asked = None) -> dict[str, Any]:
    return {
        "statuses": [OrderStatus.ON_HOLD],
        "hold_kind": kind,
        "search": q,
        "sku": sku,
        "sort": sort or "held",
    }


Which = Annotated[dict[str, Any], Depends(_which)]
HEAD = (*ORDER_HEAD, "Kind", "Held since")


@router.get("/holds")
def holds(visit: Reader, which: Which, after: Asked = None) -> Response:
    """List what is on hold, what has been for longest on top."""
    found = visit.read(_held, **which, after=after)
    return visit.show("holds.html", found=found, kinds=list(HoldKind), sort=which["sort"])


@router.get("/holds.csv")
def holds_file(visit: Reader, which: Which) -> Response:
    """Give what is on hold as a file."""
    return csv_file("on-hold", HEAD, map(_row, all_orders(visit, which)))


def _row(one: OrderSummary) -> Sequence[object]:
    return (*order_row(one), one.hold_kind, one.held_at.isoformat() if one.held_at else "")


def _held(work: Work, /, **asked: Any) -> HeldPage:
    page = list_orders(work, **asked)
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
