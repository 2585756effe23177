"""The one place through which stock grows: units, ledger and mark are written together, or none is."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from makegood.domain.catalogue import Place
from makegood.services.work import Work

K = TypeVar("K", bound=Hashable)


class Posted(NamedTuple):
    """Where added units stand now; `usable` says whether they can be given out."""

    unit_id: int
    variant_id: int
    warehouse_id: int
    location_id: int
    status: str
    lot: str
    expires_on: date | None
    usable: bool

    @property
    def place(self) -> Place:
        """Where the unit lies, with its lot and status."""
        return Place(*self[1:7])


class Spot(NamedTuple):
    """A place as it stands: the unit there, and whether what lies there can be given out."""

    unit_id: int
    usable: bool


def add_stock(work: Work, additions: Iterable[tuple[Place, int]], *, reason: str) -> list[Posted]:
    """Add whole units to places, and mark every queue of which more became usable.

    Needs no gate: stock that only grows cannot make a decision wrong, and its mark makes up for one that
    came too early.
    """
    units = _added(additions)
    if len(units) > 1:
        work.db.all("lock_units", ids=sorted(spot.unit_id for spot in hold_places(work, list(units))))
    else:
        # One unit alone cannot come in a wrong order.
        _share_places(work, list(units))
    posted = post(work, units, reason=reason)
    work.mark((row.variant_id, row.warehouse_id) for row in posted if row.usable)
    return posted


def hold_places(work: Work, places: Sequence[Place]) -> list[Spot]:
    """Tell what stands in each place, and keep it from becoming usable or unusable until the commit.

    Without that, stock that comes in while its bin is being opened would be marked by neither side. An empty unit
    is put where there is none, so that all of them can be locked by id. To be called once, after gates and orders
    were locked, and before any unit is.
    """
    if not places:
        return []
    _share_places(work, places)
    spots = look_at_places(work, places)
    if missing := [place for place, (unit_id, _) in zip(places, spots, strict=True) if unit_id is None]:
        work.db.run("open_places", **_columns(missing), as_of=work.as_of)
        spots = look_at_places(work, places)
    return [Spot(unit_id, usable) for unit_id, usable in spots if unit_id is not None]


def look_at_places(work: Work, places: Sequence[Place]) -> list[tuple[int | None, bool]]:
    """Tell of each place which unit stands there, if one does, and whether what lies there can be given out."""
    rows = work.db.all("look_at_places", **_columns(places), today=work.today)
    return [(unit_id, usable) for unit_id, usable in rows]


def post(
    work: Work, units: Mapping[Place, int], *, reason: str, ages: Mapping[Place, datetime] | None = None
) -> list[Posted]:
    """Write added units and the ledger without a mark, for those who hold the places and mark themselves.

    `ages` say since when units have been in the house, where that is not now.
    """
    places = [place for place, count in units.items() if count]
    if not places:
        return []
    return work.db.records(
        Posted,
        "add_stock",
        **_columns(places),
        quantities=[units[place] for place in places],
        ages=[(ages or {}).get(place, work.as_of) for place in places],
        reason=reason,
        source=work.source,
        actor=work.actor,
        as_of=work.as_of,
        today=work.today,
    )


@contextmanager
def sourced(work: Work, source: str) -> Iterator[Work]:
    """Let what is done inside name this source in the ledger, in marks and in events."""
    inner = replace(work, source=source)
    yield inner
    work.marked |= inner.marked


def numbered(work: Work, kind: str) -> str:
    """Give a new stock change its name: `adjustment:17`."""
    return f"{kind}:{work.db.value('draw_ids', sequence='stock_changes', count=1)}"


def summed(counts: Iterable[tuple[K, int]]) -> dict[K, int]:
    """Add up the counts of each name; what comes to nothing is left out.

    >>> summed([("MUG", 2), ("LID", 0), ("MUG", 1)])
    {'MUG': 3}
    """
    sums: dict[K, int] = defaultdict(int)
    for name, count in counts:
        sums[name] += count
    return {name: count for name, count in sums.items() if count}


def _added(additions: Iterable[tuple[Place, int]]) -> dict[Place, int]:
    counts = list(additions)
    if wrong := [count for _, count in counts if count < 0]:
        raise ValueError(f"{wrong[0]} units cannot be added; taking off goes through shrink_stock")
    return summed(counts)


def _columns(places: Sequence[Place]) -> dict[str, list[object]]:
    return {
        "variants": [place.variant_id for place in places],
        "warehouses": [place.warehouse_id for place in places],
        "locations": [place.location_id for place in places],
        "statuses": [place.status for place in places],
        "lots": [place.lot for place in places],
        "expiries": [place.expires_on for place in places],
    }


def _share_places(work: Work, places: Sequence[Place]) -> None:
    """Keep places as usable as they are until the commit; others may do so as well."""
    if places:
        work.db.all("share_locations", ids=sorted({place.location_id for place in places}))
    if dated := sorted({place.variant_id for place in places if place.expires_on}):
        work.db.all("share_variants", ids=dated)
