"""The one place through which stock grows: units, ledger and mark are written together, or none is."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from makegood.domain.catalogue import Place
from makegood.services.work import Work


class Posted(NamedTuple):
    """Where added units stand now; `usable` says whether they can be given out."""

    unit_id: int
    variant_id: int
    warehouse_id: int
    usable: bool


def add_stock(work: Work, additions: Iterable[tuple[Place, int]], *, reason: str) -> list[Posted]:
    """Add whole units to places, and mark every queue of which more became usable.

    Needs no gate: stock that only grows cannot make a decision wrong, and its mark makes up for one that
    came too early.
    """
    units: dict[Place, int] = defaultdict(int)
    for place, count in additions:
        if count < 0:
            raise ValueError(f"{count} units cannot be added; taking off goes through shrink_stock")
        units[place] += count
    places = [place for place, count in units.items() if count]
    if not places:
        return []
    rows = work.db.records(
        Posted,
        "add_stock",
        variants=[place.variant_id for place in places],
        warehouses=[place.warehouse_id for place in places],
        locations=[place.location_id for place in places],
        statuses=[place.status for place in places],
        lots=[place.lot for place in places],
        expiries=[place.expires_on for place in places],
        quantities=[units[place] for place in places],
        reason=reason,
        source=work.source,
        actor=work.actor,
        as_of=work.as_of,
        today=work.today,
    )
    work.mark((row.variant_id, row.warehouse_id) for row in rows if row.usable)
    return rows
