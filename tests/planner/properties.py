"""The bodies of the properties: they take the plan function, so that a wrong one can be put to them."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from random import Random
from typing import Protocol, TypeVar

from makegood.domain.rank import Rank, Reach
from makegood.domain.states import ShipPolicy
from makegood.planner.book import Book, Grant, Keeper, Plan, WaitingLine, WaitingOrder
from makegood.planner.columns import columns_of, plan_columns
from makegood.planner.laws import broken_laws
from tests.build import TODAY

Thing = TypeVar("Thing")
Rest = Callable[[Book, Plan, Reach], Book]


class PlanFunction(Protocol):
    """Whatever plans a book."""

    def __call__(self, book: Book, *, as_of: date, bound: int | None = None) -> Plan: ...


def keeps_the_laws(plan: PlanFunction, book: Book) -> None:
    """Nothing is wrong with the plan."""
    assert broken_laws(book, plan(book, as_of=TODAY), as_of=TODAY) == []


def is_what_the_twin_plans(plan: PlanFunction, book: Book) -> None:
    """The columns give the same grants, unit by unit, and the same shortfalls."""
    made = plan(book, as_of=TODAY)
    twin = plan_columns(*columns_of(book), as_of=TODAY)
    grants = zip(twin.line_id.tolist(), twin.unit_id.tolist(), twin.units.tolist(), strict=True)
    assert sorted(grants) == sorted(tuple(grant) for grant in made.grants)
    short = zip(twin.short_line_id.tolist(), twin.short_units.tolist(), strict=True)
    assert dict(short) == {line.line_id: line.units for line in made.short}


def is_blind_to_sequence(plan: PlanFunction, book: Book, chance: Random) -> None:
    """Orders, lines, units and keepers may come in any sequence."""
    mixed = replace(
        book,
        orders=[replace(order, lines=_mixed(order.lines, chance)) for order in _mixed(book.orders, chance)],
        units=_mixed(book.units, chance),
        keepers=_mixed(book.keepers, chance),
    )
    before, after = plan(book, as_of=TODAY), plan(mixed, as_of=TODAY)
    assert after.grants == before.grants
    assert after.short == before.short


def draws_the_earlier_for_the_better_ranked(plan: PlanFunction, book: Book) -> None:
    """Down the queue of a variant, the units that are drawn come later and later in picking order."""
    ranks = {line.line_id: turn_of(order, line) for order in book.orders for line in order.lines}
    units = {unit.unit_id: unit for unit in book.units}
    made = sorted(plan(book, as_of=TODAY).grants, key=lambda grant: ranks[grant.line_id])
    last: dict[int, tuple[object, ...]] = {}
    for grant in made:
        unit = units[grant.unit_id]
        place = (unit.expires_on or date.max, unit.received_at, unit.pick_sequence, unit.unit_id)
        assert place >= last.get(unit.variant_id, place)
        last[unit.variant_id] = place


def turn_of(order: WaitingOrder, line: WaitingLine) -> tuple[Rank, Rank]:
    """The place in the order of service, and within the order."""
    if order.policy is ShipPolicy.COMPLETE:
        return min(other.rank for other in order.lines), line.rank
    return line.rank, line.rank


def _mixed(things: Sequence[Thing], chance: Random) -> list[Thing]:
    return chance.sample(list(things), len(things))


def goes_on_as_if_never_paused(plan: PlanFunction, book: Book, bound: int, rest_of: Rest | None = None) -> None:
    """A plan made piece by piece, each from what the last one left, gives the same in the end."""
    rest_of = rest_of or what_is_left
    whole = plan(book, as_of=TODAY)
    grants: list[Grant] = []
    lacks: dict[int, int] = {}
    rest = book
    for _ in book.orders:
        piece = plan(rest, as_of=TODAY, bound=bound)
        grants += piece.grants
        lacks |= {short.line_id: short.units for short in piece.short}
        if piece.reach is None:
            break
        rest = rest_of(rest, piece, piece.reach)
    assert sorted(grants) == sorted(whole.grants)
    assert lacks == {short.line_id: short.units for short in whole.short}


def what_is_left(book: Book, piece: Plan, reach: Reach) -> Book:
    """What the store finds when it goes on: lines behind the reach, the units left, and who waits whole."""
    taken = Counter[int]()
    for grant in piece.grants:
        taken[grant.unit_id] += grant.units
    filled = {grant.line_id for grant in piece.grants}
    return replace(
        book,
        orders=[left for order in book.orders if (left := _behind(order, reach)) is not None],
        units=[replace(unit, free=unit.free - taken[unit.unit_id]) for unit in book.units],
        keepers=[*book.keepers, *(k for order in book.orders for k in _kept(order, reach, filled))],
    )


def _behind(order: WaitingOrder, reach: Reach) -> WaitingOrder | None:
    if order.policy is ShipPolicy.COMPLETE:
        return order if min(line.rank for line in order.lines).reach > reach else None
    lines = [line for line in order.lines if line.rank.reach > reach]
    return replace(order, lines=lines) if lines else None


def _kept(order: WaitingOrder, reach: Reach, filled: set[int]) -> list[Keeper]:
    if order.policy is not ShipPolicy.COMPLETE or not order.keeps_back or _behind(order, reach):
        return []
    rank = min(line.rank for line in order.lines)
    waiting = [line for line in order.lines if line.line_id not in filled]
    return [Keeper(order.order_id, line.variant_id, line.shortfall, rank) for line in waiting]
