"""A buyer who knows what will be asked for, buys less than that, and whose suppliers are late: pure, from a seed.

The demand of a SKU is cut into runs of days, and each run is bought at once. Of all units demanded the buyer
never gets UNSUPPLIED: the last runs of each SKU, sooner where a supplier gave up. Of the rest some runs come late,
so that LATE of all units must wait for them. No run comes after the next one of its SKU is due, so that the
units that wait at first, served first come first, are UNSUPPLIED and LATE together, whatever the invoices are.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple
from zlib import crc32

UNSUPPLIED = 0.18
LATE = 0.14
RUN_DAYS = (10, 21)
DAYS_EARLY = (0, 3)
DAYS_LATE = (2, 20)
# One SKU in eight has a supplier who gives up: its last weeks or months are never delivered.
GIVES_UP = 0.125
DAYS_GIVEN_UP = (20, 150)
DAYS_IN_TRANSIT = (0, 20)
SUPPLIERS = 4

Demand = Mapping[str, Mapping[date, int]]


class Delivery(NamedTuple):
    """Units of one SKU that come in on a day, from a supplier with a number below SUPPLIERS."""

    day: date
    supplier: int
    sku: str
    units: int


class _Run(NamedTuple):
    """A SKU's demand of some days on end, which is bought at once; it is due before `due`."""

    sku: str
    demand: Sequence[tuple[date, int]]
    due: date
    given_up: int

    @property
    def start(self) -> date:
        return self.demand[0][0]

    @property
    def units(self) -> int:
        return sum(units for _, units in self.demand)


def deliveries(demand: Demand, *, first: date, last: date, seed: int) -> list[Delivery]:
    """Give what comes in between the first day and the last, by day, supplier and SKU."""
    chance = Random(f"purchases:{seed}")
    runs = [run for sku in sorted(demand) for run in _runs(sku, sorted(demand[sku].items()), last, chance)]
    total = sum(run.units for run in runs)
    bought = _bought(runs, round(total * UNSUPPLIED))
    late = _late(runs, bought, round(total * LATE), chance)
    found = [
        Delivery(
            late.get(place) or max(first, run.start - timedelta(days=chance.randint(*DAYS_EARLY))),
            supplier_of(run.sku),
            run.sku,
            bought[place],
        )
        for place, run in enumerate(runs)
        if bought[place]
    ]
    return sorted(found)


def supplier_of(sku: str) -> int:
    """Give the number of the one supplier of a SKU."""
    return crc32(sku.encode()) % SUPPLIERS


def _runs(sku: str, demand: Sequence[tuple[date, int]], last: date, chance: Random) -> list[_Run]:
    """Cut the demand into runs; `given_up` days are taken off the time that the last ones take to come."""
    span = DAYS_GIVEN_UP if chance.random() < GIVES_UP else DAYS_IN_TRANSIT
    given_up = chance.randint(*span)
    cuts: list[list[tuple[date, int]]] = []
    end = date.min
    for day, units in demand:
        if day >= end:
            cuts.append([])
            end = day + timedelta(days=chance.randint(*RUN_DAYS))
        cuts[-1].append((day, units))
    dues = [cut[0][0] for cut in cuts[1:]] + [last]
    return [_Run(sku, cut, due, given_up) for cut, due in zip(cuts, dues, strict=True)]


def _bought(runs: Sequence[_Run], unsupplied: int) -> list[int]:
    """Give the units bought for each run once so many were left out, the latest runs of a SKU first."""
    bought = [run.units for run in runs]
    by_end = sorted(
        range(len(runs)),
        key=lambda p: (runs[p].start + timedelta(days=runs[p].given_up), runs[p].sku),
        reverse=True,
    )
    for place in by_end:
        lost = min(bought[place], unsupplied)
        bought[place] -= lost
        unsupplied -= lost
    return bought


def _late(runs: Sequence[_Run], bought: Sequence[int], most: int, chance: Random) -> dict[int, date]:
    """Choose runs that come late, and when, so that at most so many units wait for them."""
    late: dict[int, date] = {}
    for place in chance.sample(range(len(runs)), len(runs)):
        run = runs[place]
        day = min(run.start + timedelta(days=chance.randint(*DAYS_LATE)), run.due)
        waiting = min(bought[place], sum(units for asked, units in run.demand if asked < day))
        if 0 < waiting <= most:
            late[place] = day
            most -= waiting
    return late
