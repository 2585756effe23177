"""Transfers between warehouses: what leaves is taken from what nobody waits for, and stays in the books under way.

The units stand where they left, with the status IN_TRANSIT, so that the ledger stays balanced and a cancelled
transfer comes back with its lots and its age.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from makegood.domain.catalogue import Place, UnitStatus
from makegood.domain.errors import BooksBusy, NotEnough
from makegood.planner.book import UsableUnit
from makegood.planner.plan import plan
from makegood.planner.shelves import picking_order
from makegood.services.add_catalogue import find_locations
from makegood.services.carry_out import carry_out
from makegood.services.new_orders import Site
from makegood.services.post_stock import hold_places, post
from makegood.services.read_book import book_of, keepers, read_served, usable_units
from makegood.services.read_queue import BOTTOM, hold_with_queue, insist_nothing_came, strike_served
from makegood.services.shrink_stock import Unit, lock_units, write_off
from makegood.services.work import Work

# A transfer serves at most this much of a marked queue itself; the rest is the check's.
LINES_SERVED_BEFORE = 200


class Wanted(NamedTuple):
    """So many units of a variant that a transfer takes, from one location where it is named."""

    inbound_line_id: int
    name: str
    variant_id: int
    sku: str
    units: int
    location: str | None = None


class Load(NamedTuple):
    """Units of a transfer that are under way, and the unit of the books that holds them."""

    inbound_line_id: int
    unit_id: int
    quantity: int
    variant_id: int
    warehouse_id: int
    location_id: int
    status: str
    lot: str
    expires_on: date | None
    received_at: datetime

    @property
    def place(self) -> Place:
        """Where the books say that the units are."""
        return Place(*self[3:9])


def send_off(work: Work, site: Site, wanted: Sequence[Wanted]) -> None:
    """Take what transfers want out of a warehouse, in picking order, and let it be under way.

    Whoever can be served from it is served first. Raises `NotEnough` when more is wanted than is free and kept
    for nobody, and `BooksBusy` while a check has to come first.
    """
    spare = _serve_first(work, site.warehouse_id, {one.variant_id for one in wanted})
    bins = _bins(work, site, wanted)
    held = _hold_units(work, [unit.unit_id for units in spare.values() for unit in units])
    kept = _kept_back(work, site.warehouse_id, spare)
    drawn = list(_draw(wanted, spare, held, bins, kept))
    _put_under_way(work, drawn, held)


def loads(work: Work, inbound: Collection[int]) -> list[Load]:
    """Read what is under way of some transfers, by transfer and unit."""
    return work.db.records(Load, "loads_of_inbound", inbound=sorted(inbound)) if inbound else []


def bring_back(work: Work, taken: Mapping[Load, int], *, reason: str) -> None:
    """Put units that were under way back where they had left, and offer them to whoever waits there.

    The places and units are held: `hold_way_back`.
    """
    arriving: dict[Place, int] = defaultdict(int)
    ages: dict[Place, datetime] = {}
    for load, units in taken.items():
        place = load.place._replace(status=UnitStatus.AVAILABLE)
        arriving[place] += units
        ages[place] = min(load.received_at, ages.get(place, load.received_at))
    posted = post(work, arriving, reason=reason, ages=ages)
    take_off(work, taken, reason=reason)
    work.mark((row.variant_id, row.warehouse_id) for row in posted if row.usable)


def hold_way_back(work: Work, found: Sequence[Load]) -> None:
    """Hold the places from which units left, and the units there, before their inbound lines are held."""
    spots = hold_places(work, [load.place._replace(status=UnitStatus.AVAILABLE) for load in found])
    lock_units(work, [*(load.unit_id for load in found), *(spot.unit_id for spot in spots)])


def take_off(work: Work, taken: Mapping[Load, int], *, reason: str) -> None:
    """Let units be under way no longer: they leave the place where they stood in the books."""
    if not taken:
        return
    losses: dict[int, int] = defaultdict(int)
    for load, units in taken.items():
        losses[load.unit_id] += units
    work.db.run_expecting(
        len(taken),
        "lower_loads",
        inbound=[load.inbound_line_id for load in taken],
        unit_ids=[load.unit_id for load in taken],
        units=list(taken.values()),
    )
    write_off(work, losses, reason=reason)


def first_loads(found: Sequence[Load], units: int) -> dict[Load, int]:
    """Choose so many units, or as many as there are, in the order of the loads."""
    chosen: dict[Load, int] = {}
    for load in found:
        count = min(load.quantity, units)
        if count > 0:
            chosen[load] = count
            units -= count
    return chosen


def _serve_first(work: Work, warehouse: int, variants: Collection[int]) -> dict[int, list[UsableUnit]]:
    """Serve whoever waits for these variants as a check would, and give what is free of each then."""
    held = hold_with_queue(work, warehouse, variants, LINES_SERVED_BEFORE)
    if held.pending:
        raise BooksBusy(1)
    book = book_of(work, warehouse, held.peek, held.variants, until=BOTTOM)
    insist_nothing_came(work, warehouse, held.variants, held.marks)
    made = plan(book, as_of=work.today)
    strike_served(work, warehouse, held, made)
    # All that may be served or sent is held before any of it changes; what comes in later is left alone.
    stock = usable_units(work, warehouse, sorted({*variants, *(unit.variant_id for unit in book.units)}))
    there = _hold_units(work, [unit.unit_id for unit in stock])
    carry_out(work, read_served(work, warehouse, book, made, held.sources), book, made)
    free: dict[int, list[UsableUnit]] = {variant: [] for variant in variants}
    for unit in sorted(usable_units(work, warehouse, sorted(variants)), key=picking_order):
        if unit.unit_id in there:
            free[unit.variant_id].append(unit)
    return free


def _hold_units(work: Work, ids: Sequence[int]) -> dict[int, Unit]:
    """Hold units, and what is under way of the same places."""
    beside = [row[0] for row in work.db.all("units_beside", ids=list(ids), status=UnitStatus.IN_TRANSIT)]
    return {unit.unit_id: unit for unit in lock_units(work, [*ids, *beside])}


def _kept_back(work: Work, warehouse: int, variants: Collection[int]) -> dict[int, int]:
    kept: dict[int, int] = defaultdict(int)
    for one in keepers(work, warehouse, sorted(variants), BOTTOM, []):
        kept[one.variant_id] += one.units
    return kept


def _bins(work: Work, site: Site, wanted: Sequence[Wanted]) -> dict[str, int]:
    """Give the ids of the locations that are named."""
    codes = {one.location for one in wanted if one.location}
    found = find_locations(work, [(site.code, code) for code in codes])
    return {code: location for (_, code), (location, _) in found.items()}


def _draw(
    wanted: Sequence[Wanted],
    spare: Mapping[int, Sequence[UsableUnit]],
    held: Mapping[int, Unit],
    bins: Mapping[str, int],
    kept: Mapping[int, int],
) -> Iterator[tuple[int, int, int]]:
    """Share out what is free: transfer, unit and units; what is kept back for an order stays."""
    left = {unit_id: unit.quantity - unit.reserved for unit_id, unit in held.items()}
    for one in wanted:
        units = [
            unit.unit_id
            for unit in spare[one.variant_id]
            if one.location is None or held[unit.unit_id].location_id == bins[one.location]
        ]
        free = sum(left[unit.unit_id] for unit in spare[one.variant_id]) - kept.get(one.variant_id, 0)
        free = min(free, sum(left[unit] for unit in units))
        if one.units > free:
            raise NotEnough(sku=one.sku, wanted=one.units, free=max(free, 0))
        rest = one.units
        for unit in units:
            count = min(rest, left[unit])
            if count:
                yield one.inbound_line_id, unit, count
                left[unit] -= count
                rest -= count


def _put_under_way(work: Work, drawn: Sequence[tuple[int, int, int]], held: Mapping[int, Unit]) -> None:
    """Write what leaves its bins and is under way instead, with the ledger."""
    leaving: dict[int, int] = defaultdict(int)
    for _, unit, units in drawn:
        leaving[unit] += units
    ways = {unit: held[unit].place._replace(status=UnitStatus.IN_TRANSIT) for unit in leaving}
    write_off(work, leaving, reason="transfer")
    posted = post(
        work,
        {ways[unit]: units for unit, units in leaving.items()},
        reason="transfer",
        ages={ways[unit]: held[unit].received_at for unit in leaving},
    )
    there = {row.place: row.unit_id for row in posted}
    work.db.run(
        "add_loads",
        inbound=[inbound for inbound, _, _ in drawn],
        unit_ids=[there[ways[unit]] for _, unit, _ in drawn],
        units=[units for _, _, units in drawn],
    )
