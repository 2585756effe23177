"""Import locations: what is new is added, what is known is brought up to date where the file says something."""

from collections.abc import Sequence
from typing import NamedTuple

from makegood.domain.catalogue import NewLocation
from makegood.services.add_catalogue import add_locations
from makegood.services.change_usability import change_usability
from makegood.services.files.entries import LocationEntry
from makegood.services.files.grouping import Together
from makegood.services.files.importing import Kind
from makegood.services.files.names import CREATE, know_warehouses
from makegood.services.files.rows import Group, Landing, Terms
from makegood.services.shrink_stock import Unit
from makegood.services.work import Work


class _Described(NamedTuple):
    """What a location is; the id is None when the books have none."""

    location_id: int | None
    type: str
    is_pickable: bool
    active: bool
    pick_sequence: int

    def said_by(self, entry: LocationEntry) -> "_Described":
        """Give the location as the file wants it; what the file leaves open stays."""
        said = {name: value for name in self._fields[1:] if (value := getattr(entry, name)) not in (None, "")}
        return self._replace(**said)


NEW = _Described(None, *NewLocation("", "")[2:])


def import_locations(
    work: Work, locations: Sequence[Group[LocationEntry]], terms: Terms
) -> Landing[LocationEntry]:
    """Add the locations of one warehouse or bring them up to date, and tell what became of each row.

    What lies in one that becomes pickable and active goes to whoever waits; in one that stops to be so,
    reservations are freed.
    """
    landing: Landing[LocationEntry] = Landing()
    code = locations[0].first.warehouse
    warehouse = know_warehouses(work, {code}, terms).get(code)
    if warehouse is None:
        for one in locations:
            landing.refuse(one, one.problem("warehouse", code, "no such warehouse", f"Correct it, {CREATE}"))
        return landing
    books = _look_up(work, warehouse, [one.first.location for one in locations])
    asked = [known.said_by(one.first) for known, one in zip(books, locations, strict=True)]
    for one, known, wanted in zip(locations, books, asked, strict=True):
        (landing.unchanged if wanted == known and known.location_id else landing.landed).append(one)
    _add(
        work, [(one.first, wanted) for one, wanted in zip(locations, asked, strict=True) if not wanted.location_id]
    )
    _change(
        work, [wanted for known, wanted in zip(books, asked, strict=True) if known.location_id and wanted != known]
    )
    return landing


def _look_up(work: Work, warehouse: int, codes: Sequence[str]) -> list[_Described]:
    """Give each location as the books have it; one that is new as it would be if nothing were said."""
    found = work.db.records(
        _Described, "locations_described", warehouses=[warehouse] * len(codes), codes=list(codes)
    )
    return [known if known.location_id else NEW for known in found]


def _add(work: Work, new: Sequence[tuple[LocationEntry, _Described]]) -> None:
    if new:
        add_locations(work, [NewLocation(entry.location, entry.warehouse, *wanted[1:]) for entry, wanted in new])


def _change(work: Work, changed: Sequence[_Described]) -> None:
    if not changed:
        return
    ids, types, pickable, active, sequences = (list(column) for column in zip(*changed, strict=True))
    change_usability(
        work,
        lambda: work.db.records(Unit, "units_in_locations", locations=ids),
        lambda: work.db.run(
            "describe_locations", locations=ids, types=types, pickable=pickable, active=active, sequences=sequences
        ),
        reason="the location was made unusable",
    )


KIND = Kind("locations", LocationEntry, Together(("warehouse", "location"), "location"), import_locations)
