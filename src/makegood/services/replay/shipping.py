"""Pick and ship what is allocated; now and then a picker does not find all of it."""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from makegood.services.office import Desk
from makegood.services.pick_order import confirm_pick, release_to_pick, ship_order, short_pick
from makegood.services.work import Work

# So many orders leave in one transaction, which holds the gates of all their lines.
ORDERS_A_BATCH = 100
# One order in a hundred is picked short by a unit or two.
PICKED_SHORT = 0.01
MOST_MISSING = 2


class Ready(NamedTuple):
    """An order that can be picked, and one of its lines: number, units reserved for it."""

    number: str
    line_number: int
    units: int


class Shipped(NamedTuple):
    """How many orders left, and how many were picked short."""

    orders: int
    short: int


def ship_what_is_ready(desk: Desk, chance: Random) -> Shipped:
    """Pick and ship all ALLOCATED orders, some of them short; those go back to the queue."""
    ready = desk(orders_ready)
    short = 0
    for first in range(0, len(ready), ORDERS_A_BATCH):
        short += _ship(desk, ready[first : first + ORDERS_A_BATCH], chance)
    return Shipped(len(ready) - short, short)


def orders_ready(work: Work) -> list[Ready]:
    """List the orders that are ready to be picked, oldest first."""
    return work.db.records(Ready, "replay_ready")


def _ship(desk: Desk, batch: Sequence[Ready], chance: Random) -> int:
    """Ship one batch, and give how many of its orders were picked short."""
    desk(release_to_pick, [one.number for one in batch])
    short = [one for one in batch if chance.random() < PICKED_SHORT]
    for one in short:
        missing = min(one.units, chance.randint(1, MOST_MISSING))
        desk(short_pick, one.number, line_number=one.line_number, missing=missing)
    whole = [one.number for one in batch if one not in short]
    if whole:
        desk(confirm_pick, whole)
        desk(ship_order, whole)
    return len(short)
