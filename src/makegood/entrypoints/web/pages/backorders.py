"""/backorders: what is short by SKU and by order, and who waits for a SKU."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from makegood.entrypoints.web.actions import BULK, came_to, name_of
from makegood.entrypoints.web.fields import Asked
from makegood.entrypoints.web.listing import MOST, csv_file, pages_of
from makegood.entrypoints.web.visit import Reader
from makegood.services.dashboard.list_orders_waiting import (
    OrderFilter,
    OrderWaiting,
    list_orders_waiting,
)
from makegood.services.dashboard.list_skus_waiting import SkuWaiting, board_stats, list_skus_waiting
from makegood.services.dashboard.scope import Scope
from makegood.services.dashboard.who_waits import who_waits
from makegood.services.runs.show_runs import list_runs
from makegood.services.show_stock import list_warehouses

router = APIRouter()

SKU_HEAD = ("SKU", "Name", "Merchant", "Orders waiting", "Needed", "Reserved", "Free", "Not pickable", "Short",
            "Fill percent", "Next inbound", "Next inbound units", "Next inbound due", "Expected")  # fmt: skip
ORDER_HEAD = ("Order", "Customer", "E-mail", "Merchant", "Warehouse", "Status", "Priority", "Placed",
              "Days pending", "Units short", "Short of", "Expected", "Promised", "Coverable by")  # fmt: skip


def _scope(status: Asked = None, warehouse: Asked = None) -> Scope:
    return Scope(statuses=(status,) if status else (), warehouse=warehouse)


def _which(
    q: Asked = None, sku: Asked = None, priority: Asked = None, coverable: bool = False, at_risk: bool = False
) -> OrderFilter:
    return OrderFilter(search=q, sku=sku, priority=priority, coverable=coverable, at_risk=at_risk)


InScope = Annotated[Scope, Depends(_scope)]
Which = Annotated[OrderFilter, Depends(_which)]


@router.get("/backorders")
def backorders(
    visit: Reader, scope: InScope, which: Which, tab: str = "skus", sort: Asked = None, after: Asked = None
) -> Response:
    """Show what waits: by SKU, or by order."""
    shared: dict[str, Any] = {
        "warehouses": [one.code for one in visit.read(list_warehouses)],
        "going": visit.read(list_runs, open_only=True, most=3).runs,
        "name_of": name_of,
        "came_to": came_to,
    }
    if tab != "orders":
        sort = sort or "shortfall"
        skus = visit.read(list_skus_waiting, scope, search=which.search, sort=sort, after=after)
        return visit.show("backorders/skus.html", **shared, found=skus, stats=skus.stats, sort=sort)
    sort = sort or "oldest"
    orders = visit.read(list_orders_waiting, scope, which, sort=sort, after=after)
    stats = visit.read(board_stats, scope)
    return visit.show("backorders/orders.html", **shared, found=orders, stats=stats, sort=sort, bulk=BULK)


@router.get("/backorders/skus.csv")
def skus_file(visit: Reader, scope: InScope, which: Which, sort: Asked = None) -> Response:
    """Give the SKUs that orders wait for as a file."""

    def read(after: str | None) -> tuple[Sequence[SkuWaiting], str | None]:
        page = visit.read(
            list_skus_waiting,
            scope,
            search=which.search,
            sort=sort or "shortfall",
            after=after,
            most=MOST,
        )
        return page.skus, page.next

    return csv_file("backorders-by-sku", SKU_HEAD, map(_sku_row, pages_of(read)))


@router.get("/backorders/orders.csv")
def orders_file(visit: Reader, scope: InScope, which: Which, sort: Asked = None) -> Response:
    """Give the orders that wait as a file."""

    def read(after: str | None) -> tuple[Sequence[OrderWaiting], str | None]:
        page = visit.read(list_orders_waiting, scope, which, sort=sort or "oldest", after=after, most=MOST)
        return page.orders, page.next

    return csv_file("backorders", ORDER_HEAD, map(_order_row, pages_of(read)))


@router.get("/backorders/skus/{sku:path}")
def one_sku(visit: Reader, sku: str, warehouse: Asked = None, after: Asked = None) -> Response:
    """Show who waits for a SKU, in the order in which they are served."""
    return visit.show(
        "backorders/who_waits.html",
        sku=sku,
        found=visit.read(who_waits, sku, warehouse=warehouse, after=after),
        board=visit.read(list_skus_waiting, Scope(warehouse=warehouse), search=sku, most=10),
    )


def _sku_row(one: SkuWaiting) -> Sequence[object]:
    supply = one.next_inbound
    due = (supply.reference, supply.quantity, supply.due) if supply else ("", "", "")
    return (one.sku, one.name, one.merchant, one.orders_waiting, one.quantity_needed, one.quantity_allocated,
            one.quantity_available, one.quantity_not_pickable, one.shortfall, one.fill_percent, *due,
            one.expected_date)  # fmt: skip


def _order_row(one: OrderWaiting) -> Sequence[object]:
    order = one.order
    items = "; ".join(f"{item.shortfall} of {item.quantity} {item.sku or item.sku_text}" for item in one.items)
    return (order.number, order.customer_name or order.customer_reference, order.customer_email, order.merchant,
            order.warehouse, order.status, order.priority, order.placed_at.isoformat(), one.days_pending,
            one.shortfall, items, one.expected_date, one.promised_date, one.coverable_by)  # fmt: skip
