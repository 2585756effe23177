"""Stock over HTTP: what lies where, and every way in which a person changes that."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from fastapi import Path, Query
from pydantic import Field

from makegood.entrypoints.api.bodies import MOST_UNITS, Body, Day, Id, Text, Units, Word
from makegood.entrypoints.api.paging import After, Limit
from makegood.services.adjust_stock import adjust_stock
from makegood.services.change_stock import StockChanged
from makegood.services.change_unit import adjust_unit, damage_unit, move_unit, quarantine_unit, restore_unit
from makegood.services.show_availability import Availability, show_availability
from makegood.services.show_stock import PlacedStock, VariantStock, stock_by_place, stock_by_variant
from makegood.services.tell_outcome import OrderOutcome, tell_outcomes
from makegood.services.work import Work

UnitId = Annotated[Id, Path(description="The id of the stock in its place; GET /inventory lists them.")]
Sku = Annotated[Word, Path(description="SKU, alias or barcode.", examples=["MUG"])]
Change = Annotated[
    int, Field(ge=-MOST_UNITS, le=MOST_UNITS, description="Whole units; with a minus off the place.")
]


class StockPage(NamedTuple):
    """A page of what lies where, and the cursor of the next one."""

    units: Sequence[PlacedStock]
    next: str | None


class VariantStockPage(NamedTuple):
    """A page of what there is of each variant in each warehouse, and the cursor of the next one."""

    skus: Sequence[VariantStock]
    next: str | None


class StockOutcome(NamedTuple):
    """What a change of stock did: its name in the ledger, units, and the orders that lost units by it.

    `along` counts reserved units that moved with their orders.
    """

    source: str
    units: int
    along: int
    lost: Sequence[OrderOutcome]


class Found(Body):
    """Units that are to be booked in, or with a minus off, where a person found that the books are wrong."""

    sku: Word = Field(examples=["MUG"])
    units: Change = Field(examples=[3])
    location: Word = Field(examples=["A-01"])
    reason: Word = Field(examples=["found behind the shelf"])
    warehouse: Word | None = None
    merchant: Word = "default"
    lot: Text = ""
    expires_on: Day | None = None


class Adjustment(Body):
    """How many units more, or with a minus fewer, and why."""

    units: Change = Field(examples=[-1])
    reason: Word = Field(examples=["broken in the bin"])


class Moved(Body):
    """How many units go where."""

    units: Units
    to_location: Word = Field(examples=["A-02"])


class Aside(Body):
    """How many units, and where they go, if they do not stay."""

    units: Units
    to_location: Word | None = Field(default=None, examples=[None])


def many(
    work: Work,
    sku: Annotated[Word | None, Query(description="SKU, alias or barcode.")] = None,
    warehouse: Annotated[Word | None, Query(description="Code of the warehouse.")] = None,
    location: Annotated[Word | None, Query(description="Code of the location.")] = None,
    limit: Limit = 50,
    after: After = None,
) -> StockPage:
    """List what lies where.

    By lot and status, the oldest first, with what is reserved and free of it and, where nothing can be given out,
    why.
    """
    return StockPage(
        *stock_by_place(work, sku=sku, warehouse=warehouse, location=location, after=after, most=limit)
    )


def skus(
    work: Work,
    warehouse: Annotated[Word | None, Query(description="Code of the warehouse.")] = None,
    short: Annotated[bool, Query(description="Leave out what nobody waits for.")] = False,
    limit: Limit = 50,
    after: After = None,
) -> VariantStockPage:
    """List the stock of each SKU.

    Warehouse by warehouse: on hand, reserved, free, not pickable, and what the queue still lacks.
    """
    return VariantStockPage(*stock_by_variant(work, warehouse=warehouse, short=short, after=after, most=limit))


def availability(
    work: Work,
    sku: Sku,
    merchant: Annotated[Word | None, Query(description="Whose it is, where several have it.")] = None,
) -> Availability:
    """Say what there is of a SKU.

    What a shop asks: free, allocated, not pickable, what the queue lacks, and the next supply that is due.
    """
    return show_availability(work, sku, merchant=merchant)


def add(work: Work, found: Found) -> StockOutcome:
    """Book units into a place, or off it.

    For a place where nothing of the kind lies yet; what is there can be changed by its id as well.
    """
    fields = found.model_dump(exclude={"sku", "units"})
    return _told(work, adjust_stock(work, found.sku, found.units, **fields))


def adjust(work: Work, unit: UnitId, change: Adjustment) -> StockOutcome:
    """Correct how much lies in a place.

    What is added goes to whoever waits; orders whose reservation no longer fits go back to the queue, worst rank
    first.
    """
    return _told(work, adjust_unit(work, unit, change.units, reason=change.reason))


def move(work: Work, unit: UnitId, where: Moved) -> StockOutcome:
    """Move units to another location.

    Between bins reservations stay with their orders; into a bin that can be picked the units go to whoever waits.
    """
    return _told(work, move_unit(work, unit, where.units, to_location=where.to_location))


def damage(work: Work, unit: UnitId, what: Aside) -> StockOutcome:
    """Set damaged units aside.

    Reservations that no longer fit are freed.
    """
    return _told(work, damage_unit(work, unit, what.units, to_location=what.to_location))


def quarantine(work: Work, unit: UnitId, what: Aside) -> StockOutcome:
    """Lock units away until their fate is known.

    Reservations that no longer fit are freed.
    """
    return _told(work, quarantine_unit(work, unit, what.units, to_location=what.to_location))


def restore(work: Work, unit: UnitId, what: Aside) -> StockOutcome:
    """Take damaged or quarantined units back into stock.

    They go to whoever waits.
    """
    return _told(work, restore_unit(work, unit, what.units, to_location=what.to_location))


def _told(work: Work, made: StockChanged) -> StockOutcome:
    return StockOutcome(made.source, made.units, made.along, tell_outcomes(work, made.lost) if made.lost else [])
