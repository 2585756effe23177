"""What the people in the stockroom do: unload, put away, count, take back, write off."""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from makegood.domain.catalogue import Place, UnitStatus
from makegood.domain.errors import NotEnough
from makegood.domain.sessions import CountedLine, ReceivedLine, ReturnedLine
from makegood.services.change_stock import change_stock
from makegood.services.count_stock import count
from makegood.services.find_stock import Named, find_places
from makegood.services.move_stock import Move, move_all
from makegood.services.new_orders import find_site
from makegood.services.receive_stock import receive
from makegood.services.replay.building import DOCK, RETURNS, SITE, bin_of
from makegood.services.replay.purchases import Delivery
from makegood.services.replay.shop_book import Invoice, WriteOff, sku_key
from makegood.services.return_stock import take_back
from makegood.services.shrink_stock import Unit
from makegood.services.work import Work

# One SKU in twenty is not what the books say, by a unit or two.
MISCOUNTED = 0.05
MOST_MISCOUNTED = 2


class OnShelf(NamedTuple):
    """Units of a SKU in a bin."""

    sku: str
    bin: str
    units: int


def unload(work: Work, reference: str, found: Sequence[Delivery], *, on_dock: bool) -> int:
    """Receive a delivery into its bins or, where it is put away tomorrow, onto the dock; give the units."""
    lines = [ReceivedLine(one.sku, one.units, DOCK if on_dock else bin_of(one.sku)) for one in found]
    return receive(work, reference, lines, warehouse=SITE).added


def put_away(work: Work) -> int:
    """Carry what stands on the dock to its bins, and give the units."""
    moves = [Move(one.sku, one.units, DOCK, bin_of(one.sku)) for one in on_shelf(work, [DOCK])]
    return move_all(work, moves, warehouse=SITE).units if moves else 0


def count_bins(work: Work, reference: str, bins: Sequence[str], *, seed: str) -> int:
    """Count some bins, mostly finding what the books say, and give by how many units they were wrong."""
    chance = Random(seed)
    found = [CountedLine(one.sku, max(0, one.units + _error(chance)), one.bin) for one in on_shelf(work, bins)]
    if not found:
        return 0
    approved = count(work, reference, found, warehouse=SITE)
    return approved.added + approved.removed


def restock(work: Work, back: Invoice) -> int:
    """Put what a customer sent back onto the shelf for returns, and give the units."""
    lines = [ReturnedLine(one.sku, one.units, RETURNS) for one in back.items]
    return take_back(work, back.number, lines, warehouse=SITE).added


def write_off(work: Work, gone: Sequence[WriteOff]) -> int:
    """Take off goods that are damaged or lost, as far as their bins have them; give the units that they have."""
    wanted: dict[str, int] = {}
    for one in gone:
        wanted[sku_key(one.sku)] = wanted.get(sku_key(one.sku), 0) + one.units
    there = {one.sku: one.units for one in on_shelf(work, sorted({bin_of(sku) for sku in wanted}))}
    losses = {sku: min(units, there[sku]) for sku, units in wanted.items() if sku in there}
    if losses:
        site = find_site(work, SITE)
        places = find_places(work, site, [Named(sku, bin_of(sku)) for sku in losses])
        changes = {place: -units for place, units in zip(places, losses.values(), strict=True)}
        change_stock(work, site.warehouse_id, changes, reason="written off", refusal=_not_enough)
    return sum(losses.values())


def on_shelf(work: Work, bins: Sequence[str]) -> list[OnShelf]:
    """Read what the books say lies in some bins and can be sold."""
    return work.db.records(OnShelf, "replay_on_shelf", bins=bins, status=UnitStatus.AVAILABLE)


def _error(chance: Random) -> int:
    if chance.random() >= MISCOUNTED:
        return 0
    return chance.choice((-1, 1)) * chance.randint(1, MOST_MISCOUNTED)


def _not_enough(place: Place, unit: Unit | None) -> NotEnough:
    return NotEnough(sku=f"variant {place.variant_id}", wanted=1, free=unit.quantity if unit else 0)
