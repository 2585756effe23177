"""Compare the dates that are kept with those that a fresh pegging gives, at one instant; nothing is written."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from makegood.planner.dating import PartOfWhole, alone_dates, shown, whole_dates
from makegood.planner.pegging import line_dates, peg
from makegood.services.dates.read_prospect import read_prospect
from makegood.services.work import Work


class Outdated(NamedTuple):
    """A line whose kept date is not what a fresh pegging gives."""

    line_id: int
    kept: date | None
    fresh: date | None


class Compared(NamedTuple):
    """How many dates were compared, and which of them differ."""

    looked_at: int
    outdated: Sequence[Outdated]


def compare_dates(work: Work) -> Compared:
    """Compare the dates of all queues that do not wait to be looked at; to be asked in a snapshot."""
    sites: dict[int, list[int]] = {}
    for warehouse, variant in work.db.all("dated_queues"):
        sites.setdefault(warehouse, []).append(variant)
    compared = [_compare(work, site, queues) for site, queues in sorted(sites.items())]
    return Compared(sum(one.looked_at for one in compared), [bad for one in compared for bad in one.outdated])


def _compare(work: Work, warehouse: int, queues: Sequence[int]) -> Compared:
    """Peg the queues of one warehouse, with those on which their whole orders hang, and compare."""
    rows = work.db.all("lines_to_compare", warehouse=warehouse, variants=list(queues))
    kept = {line_id: shown(due) for line_id, _, due in rows}
    orders = sorted({order_id for _, order_id, _ in rows})
    wholes = work.db.records(PartOfWhole, "lines_that_ship_together", orders=orders)
    variants = sorted(set(queues) | {part.variant_id for part in wholes if part.variant_id})
    prospect = read_prospect(work, warehouse, variants)
    days = line_dates(prospect, peg(prospect))
    wanted = alone_dates(prospect.lines, days) + whole_dates(wholes, days, variants)
    fresh = {row.line_id: shown(row.due) for row in wanted}
    settled = sorted(set(kept) - {row[0] for row in work.db.all("unsettled_lines", lines=list(kept))})
    outdated = [Outdated(one, kept[one], fresh.get(one)) for one in settled if kept[one] != fresh.get(one)]
    return Compared(len(settled), outdated)
