"""Read the demand and the known supply of some queues, as pegging sees them: line by line, or as columns."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from makegood.domain.rank import Rank
from makegood.planner.dating_columns import KeptColumns
from makegood.planner.pegging import InboundUnits, LackingLine, Prospect, SourcedUnits
from makegood.planner.pegging_columns import LackingColumns
from makegood.services.business_settings import business_settings
from makegood.services.work import Work

# The types of what `lacking_lines` and `kept_dates` give.
LACKING = ("int8", "int8", "int8", "int4", "bool", "bool", "int2", "timestamptz", "int8", "int4", "int8", "int4")
KEPT = ("int8", "int8", "int8", "int4", "int4")


class KnownSupply(NamedTuple):
    """What is to come for some queues, who has some of it by name, and what lies free of each variant."""

    inbound: Sequence[InboundUnits]
    sourced: Sequence[SourcedUnits]
    free: dict[int, int]


def read_supply(work: Work, warehouse: int, variants: Sequence[int]) -> KnownSupply:
    """Read the known supply of these queues."""
    queues = {"warehouse": warehouse, "variants": list(variants)}
    margin = business_settings(work.db).supplier_margin_days
    return KnownSupply(
        work.db.records(InboundUnits, "units_due", margin=margin, **queues),
        work.db.records(SourcedUnits, "units_sourced", **queues),
        dict(work.db.all("units_free", today=work.today, **queues)),
    )


def read_columns(work: Work, warehouse: int, supply: KnownSupply) -> LackingColumns:
    """Read the queues as far as their supply can reach, and whoever has sourced some of it, as columns."""
    return LackingColumns(*work.db.columns("lacking_lines", LACKING, **_asked(warehouse, supply)))


def read_kept(work: Work, warehouse: int, variants: Sequence[int]) -> KeptColumns:
    """Read the days that are kept of these queues."""
    return KeptColumns(*work.db.columns("kept_dates", KEPT, warehouse=warehouse, variants=list(variants)))


def read_prospect(work: Work, warehouse: int, variants: Sequence[int]) -> Prospect:
    """Read these queues as far as their supply can reach, and whoever has sourced some of it, line by line."""
    supply = read_supply(work, warehouse, variants)
    rows = work.db.all("lacking_lines", **_asked(warehouse, supply))
    lines = [LackingLine._make((*row[:6], Rank._make(row[6:]))) for row in rows]
    return Prospect(lines=lines, **supply._asdict())


def _asked(warehouse: int, supply: KnownSupply) -> dict[str, object]:
    """Say how many lines of each queue its supply can reach: each of them takes a unit."""
    most = Counter(supply.free)
    for one in supply.inbound:
        most[one.variant_id] += one.units
    return {
        "warehouse": warehouse,
        "variants": list(most),
        "most": list(most.values()),
        "lines": sorted({one.line_id for one in supply.sourced}),
    }
