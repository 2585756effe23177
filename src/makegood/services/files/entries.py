"""The columns of each kind of file; a field is a column, its type says what can stand there.

A field without a default must be in the file. A cell that is empty has the default.
"""

from typing import ClassVar

import msgspec

from makegood.services.files.cells import (
    Code,
    Codes,
    Day,
    Days,
    Flag,
    InboundKind,
    Instant,
    LineNumber,
    LinePriority,
    LocationType,
    OnHand,
    PickSequence,
    Price,
    Priority,
    Returned,
    ShipPolicy,
    Size,
    Status,
    Text,
    Wanted,
    WhenShort,
)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A typed row of a file; `EXAMPLE` is what a template shows."""

    EXAMPLE: ClassVar[dict[str, str]] = {}


class OrderEntry(Entry, frozen=True, kw_only=True):
    """One line of an order; rows of one number and merchant are one order and say the same about it."""

    EXAMPLE: ClassVar[dict[str, str]] = {
        "number": "1001", "sku": "MUG-BLUE", "quantity": "2", "placed_at": "2026-03-02T09:00:00Z",
        "customer_name": "Ada Byron", "priority": "STANDARD", "unit_price": "12.50", "currency": "EUR",
    }  # fmt: skip

    number: Code
    sku: Code
    quantity: Wanted
    merchant: Code = "default"
    warehouse: Code = ""
    placed_at: Instant = None
    channel: Code = ""
    customer_reference: Text = ""
    customer_name: Text = ""
    customer_email: Text = ""
    customer_class: Code = ""
    priority: Priority = "STANDARD"
    ship_policy: ShipPolicy = "PARTIAL"
    when_short: WhenShort = "SKIP"
    requested_date: Day = None
    unit_price: Price = None
    currency: Code = ""
    line_priority: LinePriority = ""


class StockEntry(Entry, frozen=True, kw_only=True):
    """What lies in one place, of one lot, with one status: how many units are on hand now."""

    EXAMPLE: ClassVar[dict[str, str]] = {
        "sku": "MUG-BLUE", "warehouse": "EAST", "location": "A-01", "quantity": "40", "status": "AVAILABLE",
    }  # fmt: skip

    sku: Code
    warehouse: Code
    location: Code
    quantity: OnHand
    merchant: Code = "default"
    status: Status = "AVAILABLE"
    lot: Code = ""
    expires_on: Day = None


class VariantEntry(Entry, frozen=True, kw_only=True):
    """A sellable thing; what its row leaves empty stays as it is in the books."""

    EXAMPLE: ClassVar[dict[str, str]] = {
        "sku": "MUG-BLUE", "name": "Blue mug", "weight_g": "350", "barcodes": "4006381333931",
    }  # fmt: skip

    sku: Code
    merchant: Code = "default"
    name: Text = ""
    length_mm: Size = None
    width_mm: Size = None
    height_mm: Size = None
    weight_g: Size = None
    lot_tracked: Flag = None
    expiry_tracked: Flag = None
    min_shelf_life_days: Days = None
    aliases: Codes = ()
    barcodes: Codes = ()


class LocationEntry(Entry, frozen=True, kw_only=True):
    """A place in a warehouse; what its row leaves empty stays as it is in the books."""

    EXAMPLE: ClassVar[dict[str, str]] = {
        "warehouse": "EAST", "location": "A-01", "type": "PICKING", "is_pickable": "yes", "active": "yes",
        "pick_sequence": "10",
    }  # fmt: skip

    warehouse: Code
    location: Code
    type: LocationType = ""
    is_pickable: Flag = None
    active: Flag = None
    pick_sequence: PickSequence = None


class ReturnEntry(Entry, frozen=True, kw_only=True):
    """Units that a customer sent back and where they were put; rows of one reference are one return."""

    EXAMPLE: ClassVar[dict[str, str]] = {
        "reference": "RET-1", "sku": "MUG-BLUE", "quantity": "1", "warehouse": "EAST", "location": "A-01",
        "status": "AVAILABLE", "order": "1001",
    }  # fmt: skip

    reference: Code
    sku: Code
    quantity: Returned
    warehouse: Code
    location: Code
    merchant: Code = "default"
    status: Status = "AVAILABLE"
    lot: Code = ""
    expires_on: Day = None
    order: Code = ""


class InboundEntry(Entry, frozen=True, kw_only=True):
    """Supply that is due; what the row of a known line leaves empty stays as it is in the books."""

    EXAMPLE: ClassVar[dict[str, str]] = {
        "kind": "PURCHASE_ORDER", "reference": "PO-7", "sku": "MUG-BLUE", "quantity": "40", "line": "1",
        "due": "2026-04-01", "warehouse": "EAST", "supplier": "ACME",
    }  # fmt: skip

    kind: InboundKind
    reference: Code
    sku: Code
    quantity: Wanted
    line: LineNumber = 1
    due: Day = None
    warehouse: Code = ""
    supplier: Code = ""
    from_warehouse: Code = ""
    merchant: Code = "default"
    notes: Text = ""
