"""The doubt before the deed: what is wrong with a plan, said in sentences.

This file knows the laws and not the rule: it shares no code with `plan.py`, whose work it checks. It walks
down the queue once with the plan's own grants in hand. At each turn it knows how much was left for those who
come now, and so what the policy owed them; a plan that keeps the laws gave exactly that.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from operator import itemgetter
from typing import TypeAlias

from makegood.domain.rank import Rank
from makegood.domain.states import ShipPolicy
from makegood.planner.book import Book, Keeper, Plan, UsableUnit, WaitingLine, WaitingOrder

# One place in the queue: lines of an order that are decided together, or a keeper.
_Place: TypeAlias = tuple[Rank, WaitingOrder | None, Sequence[WaitingLine], Keeper | None]


def broken_laws(book: Book, plan: Plan, *, as_of: date) -> list[str]:
    """Say which laws the plan breaks, each with its facts; an empty list lets it pass."""
    lines = {line.line_id: line for order in book.orders for line in order.lines}
    units = {unit.unit_id: unit for unit in book.units}
    strangers = [grant for grant in plan.grants if grant.line_id not in lines or grant.unit_id not in units]
    if strangers:
        return [f"line {g.line_id} was given unit {g.unit_id}: one is not in the book" for g in strangers]
    given: dict[int, int] = {}
    for grant in plan.grants:
        given[grant.line_id] = given.get(grant.line_id, 0) + grant.units
    return [
        *_units_given_rightly(plan, lines, units, as_of),
        *_earliest_first(book, plan, as_of),
        *_lines_given_rightly(plan, lines, given),
        *_policies_kept(book, given),
        *_turns_kept(book, plan, given, as_of),
    ]


def _units_given_rightly(
    plan: Plan, lines: dict[int, WaitingLine], units: dict[int, UsableUnit], as_of: date
) -> Iterator[str]:
    drawn: dict[int, int] = {}
    for grant in plan.grants:
        drawn[grant.unit_id] = drawn.get(grant.unit_id, 0) + grant.units
        line, unit = lines[grant.line_id], units[grant.unit_id]
        if line.variant_id != unit.variant_id:
            yield f"line {line.line_id} wants variant {line.variant_id}, unit {unit.unit_id} is another one"
        if grant.units <= 0:
            yield f"line {line.line_id} was given {grant.units} of unit {unit.unit_id}"
    for unit_id, taken in drawn.items():
        if taken > units[unit_id].free:
            yield f"unit {unit_id} gives {taken} and has {units[unit_id].free} free"
        if not _may_go_out(units[unit_id], as_of):
            yield f"unit {unit_id} may not be given out after {units[unit_id].last_day}"


def _may_go_out(unit: UsableUnit, as_of: date) -> bool:
    ends = [day for day in (unit.expires_on, unit.usable_until) if day is not None]
    return not ends or as_of <= min(ends)


def _earliest_first(book: Book, plan: Plan, as_of: date) -> Iterator[str]:
    """Nothing is drawn from a unit while one that is to be picked before it has something left."""
    drawn: dict[int, int] = {}
    for grant in plan.grants:
        drawn[grant.unit_id] = drawn.get(grant.unit_id, 0) + grant.units
    passed_over: dict[int, int] = {}
    for unit in sorted(book.units, key=_leaves_at):
        taken = drawn.get(unit.unit_id, 0)
        earlier = passed_over.get(unit.variant_id)
        if taken and earlier is not None:
            yield f"unit {unit.unit_id} gives {taken} though unit {earlier} is to be picked first"
        if earlier is None and taken < unit.free and _may_go_out(unit, as_of):
            passed_over[unit.variant_id] = unit.unit_id


def _leaves_at(unit: UsableUnit) -> tuple[object, ...]:
    return (unit.expires_on or date.max, unit.received_at, unit.pick_sequence, unit.unit_id)


def _lines_given_rightly(plan: Plan, lines: dict[int, WaitingLine], given: dict[int, int]) -> Iterator[str]:
    for line_id, units in given.items():
        if units > lines[line_id].shortfall:
            yield f"line {line_id} lacks {lines[line_id].shortfall} and was given {units}"
        if line_id not in plan.considered:
            yield f"line {line_id} was given {units} and has not had its turn"
    said = {short.line_id: short.units for short in plan.short}
    for line_id in plan.considered & lines.keys():
        lacks = lines[line_id].shortfall - given.get(line_id, 0)
        if lacks != said.get(line_id, 0):
            yield f"line {line_id} lacks {lacks} after the plan, which says {said.get(line_id, 0)}"


def _policies_kept(book: Book, given: dict[int, int]) -> Iterator[str]:
    for order in book.orders:
        if order.policy is ShipPolicy.PARTIAL:
            continue
        part = [line for line in order.lines if given.get(line.line_id, 0) < line.shortfall]
        got = sum(given.get(line.line_id, 0) for line in order.lines)
        if order.policy is ShipPolicy.COMPLETE and got and (part or not order.fillable):
            yield f"order {order.order_id} ships complete and was given {got} units, which is not all"
        elif order.policy is ShipPolicy.COMPLETE_LINES:
            for line in part:
                if given.get(line.line_id, 0):
                    yield f"line {line.line_id} ships whole and was given only {given[line.line_id]}"


def _turns_kept(book: Book, plan: Plan, given: dict[int, int], as_of: date) -> Iterator[str]:
    """Nobody overtakes, nothing that is kept back is given away, and nothing is left lying."""
    queue = _considered(_queue(book), plan)
    left: dict[int, int] = {}
    for unit in book.units:
        if _may_go_out(unit, as_of):
            left[unit.variant_id] = left.get(unit.variant_id, 0) + unit.free
    served_last = {line.variant_id: line for _, _, lines, _ in queue for line in lines if line.line_id in given}
    for _, order, lines, keeper in queue:
        if keeper is not None:
            _set_aside(left, keeper.variant_id, keeper.units)
        elif order is not None:
            yield from _turn_kept(order, lines, left, given, served_last)


def _turn_kept(
    order: WaitingOrder,
    lines: Sequence[WaitingLine],
    left: dict[int, int],
    given: dict[int, int],
    served_last: dict[int, WaitingLine],
) -> Iterator[str]:
    owed = OWED[order.policy](order, lines, left)
    got = 0
    for line, units in zip(lines, owed, strict=True):
        mine = given.get(line.line_id, 0)
        got += mine
        before = left.get(line.variant_id, 0)
        left[line.variant_id] = before - mine
        if mine > max(before, 0):
            yield f"line {line.line_id} was given {mine} units, {before} of them were left for it"
        if mine < units:
            yield _neglected(line, units - mine, served_last.get(line.variant_id))
    if order.policy is ShipPolicy.COMPLETE and order.keeps_back and not got:
        for line in lines:
            _set_aside(left, line.variant_id, line.shortfall)


def _neglected(line: WaitingLine, units: int, last: WaitingLine | None) -> str:
    could = f"line {line.line_id} could have used {units} units of variant {line.variant_id}"
    if last is not None and last.rank > line.rank:
        return f"{could}, but line {last.line_id} was served, which is ranked behind it"
    return f"{could}, which were left lying"


def _set_aside(left: dict[int, int], variant: int, units: int) -> None:
    left[variant] = left.get(variant, 0) - min(units, max(left.get(variant, 0), 0))


def _queue(book: Book) -> list[_Place]:
    places: list[_Place] = [(keeper.rank, None, (), keeper) for keeper in book.keepers]
    for order in book.orders:
        if order.policy is ShipPolicy.COMPLETE:
            places.append((min(line.rank for line in order.lines), order, order.lines, None))
        else:
            places += [(line.rank, order, (line,), None) for line in order.lines]
    places.sort(key=itemgetter(0))
    return places


def _considered(queue: list[_Place], plan: Plan) -> list[_Place]:
    """A plan that did not pause answers for everybody, a paused one for all as far as it came."""
    if plan.reach is None:
        return queue
    ends = (n for n in range(len(queue), 0, -1) if _was_considered(queue[n - 1], plan))
    return queue[: next(ends, 0)]


def _was_considered(place: _Place, plan: Plan) -> bool:
    return any(line.line_id in plan.considered for line in place[2])


def _owed_in_part(order: WaitingOrder, lines: Sequence[WaitingLine], left: dict[int, int]) -> list[int]:
    return [max(min(line.shortfall, left.get(line.variant_id, 0)), 0) for line in lines]


def _owed_by_line(order: WaitingOrder, lines: Sequence[WaitingLine], left: dict[int, int]) -> list[int]:
    return [line.shortfall if line.shortfall <= left.get(line.variant_id, 0) else 0 for line in lines]


def _owed_at_once(order: WaitingOrder, lines: Sequence[WaitingLine], left: dict[int, int]) -> list[int]:
    wants: dict[int, int] = {}
    for line in lines:
        wants[line.variant_id] = wants.get(line.variant_id, 0) + line.shortfall
    whole = order.fillable and all(units <= left.get(variant, 0) for variant, units in wants.items())
    return [line.shortfall if whole else 0 for line in lines]


OWED: dict[ShipPolicy, Callable[[WaitingOrder, Sequence[WaitingLine], dict[int, int]], list[int]]] = {
    ShipPolicy.PARTIAL: _owed_in_part,
    ShipPolicy.COMPLETE_LINES: _owed_by_line,
    ShipPolicy.COMPLETE: _owed_at_once,
}
