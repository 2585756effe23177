"""The shapes of what order, supply and queue tools answer."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from makegood.entrypoints.mcp.shapes import Next, Shape, Total


class Order(Shape):
    """An order with its units summed over its lines."""

    order: str = Field(description="Its number.")
    status: str = Field(
        description="pending, confirmed, allocated, partially_allocated, backordered, on_hold, ready_to_pick, "
        "picking, picked, packing, packed, shipped or cancelled."
    )
    merchant: str
    warehouse: str
    customer: str
    priority: str = Field(description="low, standard, rush or express.")
    ship_policy: str = Field(
        description="partial: what is there; complete_lines: a line whole or not at all; complete: all or nothing."
    )
    placed_at: datetime
    requested_date: date | None
    backordered_since: datetime | None = Field(description="Since when it has been short.")
    hold_kind: str | None = Field(description="unmatched, stale, manual or no_backorders, while it is on hold.")
    hold_reason: str | None
    held_at: datetime | None
    review_after: datetime | None = Field(description="It is not held for its age before then.")
    parent: str | None = Field(description="The order that it was split off from.")
    lines: int
    unmatched_lines: int = Field(description="Lines whose SKU text stands for no variant yet.")
    quantity_ordered: int
    quantity_allocated: int
    quantity_fulfilled: int
    quantity_cancelled: int
    quantity_short: int = Field(description="Units that are neither reserved, gone out nor cancelled.")


class OrderPage(Shape):
    """A page of orders."""

    orders: list[Order]
    next: Next
    total: Total


class OrderLine(Shape):
    """A line of an order; its backorder, where it has an open one."""

    line: int
    sku: str = Field(description="The SKU, or the text as it came while it is unmatched.")
    matched: bool
    name: str
    quantity_ordered: int
    quantity_allocated: int
    quantity_fulfilled: int
    quantity_cancelled: int
    quantity_short: int
    backorder_id: str | None
    expected_date: date | None
    promised_date: date | None


class OrderEvent(Shape):
    """Something that happened to an order."""

    event_id: int
    type: str
    payload: dict[str, Any]
    trigger_sources: list[str]
    actor: str
    occurred_at: datetime


class OrderStory(Shape):
    """An order with a page of its lines and its latest events."""

    summary: Order
    lines: list[OrderLine]
    lines_total: int
    next: Next
    events: list[OrderEvent] = Field(description="The latest first; at most 20.")
    events_total: int


class LineReason(Shape):
    """Why one line is short."""

    line: int
    sku: str
    short: int
    code: str = Field(description="From a closed list, such as NO_STOCK, AHEAD_IN_QUEUE or STOCK_NOT_PICKABLE.")
    sentence: str


class Attempt(Shape):
    """What became of one try to allocate an order."""

    order: str
    status_before: str
    status: str
    hold_kind: str | None
    hold_reason: str | None
    granted: int = Field(description="Units that this try reserved.")
    quantity_ordered: int
    quantity_allocated: int
    quantity_short: int
    reasons: list[LineReason] = Field(description="At most 50.")
    reasons_total: int


class DueNext(Shape):
    """The next supply that is due for a line."""

    reference: str
    units: int
    due: date | None


class WayOut(Shape):
    """Something that can be done: as a call of a tool where there is one, else as a command for a person."""

    what: str
    tool: str | None
    arguments: dict[str, Any]
    needs: list[str] = Field(description="Further arguments, which only you can know.")
    command: str


class LineExplanation(Shape):
    """Why a line is short, where it stands in the queue, what is due next, and what could be done."""

    line: int
    sku: str
    short: int
    codes: list[str]
    sentences: list[str]
    queue_position: int | None
    sourced: list[DueNext] = Field(description="What it has by name of supply that is due.")
    next_inbound: DueNext | None = Field(description="The first supply that is nobody's yet.")
    ways_out: list[WayOut]


class Explanation(Shape):
    """Why an order does not have all it wants; without lines nothing is short."""

    order: str
    status: str
    lines: list[LineExplanation] = Field(description="At most 50.")
    lines_total: int


class Split(Shape):
    """Both parts of an order that was split."""

    original_order: str
    original_status: str
    backorder_order: str = Field(description="The new order that waits for the rest.")
    backorder_status: str
    shippable_units: int
    backordered_units: int


class Inbound(Shape):
    """A line of supply that is due."""

    status: str = Field(description="open, partially_received, received or cancelled.")
    inbound_id: int = Field(description="For allocate_backorder and fulfill_backorder.")
    kind: str = Field(description="purchase_order, transfer or production.")
    reference: str
    line: int
    sku: str
    warehouse: str
    from_warehouse: str | None
    supplier: str | None
    due: date | None = Field(description="The day that was announced; null while unknown.")
    counted_on: date | None = Field(description="The day it is counted on: due, and the supplier's margin.")
    late: bool
    quantity_announced: int
    quantity_received: int
    quantity_cancelled: int
    quantity_outstanding: int = Field(description="Units that are still to come.")
    quantity_sourced: int = Field(description="Units of these that backorders have by name.")
    quantity_unsourced: int = Field(description="Units of these that are still nobody's.")
    merchant: str
    notes: str
    created_by: str
    created_at: datetime
    closed_at: datetime | None


class InboundPage(Shape):
    """A page of supply that is due."""

    inbound: list[Inbound]
    next: Next
    total: Total


class MarkedSite(Shape):
    """Queues of a warehouse that are to be looked at."""

    warehouse: str
    queues: int
    marks: int
    oldest_seconds: float


class QueueHealth(Shape):
    """Whether the queue is served, and what stands in its way."""

    healthy: bool
    sentences: list[str] = Field(description="What is the matter, one thing each; what is well in one sentence.")
    workers_alive: int
    jobs_waiting: int
    jobs_running: int
    oldest_job_seconds: float
    marks: list[MarkedSite]
    resting: list[dict[str, Any]] = Field(description="Work that rests, until when or until a person retries it.")
    orders_set_aside: list[dict[str, Any]] = Field(description="Orders that are left out until a person looked.")
    failures: list[dict[str, Any]] = Field(description="What failed, the latest first; at most 20 of each list.")


class Report(Shape):
    """What a report tells of whole days in a zone."""

    report: str
    title: str
    since: date
    until: date
    zone: str
    told_until: datetime
    final: bool = Field(description="Whether the days are over, so that it stays as it is.")
    rows: list[dict[str, Any]] = Field(description="Its rows: a span, a SKU, an inflow or a group of days each.")
