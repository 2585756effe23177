"""The tool for supply that is due."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from makegood.entrypoints.mcp.arguments import (
    FEW_ROWS,
    Cursor,
    Day,
    Limit,
    Merchant,
    OnlySku,
    Warehouse,
    spelled,
    words,
)
from makegood.entrypoints.mcp.brief import brief
from makegood.entrypoints.mcp.call import Call, Told
from makegood.services.inbound.list_inbound import InboundFilter
from makegood.services.inbound.list_inbound import list_inbound as listed

InboundStatusName = Annotated[
    Literal["open", "partially_received", "received", "cancelled"], BeforeValidator(spelled)
]
OnlyInboundStatuses = Annotated[
    list[InboundStatusName],
    Field(description="Only those of these statuses; left out, those of which something is still to come."),
]
Kind = Annotated[
    Literal["purchase_order", "transfer", "production"],
    BeforeValidator(spelled),
    Field(description="Only supply of this kind."),
]
Reference = Annotated[str, words("Only the lines of this purchase order, transfer or production.", "PO-7")]
Supplier = Annotated[str, words("Only from this supplier.", "Acme")]
DueFrom = Annotated[Day, Field(description="Only those due on this day or later.")]
DueTo = Annotated[Day, Field(description="Only those due on this day or before.")]
InboundSort = Annotated[
    Literal["due", "newest", "oldest"], Field(description="due: the first first, those of unknown day last.")
]


# The arguments are named as the fields of the filter, which are read from the call.
def list_inbound(
    call: Call,
    status: OnlyInboundStatuses | None = None,
    kind: Kind | None = None,
    reference: Reference | None = None,
    sku: OnlySku | None = None,
    warehouse: Warehouse | None = None,
    supplier: Supplier | None = None,
    merchant: Merchant | None = None,
    late: Annotated[
        bool | None, Field(description="true: only those whose day has passed; false: the others.")
    ] = None,
    unsourced: Annotated[
        bool | None, Field(description="true: only those of which something is still nobody's; false: the others.")
    ] = None,
    due_from: DueFrom | None = None,
    due_to: DueTo | None = None,
    sort: InboundSort = "due",
    limit: Limit = FEW_ROWS,
    cursor: Cursor | None = None,
) -> Told:
    """List supply that is due: purchase orders, transfers and production, line by line.

    allocate_backorder takes an inbound_id to reserve units of it before they come. What arrives goes first to whom
    it is reserved for, then to the queue by rank.
    """
    given = {name: call.arguments[name] for name in InboundFilter._fields if name in call.arguments}
    only = InboundFilter(**given)._replace(statuses=status or ())
    page = call.read(listed, only, sort=sort, after=cursor, most=limit)
    return page._replace(inbound=[one._replace(notes=brief(one.notes)) for one in page.inbound]).as_told()
