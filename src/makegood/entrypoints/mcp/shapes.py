"""The shapes of what backorder tools answer; the record is told as every door tells it (services/backorders)."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """A shape holds what it names and nothing else: a service that tells more is a defect."""

    model_config = ConfigDict(extra="forbid")


Next = Annotated[
    str | None,
    Field(description="Cursor of the next page: call again with it as `cursor`. null: this is the last page."),
]
Total = Annotated[int, Field(description="How many pass the filters in all, on every page together.")]


class Backorder(Shape):
    """A backorder: one line of an order that became short. It covers the whole line; units are whole."""

    status: str = Field(
        description="pending, partially_fulfilled, allocated, ready_to_ship, fulfilled or cancelled."
    )
    backorder_id: str = Field(description="Its number.", examples=["BO-2026-0001"])
    sku: str
    quantity_ordered: int
    quantity_fulfilled: int = Field(description="Units that have gone out.")
    quantity_remaining: int = Field(description="Units that have neither gone out nor been cancelled.")
    quantity_allocated: int = Field(description="Units of these that are reserved on stock.")
    quantity_cancelled: int
    quantity_sourced: int = Field(description="Units of these that are reserved on supply that is due.")
    quantity_uncovered: int = Field(description="Units that remain and are covered by nothing yet.")
    priority: str = Field(description="low, normal, high or critical: the one by which it is ranked.")
    expected_date: date | None = Field(description="When its last uncovered unit is due; null while unknown.")
    promised_date: date | None = Field(description="What the customer was told.")
    overdue: bool = Field(description="Open, and the promised date, else the expected one, has passed.")
    at_risk: bool = Field(description="Open, and expected later than promised.")
    source: str = Field(description="inventory, purchase_order, transfer or production.")
    order: str
    line: int = Field(description="Number of the order's line.")
    customer: str
    warehouse: str
    merchant: str
    notes: str
    opened_at: datetime
    closed_at: datetime | None


class BackorderPage(Shape):
    """A page of backorders."""

    backorders: list[Backorder]
    next: Next
    total: Total


class Allocation(Shape):
    """Units that are, or were, reserved for a backorder in a place."""

    allocation_id: int = Field(description="For release_allocation and extend_allocation.")
    quantity: int
    state: str = Field(description="RESERVED and CONFIRMED are open; RELEASED, EXPIRED and FULFILLED are closed.")
    forced: bool = Field(description="A person reserved it against the rank.")
    reason: str = Field(description="Why it was forced.")
    warehouse: str
    location: str
    lot: str
    lot_expires_on: date | None
    reserved_at: datetime
    expires_at: datetime | None = Field(description="When the reservation lapses; null: never.")
    closed_at: datetime | None
    usable: bool = Field(description="The units can be given out.")
    inbound: str | None = Field(description="The inbound line that it was fulfilled from, if it was.")


class Happening(Shape):
    """Something that happened to a backorder."""

    event_id: int
    type: str
    payload: dict[str, Any]
    trigger_sources: list[str]
    actor: str
    occurred_at: datetime


class BackorderStory(Backorder):
    """A backorder with where its units are reserved and what happened to it."""

    allocations: list[Allocation] = Field(description="Open ones first, the latest first; at most 50.")
    allocations_total: int
    history: list[Happening] = Field(description="The latest first; at most 20.")
    history_total: int


class AllocationState(Shape):
    """Where an allocation stands after a change."""

    status: str = Field(description="reserved, confirmed, released, expired or fulfilled.")
    allocation_id: int
    expires_at: datetime | None = Field(description="When it lapses; null: never.")


class BackorderSummary(Shape):
    """The open backorders in numbers."""

    total: int = Field(description="Open backorders.")
    units_ordered: int
    units_remaining: int
    pending: int
    partially_fulfilled: int
    allocated: int
    ready_to_ship: int
    critical: int
    overdue: int
    units_covered: int = Field(description="Remaining units that are reserved on stock.")
    units_sourced: int = Field(description="Remaining units that are reserved on supply that is due.")
    units_uncovered: int = Field(description="Remaining units that nothing covers yet.")
    at_risk: int = Field(description="Expected later than promised.")
    undated: int = Field(description="No known supply covers all of them.")


class SkuSummary(Shape):
    """The open backorders of one SKU over all orders."""

    merchant: str
    sku: str
    name: str
    backorders: int
    orders: int
    units_ordered: int
    units_remaining: int
    pending: int
    allocated: int
    critical: int
    overdue: int
    units_covered: int
    units_sourced: int
    units_uncovered: int
    oldest: datetime = Field(description="When the oldest of them was opened.")
    next_expected: date | None = Field(description="The earliest expected date.")
    at_risk: int
    undated: int


class SkuPage(Shape):
    """A page of SKUs, those that lack most first."""

    skus: list[SkuSummary]
    next: Next
