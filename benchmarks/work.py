"""The work W(n, s): waiting orders and the receipts that cover 60 % of them, always the same for a seed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import NamedTuple

from makegood.domain.orders import NewLine, NewOrder

SITES = ("W1", "W2")
START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 60
END = START + timedelta(days=DAYS)

# Of all orders.
COMPLETE, COMPLETE_LINES = 0.10, 0.10
HELD_ONE_IN = 100
# Of all lines.
UNMATCHED = 0.02
COVERED = 0.6


class Shape(NamedTuple):
    """About `lines` order lines over `skus` variants; `all_partial` leaves other ship policies out."""

    lines: int
    skus: int
    all_partial: bool = False
    sites: Sequence[str] = SITES
    seed: int = 1

    def __str__(self) -> str:
        """Say it as performance.md does."""
        return f"W({self.lines:,}, {self.skus:,})" + (" all PARTIAL" if self.all_partial else "")


class Workload(NamedTuple):
    """Orders by warehouse, and the demand by (warehouse, SKU number) in whole units."""

    shape: Shape
    orders: dict[str, list[NewOrder]]
    demand: dict[tuple[str, int], int]

    @property
    def held(self) -> list[str]:
        """Give the numbers of the orders that somebody holds."""
        return [order.number for orders in self.orders.values() for order in orders[::HELD_ONE_IN]]

    @property
    def receipts(self) -> dict[tuple[str, int], tuple[int, int]]:
        """Give the units of the two lots of each (warehouse, SKU number) that cover 60 % of its demand."""
        covered = {gate: round(units * COVERED) for gate, units in sorted(self.demand.items())}
        return {gate: (units // 2, units - units // 2) for gate, units in covered.items()}


def workload(shape: Shape) -> Workload:
    """Make n/3 orders of 1-5 lines over `skus` variants of Zipf popularity, placed over 60 days."""
    chance = Random(shape.seed)
    popularity = list(accumulate(1 / (place + 1) for place in range(shape.skus)))
    made = Workload(shape, {site: [] for site in shape.sites}, {})
    for number in range(shape.lines // 3):
        site = chance.choice(shape.sites)
        wanted = [_line(chance, popularity, site, made.demand) for _ in range(chance.randint(1, 5))]
        made.orders[site].append(_order(chance, number, site, wanted, shape.all_partial))
    return made


def _line(chance: Random, popularity: Sequence[float], site: str, demand: dict[tuple[str, int], int]) -> NewLine:
    sku = chance.choices(range(len(popularity)), cum_weights=popularity)[0]
    units = chance.randint(1, 5)
    if chance.random() < UNMATCHED:
        return NewLine(f"unknown {sku}", units)
    demand[site, sku] = demand.get((site, sku), 0) + units
    return NewLine(f"SKU-{sku}", units)


def _order(chance: Random, number: int, site: str, lines: list[NewLine], all_partial: bool) -> NewOrder:
    drawn = chance.random()
    policy = "PARTIAL"
    if drawn < COMPLETE + COMPLETE_LINES and not all_partial:
        policy = "COMPLETE" if drawn < COMPLETE else "COMPLETE_LINES"
    return NewOrder(
        number=f"O-{number}",
        lines=lines,
        placed_at=START + timedelta(seconds=chance.randrange(DAYS * 86_400)),
        warehouse=site,
        priority=chance.choice(("STANDARD", "RUSH", "EXPRESS")),
        ship_policy=policy,
        when_short=chance.choice(("skip", "reserve")) if policy == "COMPLETE" else "skip",
    )
