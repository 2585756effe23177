"""Every tool in one visible list: the shape of its answer, what it does to the books, and who may call it."""

from collections.abc import Sequence

from makegood.domain.accounts import Role
from makegood.entrypoints.mcp import backorder_tools as backorders
from makegood.entrypoints.mcp import order_tools as orders
from makegood.entrypoints.mcp.order_shapes import (
    Attempt,
    Explanation,
    InboundPage,
    OrderPage,
    OrderStory,
    QueueHealth,
    Report,
    Split,
)
from makegood.entrypoints.mcp.queue_tools import get_queue_health
from makegood.entrypoints.mcp.report_tools import get_report
from makegood.entrypoints.mcp.shapes import (
    AllocationState,
    Backorder,
    BackorderPage,
    BackorderStory,
    BackorderSummary,
    SkuPage,
)
from makegood.entrypoints.mcp.supply_tools import list_inbound
from makegood.entrypoints.mcp.tool import Entry, Kind

READ, WRITE, DESTROY = Kind.READ, Kind.WRITE, Kind.DESTROY
READONLY, STAFF, MANAGER = Role.READONLY, Role.STAFF, Role.MANAGER

TOOLS: Sequence[Entry] = (
    Entry(backorders.get_backorder_summary, BackorderSummary, READ, "Sum up open backorders", READONLY),
    Entry(backorders.get_sku_backorder_summary, SkuPage, READ, "Sum up open backorders by SKU", READONLY),
    Entry(backorders.list_backorders, BackorderPage, READ, "List backorders", READONLY),
    Entry(backorders.get_backorder, BackorderStory, READ, "Show a backorder", READONLY),
    Entry(orders.list_orders, OrderPage, READ, "List orders", READONLY),
    Entry(orders.list_held_orders, OrderPage, READ, "List held orders", READONLY),
    Entry(orders.get_order, OrderStory, READ, "Show an order", READONLY),
    Entry(orders.explain_order, Explanation, READ, "Explain why an order waits", READONLY),
    Entry(list_inbound, InboundPage, READ, "List supply that is due", READONLY),
    Entry(get_report, Report, READ, "Say how it goes", READONLY),
    Entry(get_queue_health, QueueHealth, READ, "Look after the queue", READONLY),
    Entry(backorders.create_backorder, Backorder, WRITE, "Create a backorder", STAFF),
    Entry(backorders.update_backorder, Backorder, WRITE, "Change a backorder's terms", STAFF, again=True),
    Entry(backorders.allocate_backorder, Backorder, WRITE, "Reserve stock for a backorder", STAFF),
    Entry(backorders.fulfill_backorder, Backorder, DESTROY, "Let units of a backorder go out", STAFF),
    Entry(backorders.cancel_backorder, Backorder, DESTROY, "Cancel a backorder", MANAGER),
    Entry(backorders.release_allocation, AllocationState, DESTROY, "Give up a reservation", MANAGER),
    Entry(
        backorders.extend_allocation, AllocationState, WRITE, "Let a reservation lapse later", STAFF, again=True
    ),
    Entry(orders.retry_order, Attempt, WRITE, "Try to allocate an order now", STAFF, again=True),
    Entry(orders.release_hold, Attempt, WRITE, "Release a held order", MANAGER),
    Entry(orders.split_order, Split, WRITE, "Split an order", MANAGER),
)
