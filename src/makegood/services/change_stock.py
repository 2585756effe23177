"""Post what was found and write off what is missing as one change, under one set of locks."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from makegood.domain.catalogue import Place
from makegood.domain.errors import MakegoodError
from makegood.planner.attempt import Attempt
from makegood.services.post_stock import Posted, hold_places, look_at_places, post
from makegood.services.shrink_stock import Unit, hold_orders, lock_units, take_held, units_at_stake
from makegood.services.work import Work

Refusal = Callable[[Place, Unit | None], MakegoodError]


class StockChanged(NamedTuple):
    """What a change of stock did: its name in the ledger, units, and the orders that lost units by it.

    `along` counts reserved units that moved with their orders.
    """

    source: str
    units: int
    along: int = 0
    lost: Sequence[Attempt] = ()


class Changed(NamedTuple):
    """Where units were added, and what became of orders that lost some."""

    posted: Sequence[Posted]
    lost: Sequence[Attempt]


def change_stock(
    work: Work, warehouse: int, changes: Mapping[Place, int], *, reason: str, refusal: Refusal
) -> Changed:
    """Add units to some places of a warehouse and take them off others, all or nothing.

    What grew is marked; reservations that no longer fit are freed. Raises what `refusal` gives for the first
    place that has fewer units than are taken off.
    """
    gains = {place: count for place, count in changes.items() if count > 0}
    losses = {place: -count for place, count in changes.items() if count < 0}
    standing = {unit.place: unit.unit_id for unit in find_units(work, list(losses))}
    for place in losses:
        if place not in standing:
            raise refusal(place, None)
    taken_off = {unit: losses[place] for place, unit in standing.items()}
    orders = hold_orders(work, warehouse, sorted(taken_off), taken_off) if losses else []
    spots = hold_places(work, list(gains))
    also = [spot.unit_id for spot in spots] + units_at_stake(work, orders)
    units = lock_units(work, [*standing.values(), *also])
    taken = [unit for unit in units if unit.place in losses]
    for unit in taken:
        if unit.quantity < losses[unit.place]:
            raise refusal(unit.place, unit)
    lost = take_held(work, taken, orders, {u.unit_id: losses[u.place] for u in taken}, reason=reason)
    posted = post(work, gains, reason=reason)
    work.mark((row.variant_id, row.warehouse_id) for row in posted if row.usable)
    return Changed(posted, lost)


class StandingUnit(NamedTuple):
    """The inventory unit of a place; once it is there it stays, even when it is empty."""

    unit_id: int
    place: Place


def find_units(work: Work, places: Sequence[Place]) -> list[StandingUnit]:
    """Find the inventory units of some places, without a lock; places without one are left out."""
    if not places:
        return []
    spots = look_at_places(work, places)
    return [StandingUnit(unit_id, place) for place, (unit_id, _) in zip(places, spots, strict=True) if unit_id]
