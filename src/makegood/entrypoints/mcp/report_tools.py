"""The tool that says how it goes."""

from typing import Annotated, Literal

from pydantic import Field

from makegood.domain.plain import as_plain
from makegood.entrypoints.mcp.arguments import FEW_ROWS, Day, Limit, Merchant, Warehouse, words
from makegood.entrypoints.mcp.call import Call, Told
from makegood.services.reports.kinds import REPORTS
from makegood.services.reports.make_report import make_report
from makegood.services.reports.window import Asked

ReportName = Annotated[
    Literal[
        "monthly",
        "quarterly",
        "aging",
        "reorder-priority",
        "service-level",
        "inflows",
        "trend",
        "unattended",
    ],
    Field(description=" ".join(f"{kind.name}: {kind.tells}" for kind in REPORTS)),
]
Since = Annotated[Day, Field(description="The first day; left out, the report's own.")]
Until = Annotated[Day, Field(description="The last day, included; left out, the report's own.")]
Zone = Annotated[str, words("Time zone whose days count; left out, the business's, or UTC.", "Europe/Berlin")]


def get_report(
    call: Call,
    report: ReportName,
    since: Since | None = None,
    until: Until | None = None,
    zone: Zone | None = None,
    warehouse: Warehouse | None = None,
    merchant: Merchant | None = None,
    limit: Limit = FEW_ROWS,
) -> Told:
    """Say how it goes: what happened in some days, or how things stood when they ended.

    It is read from what was put on record then; a report that is final says the same whenever it is made again.
    """
    made = call.read(make_report, report, Asked(since, until, zone, warehouse, merchant), most=limit)
    told: Told = as_plain(made)
    return told
