"""Read the demand and the known supply of some queues, as pegging sees them."""

from collections import Counter
from collections.abc import Sequence

from makegood.domain.rank import Rank
from makegood.planner.pegging import InboundUnits, LackingLine, Prospect, SourcedUnits
from makegood.services.business_settings import business_settings
from makegood.services.work import Work


def read_prospect(work: Work, warehouse: int, variants: Sequence[int]) -> Prospect:
    """Read these queues from the top as far as their supply can reach, and whoever has sourced some of it."""
    queues = {"warehouse": warehouse, "variants": list(variants)}
    margin = business_settings(work.db).supplier_margin_days
    inbound = work.db.records(InboundUnits, "units_due", margin=margin, **queues)
    free = dict(work.db.all("units_free", today=work.today, **queues))
    sourced = work.db.records(SourcedUnits, "units_sourced", **queues)
    return Prospect(
        lines=_lines(work, warehouse, _reach(variants, inbound, sourced, free), sourced),
        inbound=inbound,
        sourced=sourced,
        free=free,
    )


def _reach(
    variants: Sequence[int],
    inbound: Sequence[InboundUnits],
    sourced: Sequence[SourcedUnits],
    free: dict[int, int],
) -> dict[int, int]:
    """Say how many lines of each queue its supply can reach: each takes a unit, or has sourced what it lacks."""
    most = Counter(free)
    variant_of = {one.inbound_line_id: one.variant_id for one in inbound}
    for one in inbound:
        most[one.variant_id] += one.units
    for named in sourced:
        most[variant_of[named.inbound_line_id]] += 1
    return {variant: most[variant] for variant in variants if most[variant]}


def _lines(work: Work, warehouse: int, most: dict[int, int], sourced: Sequence[SourcedUnits]) -> list[LackingLine]:
    rows = work.db.all(
        "lacking_lines",
        warehouse=warehouse,
        variants=list(most),
        most=list(most.values()),
        lines=sorted({one.line_id for one in sourced}),
    )
    return [LackingLine._make((*row[:6], Rank._make(row[6:]))) for row in rows]
