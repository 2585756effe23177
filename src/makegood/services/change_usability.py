"""What lies in a place becomes usable or stops to be: queues are marked, reservations freed, all at once."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from makegood.planner.attempt import Attempt
from makegood.services.shrink_stock import Unit, free_over, hold_orders, lock_units, units_at_stake
from makegood.services.work import Work
from makegood.store.database import StartOver


def change_usability(
    work: Work, standing: Callable[[], list[Unit]], write: Callable[[], object], *, reason: str
) -> list[Attempt]:
    """Write what decides on the usability of the standing units, and give the orders that lost units by it.

    `write` takes a row that stock which comes in shares (`hold_places`): either its units are seen here
    afterwards, or it sees what was written.
    """
    sites = _by_warehouse(standing())
    # Warehouse by warehouse, as everybody does who works in several.
    held = {site: hold_orders(work, site, sites[site]) for site in sorted(sites)}
    before = {unit.unit_id for unit in standing() if unit.usable(work.today)}
    write()
    now = standing()
    seen = {unit_id for ids in sites.values() for unit_id in ids}
    if any(unit.unit_id not in seen for unit in now):
        raise StartOver("stock came in before the place was held")
    gained = [unit for unit in now if unit.usable(work.today) and unit.unit_id not in before]
    work.mark((unit.variant_id, unit.warehouse_id) for unit in gained)
    # What came for a line by name may be reserved where nobody picks: it stays so.
    lost = _by_warehouse(
        [
            unit
            for unit in now
            if unit.reserved and not unit.usable(work.today) and (unit.in_reach or unit.unit_id in before)
        ]
    )
    at_stake = units_at_stake(work, [locked for site in lost for locked in held[site]])
    units = {
        unit.unit_id: unit
        for unit in lock_units(work, [*at_stake, *(one for ids in lost.values() for one in ids)])
    }
    return [
        made
        for site, ids in sorted(lost.items())
        for made in free_over(work, held[site], _reserved([units[one] for one in ids]), reason)
    ]


def _by_warehouse(units: Sequence[Unit]) -> Mapping[int, list[int]]:
    sites: dict[int, list[int]] = defaultdict(list)
    for unit in units:
        sites[unit.warehouse_id].append(unit.unit_id)
    return sites


def _reserved(units: Sequence[Unit]) -> dict[int, int]:
    return {unit.unit_id: unit.reserved for unit in units if unit.reserved}
