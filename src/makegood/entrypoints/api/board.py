"""The dashboard of backorders over HTTP: what is short by SKU and by order, in one answer."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, NamedTuple

from fastapi import Query

from makegood.entrypoints.api.bodies import Word
from makegood.entrypoints.api.paging import Limit
from makegood.services.dashboard.list_orders_waiting import SORTS as ORDER_SORTS
from makegood.services.dashboard.list_orders_waiting import (
    OrderFilter,
    OrderWaiting,
    ShortItem,
    list_orders_waiting,
)
from makegood.services.dashboard.list_skus_waiting import SORTS as SKU_SORTS
from makegood.services.dashboard.list_skus_waiting import BoardStats, SkuWaiting, TextWaiting, list_skus_waiting
from makegood.services.dashboard.scope import SHOWN, Scope
from makegood.services.work import Work

Cursor = Annotated[Word | None, Query(description="Go on after this cursor of the page before.", examples=[None])]


class BoardOrder(NamedTuple):
    """An order that waits: the days since it was placed, the units that it lacks, and where they could come
    from."""

    order_id: int
    order_number: str
    merchant: str
    customer: str
    status: str
    priority: str
    ship_policy: str
    warehouse: str
    days_pending: int
    shortfall: int
    items: Sequence[ShortItem]
    expected_date: date | None
    promised_date: date | None
    coverable_by: Sequence[str]


class Board(NamedTuple):
    """The totals over all that wait, a page of SKUs, a page of orders, and the cursors of the next ones.

    `unmatched` are SKU texts that no variant matches. `orders_found` counts the orders that pass the filters.
    """

    stats: BoardStats
    skus: Sequence[SkuWaiting]
    unmatched: Sequence[TextWaiting]
    orders: Sequence[BoardOrder]
    orders_found: int
    next_skus: str | None
    next_orders: str | None


def show(
    work: Work,
    status: Annotated[
        list[Word],
        Query(description=f"Of {', '.join(SHOWN)}; without it those that wait, which orders on hold do not."),
    ] = [],  # noqa: B006 - FastAPI copies it
    warehouse: Annotated[Word | None, Query(description="Code of the warehouse.")] = None,
    merchant: Annotated[Word | None, Query(description="Code of the merchant.")] = None,
    search: Annotated[Word | None, Query(description="Orders: found in number or customer.")] = None,
    sku: Annotated[Word | None, Query(description="Orders: only those that want this SKU.")] = None,
    priority: Annotated[Word | None, Query(description="Orders: EXPRESS, RUSH, STANDARD or LOW.")] = None,
    coverable: Annotated[bool, Query(description="Orders: only those that other warehouses could cover.")] = False,
    at_risk: Annotated[
        bool, Query(alias="atRisk", description="Orders: only those whose promise will not be kept.")
    ] = False,
    sort: Annotated[Word, Query(description=f"Orders by one of {', '.join(ORDER_SORTS)}.")] = "rank",
    sort_skus: Annotated[
        Word, Query(alias="sortSkus", description=f"SKUs by one of {', '.join(SKU_SORTS)}.")
    ] = "shortfall",
    limit: Limit = 50,
    after_orders: Annotated[Cursor, Query(alias="afterOrders")] = None,
    after_skus: Annotated[Cursor, Query(alias="afterSkus")] = None,
) -> Board:
    """Show what is backordered.

    By SKU, with how much of each lies free, and by order, with what each lacks.
    """
    scope = Scope(statuses=status, warehouse=warehouse, merchant=merchant)
    which = OrderFilter(search=search, sku=sku, priority=priority, coverable=coverable, at_risk=at_risk)
    by_sku = list_skus_waiting(work, scope, sort=sort_skus, after=after_skus, most=limit)
    by_order = list_orders_waiting(work, scope, which, sort=sort, after=after_orders, most=limit)
    return Board(
        stats=by_sku.stats,
        skus=by_sku.skus,
        unmatched=by_sku.unmatched,
        orders=[_order(one) for one in by_order.orders],
        orders_found=by_order.total,
        next_skus=by_sku.next,
        next_orders=by_order.next,
    )


def _order(one: OrderWaiting) -> BoardOrder:
    order = one.order
    return BoardOrder(
        order_id=order.order_id,
        order_number=order.number,
        merchant=order.merchant,
        customer=order.customer_name or order.customer_reference or order.customer_email,
        status=order.status,
        priority=order.priority,
        ship_policy=order.ship_policy,
        warehouse=order.warehouse,
        days_pending=one.days_pending,
        shortfall=one.shortfall,
        items=one.items,
        expected_date=one.expected_date,
        promised_date=one.promised_date,
        coverable_by=one.coverable_by,
    )
