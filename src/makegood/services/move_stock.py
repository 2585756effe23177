"""Move units between the bins of a warehouse: putaway, replenishment, clearing a bin."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from makegood.domain.errors import InvalidValue
from makegood.services.carry_stock import Carry, carry_stock
from makegood.services.change_stock import StockChanged
from makegood.services.find_stock import Named, find_places, insist_on_units, places_that_hold
from makegood.services.new_orders import Site, find_site
from makegood.services.post_stock import numbered, sourced
from makegood.services.work import Work


class Move(NamedTuple):
    """So many units of a SKU that go from one location to another."""

    sku: str
    units: int
    from_location: str
    to_location: str
    merchant: str = "default"
    lot: str = ""
    expires_on: date | None = None


def move_stock(
    work: Work,
    sku: str,
    units: int,
    *,
    from_location: str,
    to_location: str,
    warehouse: str | None = None,
    merchant: str = "default",
    lot: str = "",
    expires_on: date | None = None,
) -> StockChanged:
    """Move units to another location of the warehouse, and give what that did.

    Between usable bins reservations stay with their lines; into a usable bin the units go to whoever waits;
    out of reach, reservations that no longer fit are freed. Raises `NotEnough`.
    """
    return move_all(
        work, [Move(sku, units, from_location, to_location, merchant, lot, expires_on)], warehouse=warehouse
    )


def move_all(work: Work, moves: Sequence[Move], *, warehouse: str | None = None) -> StockChanged:
    """Do many moves in one warehouse together, all of them or none: the putaway of a delivery."""
    for move in moves:
        insist_on_units(move.units)
        if move.from_location == move.to_location:
            raise InvalidValue("to_location", move.to_location, "another location")
    site = find_site(work, warehouse)
    with sourced(work, numbered(work, "move")) as moving:
        return carry_stock(moving, site.warehouse_id, _carries(work, site, moves), reason="move")


def _carries(work: Work, site: Site, moves: Sequence[Move]) -> list[Carry]:
    names = [Named(one.sku, one.from_location, one.merchant, one.lot, one.expires_on) for one in moves]
    places = places_that_hold(work, site, names)
    to = find_places(
        work, site, [name._replace(location=one.to_location) for name, one in zip(names, moves, strict=True)]
    )
    return [
        Carry(one.sku, place, place._replace(location_id=there.location_id), one.units)
        for one, place, there in zip(moves, places, to, strict=True)
    ]
