"""What the arguments of the tools are: each with its meaning, its limits and an example."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BeforeValidator, Field

MOST_ROWS = 50
FEW_ROWS = 20
MOST_UNITS = 2**31 - 1
MOST_ID = 2**63 - 1


def spelled(word: Any) -> Any:
    """Take a word of a list in whatever way it is spelled.

    >>> spelled("PartiallyFulfilled"), spelled("Purchase Order"), spelled("HIGH")
    ('partially_fulfilled', 'purchase_order', 'high')
    """
    if not isinstance(word, str):
        return word
    return re.sub(r"[\s-]+|(?<=[a-z])(?=[A-Z])", "_", word.strip()).lower()


def words(meaning: str, *examples: str, most: int = 200) -> Any:
    """Describe a text; zero bytes are in none, as PostgreSQL keeps none."""
    return Field(
        description=meaning,
        examples=list(examples) or None,
        min_length=1,
        max_length=most,
        pattern=r"^[^\x00]*$",
    )


BackorderNumber = Annotated[
    str, words("The backorder's number, as list_backorders gives it.", "BO-2026-0001", most=40)
]
OrderName = Annotated[
    str,
    words(
        "The order's number, or id:17 for that id; merchant/number where two merchants have the same number.",
        "1001",
        "acme/1001",
    ),
]
Sku = Annotated[str, words("SKU, alias or barcode; case does not matter.", "WIDGET-001")]
OnlySku = Annotated[str, words("Only this SKU, whole; case does not matter.", "WIDGET-001")]
Warehouse = Annotated[str, words("Code of the warehouse.", "EAST")]
Merchant = Annotated[str, words("Code of the merchant whose goods they are.", "default")]
Customer = Annotated[str, words("Found anywhere in the customer's reference, name or e-mail.", "ann@example.org")]
Reason = Annotated[str, words("The reason, kept on record.", "customer changed her mind", most=2000)]
Notes = Annotated[str, words("Notes for people; they replace what was there.", most=4000)]
InboundName = Annotated[
    str,
    words("Id of an inbound line, as list_inbound gives it, or its reference or reference/line.", "12", "PO-7/1"),
]
Units = Annotated[int, Field(ge=1, le=MOST_UNITS, description="Whole units.", examples=[5])]
LineNumber = Annotated[
    int, Field(ge=1, le=MOST_UNITS, description="Number of the order's line, from 1.", examples=[1])
]
AllocationId = Annotated[
    int, Field(ge=1, le=MOST_ID, description="Id of an allocation, as get_backorder gives it.", examples=[17])
]
PriorityName = Annotated[
    Literal["low", "normal", "high", "critical"],
    BeforeValidator(spelled),
    Field(description="The backorder's own priority: it decides first who is served first.", examples=["high"]),
]
OrderPriority = Annotated[
    Literal["low", "standard", "rush", "express"],
    BeforeValidator(spelled),
    Field(description="The order's priority.", examples=["rush"]),
]
BackorderStatusName = Annotated[
    Literal["pending", "partially_fulfilled", "allocated", "ready_to_ship", "fulfilled", "cancelled"],
    BeforeValidator(spelled),
]
OrderStatusName = Annotated[
    Literal[
        "pending", "confirmed", "allocated", "partially_allocated", "backordered", "on_hold", "ready_to_pick",
        "picking", "picked", "packing", "packed", "shipped", "cancelled",
    ],
    BeforeValidator(spelled),
]  # fmt: skip
SourceName = Annotated[
    Literal["inventory", "purchase_order", "transfer", "production"],
    BeforeValidator(spelled),
    Field(description="Where the units come from.", examples=["inventory"]),
]
Limit = Annotated[int, Field(ge=1, le=MOST_ROWS, description="At most so many rows.")]
Cursor = Annotated[
    str,
    words("Go on after this cursor: `next` of the page before. Give the same filters as then.", most=2000),
]
Day = Annotated[
    date,
    Field(ge=date(1900, 1, 1), le=date(2999, 12, 31), description="A day, YYYY-MM-DD.", examples=["2026-03-02"]),
]
OnlyStatuses = Annotated[
    list[BackorderStatusName],
    Field(description="Only those of these statuses; left out, all that are open (not fulfilled, not cancelled)."),
]
OnlyOverdue = Annotated[bool, Field(description="true: only those whose date has passed; false: only the others.")]
OnlyAtRisk = Annotated[
    bool, Field(description="true: only those expected later than promised; false: only the others.")
]
OpenedFrom = Annotated[Day, Field(description="Only those opened on this day or later.")]
OpenedTo = Annotated[Day, Field(description="Only those opened on this day or before.")]
DueTo = Annotated[Day, Field(description="Only those promised, else expected, on this day or before.")]
BackorderSort = Annotated[
    Literal["newest", "oldest", "priority"],
    Field(description="priority: the most urgent first, the oldest first among equals."),
]
Moment = Annotated[
    AwareDatetime,
    Field(
        ge=datetime(1900, 1, 1, tzinfo=UTC),
        le=datetime(2999, 12, 31, tzinfo=UTC),
        description="A moment with its time zone, RFC 3339.",
        examples=["2026-03-02T09:00:00Z"],
    ),
]
IdempotencyKey = Annotated[
    str,
    words(
        "A new key for each new intention, such as a UUID. Repeating a call with its key is safe: it is done once "
        "and the first answer comes again; the same key with other arguments is refused.",
        "2f1c8a54-triage-1",
    ),
]
