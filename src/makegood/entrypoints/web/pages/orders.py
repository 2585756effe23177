"""/orders: every order with its status; and one order with all that is known of it."""

import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from makegood.domain.states import OrderStatus
from makegood.entrypoints.web.drawing import pictures
from makegood.entrypoints.web.fields import Asked
from makegood.entrypoints.web.listing import MOST, csv_file, pages_of
from makegood.entrypoints.web.rendering import urlencoded
from makegood.entrypoints.web.timeline import news_of, timeline
from makegood.entrypoints.web.visit import Reader, Visit
from makegood.services.boxes.show_packages import show_packages
from makegood.services.dashboard.family import family_of
from makegood.services.explain_order import explain_order
from makegood.services.gates import by_id
from makegood.services.mails.list_mails import mails_of_order
from makegood.services.show_order import OrderSheet, OrderSummary, list_orders, show_order
from makegood.services.show_stock import list_warehouses
from makegood.services.work import Work

router = APIRouter()


HEAD = ("Order", "Customer", "E-mail", "Merchant", "Channel", "Warehouse", "Status", "Why held", "Priority",
        "Placed", "Units", "Reserved", "Gone", "Cancelled", "Short", "Part of")  # fmt: skip
NEWEST = "newest"


def _which(
    q: Asked = None,
    status: Asked = None,
    sku: Asked = None,
    priority: Asked = None,
    warehouse: Asked = None,
    sort: Asked = None,
) -> dict[str, Any]:
    return {
        "search": q,
        "statuses": [status] if status else [],
        "sku": sku,
        "priority": priority,
        "warehouse": warehouse,
        "sort": sort or NEWEST,
    }


Which = Annotated[dict[str, Any], Depends(_which)]


@router.get("/orders")
def orders(visit: Reader, which: Which, after: Asked = None) -> Response:
    """List orders, with how many there are of each status."""
    return visit.show(
        "orders/list.html",
        found=visit.read(list_orders, **which, after=after),
        sort=which["sort"],
        statuses=list(OrderStatus),
        warehouses=[one.code for one in visit.read(list_warehouses)],
    )


@router.get("/orders.csv")
def orders_file(visit: Reader, which: Which) -> Response:
    """Give the orders as a file."""
    return csv_file("orders", HEAD, map(order_row, all_orders(visit, which)))


def all_orders(visit: Visit, which: Which) -> Iterator[OrderSummary]:
    """Give every order that is meant, read page by page."""

    def read(after: str | None) -> tuple[Sequence[OrderSummary], str | None]:
        page = visit.read(list_orders, **which, after=after, most=MOST)
        return page.orders, page.next

    return pages_of(read)


def order_row(one: OrderSummary) -> Sequence[object]:
    """Give an order as a row of a file."""
    return (one.number, one.customer_name or one.customer_reference, one.customer_email, one.merchant, one.channel,
            one.warehouse, one.status, one.hold_reason, one.priority, one.placed_at.isoformat(), one.units,
            one.allocated, one.fulfilled, one.cancelled, one.short, one.parent)  # fmt: skip


@router.get("/orders/{order:path}/news")
def news(visit: Reader, order: str, after: int) -> Response:
    """Tell what others did to the order since an event, for a page that shows it; and go on from there."""
    fresh = [one for one in visit.read(show_order, order).events if one.event_id > after]
    told = news_of(fresh, visit.caller.name)
    last = max((one.event_id for one in fresh), default=after)
    answer = visit.show("orders/news.html", here="/orders/" + urlencoded(order), last=last)
    if told:
        answer.headers["HX-Trigger"] = json.dumps({"heard": {"words": told}})
    return answer


@router.get("/orders/{order:path}")
def one_order(visit: Reader, order: str) -> Response:
    """Show one order: its lines, why it is short, where its units are reserved, and what happened to it."""
    return visit.show("orders/one.html", **visit.read(_all_of, order))


def _all_of(work: Work, order: str) -> dict[str, Any]:
    sheet: OrderSheet = show_order(work, order)
    packing = show_packages(work, order)
    return {
        "packing": packing,
        "boxes": pictures(packing.packages),
        "sheet": sheet,
        "order": sheet.order,
        "why": {line.line_number: line for line in explain_order(work, by_id(sheet.order.order_id)).lines},
        "family": family_of(work, sheet.order.order_id),
        "happenings": timeline(sheet),
        "mails": mails_of_order(work, sheet.order.order_id),
        "last": max((one.event_id for one in sheet.events), default=0),
        "days": max((work.as_of - sheet.order.placed_at).days, 0),
    }
