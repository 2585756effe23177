"""The readable rule: one turn after the other, in rank order, under each order's ship policy.

A PARTIAL or COMPLETE_LINES line has a turn of its own. A COMPLETE order has one turn, at the rank of its best
line. A keeper's turn only sets units aside. Nobody behind can get what somebody ahead could use, because
everybody ahead has had a turn. `columns.py` is the fast twin; tests prove the two equal.
"""

from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import NamedTuple

from makegood.domain.rank import Rank, Reach
from makegood.domain.states import ShipPolicy
from makegood.planner.book import Book, Grant, Keeper, Plan, Short, WaitingLine, WaitingOrder
from makegood.planner.shelves import Shelves


class Turn(NamedTuple):
    """One moment of the plan: these lines are decided together, or this keeper sets its units aside."""

    rank: Rank
    order: WaitingOrder | None
    lines: tuple[WaitingLine, ...]
    keeper: Keeper | None = None


def turns(book: Book) -> list[Turn]:
    """Put everyone of the book into the total order of service."""
    found = [Turn(keeper.rank, None, (), keeper) for keeper in book.keepers]
    for order in book.orders:
        if order.policy is ShipPolicy.COMPLETE:
            lines = tuple(sorted(order.lines, key=lambda line: line.rank))
            found.append(Turn(lines[0].rank, order, lines))
        else:
            found.extend(Turn(line.rank, order, (line,)) for line in order.lines)
    return sorted(found, key=lambda turn: turn.rank)


def plan(book: Book, *, as_of: date, bound: int | None = None) -> Plan:
    """Serve the book's lines in rank order; the same book in any order gives the same plan.

    After `bound` grants (at least one) the plan pauses between two root orders; who comes later is not in
    `considered`.
    """
    if bound is not None and bound < 1:
        raise ValueError(f"a plan of at most {bound} grants would never get on")
    service = _Service(book, as_of)
    stopped = False
    for reached, group in groupby(turns(book), key=lambda turn: turn.rank[:3]):
        reach = Reach._make(reached)
        if service.must_pause_before(reach, bound):
            stopped = True
            break
        for turn in group:
            service.serve(turn)
        service.reach = reach
    return service.plan(paused=stopped or service.cut_short())


class _Service:
    """The state of one plan while its turns are taken."""

    def __init__(self, book: Book, as_of: date) -> None:
        self.reach: Reach | None = None
        self.shelves = Shelves(book.units, as_of)
        self.grants: list[Grant] = []
        self.short: list[Short] = []
        self.considered: set[int] = set()
        self._served: dict[int, dict[int, int]] = {}
        self._units_served: dict[int, int] = {}
        self._horizons = sorted(((reach, variant) for variant, reach in book.horizons.items()), reverse=True)

    def must_pause_before(self, reach: Reach, bound: int | None) -> bool:
        """Pause when enough was granted, or when a variant with units left was read less far than this."""
        if bound is not None and len(self.grants) >= bound:
            return True
        self._drop_empty_horizons()
        return bool(self._horizons) and self._horizons[-1][0] < reach

    def cut_short(self) -> bool:
        """Tell whether a variant has units left for lines that were not read."""
        self._drop_empty_horizons()
        return bool(self._horizons)

    def _drop_empty_horizons(self) -> None:
        while self._horizons and not self.shelves.spare.get(self._horizons[-1][1], 0):
            self._horizons.pop()

    def serve(self, turn: Turn) -> None:
        """Give the turn what its policy allows from what is spare now."""
        if turn.keeper is not None:
            self.shelves.keep(turn.keeper.order_id, turn.keeper.variant_id, turn.keeper.units)
        elif turn.order is not None:
            given = RULES[turn.order.policy](turn.order, turn.lines, self.shelves.spare)
            for line, units in zip(turn.lines, given, strict=True):
                self._give(line, units)
            if turn.order.keeps_back and turn.order.policy is ShipPolicy.COMPLETE and not any(given):
                for line in turn.lines:
                    self.shelves.keep(line.order_id, line.variant_id, line.shortfall)

    def _give(self, line: WaitingLine, units: int) -> None:
        variant = line.variant_id
        self.considered.add(line.line_id)
        if units < line.shortfall:
            self.short.append(self._shortage(line, units))
        if units:
            self.grants.extend(self.shelves.take(line.line_id, variant, units))
            served = self._served.setdefault(variant, {})
            served[line.order_id] = served.get(line.order_id, 0) + units
            self._units_served[variant] = self._units_served.get(variant, 0) + units

    def _shortage(self, line: WaitingLine, units: int) -> Short:
        variant = line.variant_id
        served = self._served.get(variant, {})
        return Short(
            line.line_id,
            line.order_id,
            variant,
            line.shortfall - units,
            self.shelves.spare.get(variant, 0),
            self.shelves.kept.get(variant, 0),
            self.shelves.kept_for.get(variant, ()),
            len(served) - (line.order_id in served),
            self._units_served.get(variant, 0) - served.get(line.order_id, 0),
        )

    def plan(self, *, paused: bool) -> Plan:
        """Close the books of this plan."""
        # A variant read less far than the first turn pauses the plan before anybody was served.
        reach = self.reach or (self._horizons[-1][0] if self._horizons else None)
        return Plan(
            grants=self.grants,
            short=self.short,
            spare=dict(self.shelves.spare),
            kept_back=dict(self.shelves.kept),
            reach=reach if paused else None,
            considered=frozenset(self.considered),
        )


def partial(order: WaitingOrder, lines: tuple[WaitingLine, ...], spare: dict[int, int]) -> list[int]:
    """Take what there is."""
    return [min(line.shortfall, spare.get(line.variant_id, 0)) for line in lines]


def complete_lines(order: WaitingOrder, lines: tuple[WaitingLine, ...], spare: dict[int, int]) -> list[int]:
    """Fill a line whole or not at all."""
    return [line.shortfall if spare.get(line.variant_id, 0) >= line.shortfall else 0 for line in lines]


def complete(order: WaitingOrder, lines: tuple[WaitingLine, ...], spare: dict[int, int]) -> list[int]:
    """Fill the order whole or not at all; two lines of one variant need the sum."""
    wanted = total_by_variant(lines)
    enough = order.fillable and all(spare.get(variant, 0) >= units for variant, units in wanted.items())
    return [line.shortfall if enough else 0 for line in lines]


def total_by_variant(lines: tuple[WaitingLine, ...]) -> dict[int, int]:
    """Sum what the lines lack, by variant."""
    total: dict[int, int] = {}
    for line in lines:
        total[line.variant_id] = total.get(line.variant_id, 0) + line.shortfall
    return total


RULES: dict[ShipPolicy, Callable[[WaitingOrder, tuple[WaitingLine, ...], dict[int, int]], list[int]]] = {
    ShipPolicy.PARTIAL: partial,
    ShipPolicy.COMPLETE_LINES: complete_lines,
    ShipPolicy.COMPLETE: complete,
}
