"""The fast twin of `plan.py`: the same plan, from columns, without a step per line.

First come, first served is an overlap of intervals: laid end to end in rank order, what the lines of a
variant take covers the same stretch as its units laid end to end in picking order. So the twin decides only
*how much* each line takes; where it comes from follows.

Three kinds of rows take part in that. What *flows* takes the smaller of what it lacks and what is left:
PARTIAL lines, keepers, and COMPLETE orders that keep back, which use up as much whether they are filled or
not. What *hangs* (COMPLETE_LINES, other COMPLETE orders) takes all or nothing; `hanging.py` decides those.
What cannot be filled and keeps nothing back takes nothing. After that every row has its part of one running
sum per variant.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from makegood.domain.rank import Rank
from makegood.domain.states import ShipPolicy
from makegood.planner.book import Book, UsableUnit, WaitingLine, WaitingOrder
from makegood.planner.hanging import Hanging, filled, running
from makegood.planner.row_order import Column, Flags, row_order

PARTIAL, COMPLETE_LINES, COMPLETE, KEEPER = range(4)
# Kinds of rows that are no policy: a complete order that keeps back, and one that can have nothing.
KEEPING, NOTHING = 4, 5
FOR_EVER = date.max.toordinal() + 1


class Demand(NamedTuple):
    """Waiting lines as columns; the row of a keeper has the policy KEEPER and stands for no line.

    `placed_at` counts microseconds from any fixed instant; `policy` is one of the codes of this module.
    """

    line_id: Column
    variant_id: Column
    shortfall: Column
    priority: Column
    placed_at: Column
    root_order_id: Column
    root_line_number: Column
    order_id: Column
    line_number: Column
    policy: Column
    keeps_back: Flags
    fillable: Flags

    @property
    def rank(self) -> list[Column]:
        """Give the six columns of the total order of service."""
        return list(self[3:9])


class Supply(NamedTuple):
    """Units as columns; days are counted as `date.toordinal` does, `FOR_EVER` where there is none.

    `last_day` is the last on which the unit may be given out; `received_at` counts as `placed_at` does.
    """

    unit_id: Column
    variant_id: Column
    free: Column
    expires_on: Column
    last_day: Column
    received_at: Column
    pick_sequence: Column


class ColumnPlan(NamedTuple):
    """Grants, by variant and then in rank order, and what those lines lack that still lack something."""

    line_id: Column
    unit_id: Column
    units: Column
    short_line_id: Column
    short_units: Column


class _Queues(NamedTuple):
    """Where the queue of each wanted variant begins among the sorted rows, how long it is, what it has."""

    variant_id: Column
    first: Column
    length: Column
    supply: Column


class _Turns(NamedTuple):
    """The turn of each row: that of its order's best line if it ships complete, else its own.

    `place` numbers the lines of a complete order, `order` the complete orders.
    """

    rank: list[Column]
    place: Column
    order: Column


def plan_columns(demand: Demand, supply: Supply, *, as_of: date) -> ColumnPlan:
    """Give the grants and shortfalls that `plan` gives for the same book without bound and horizons."""
    if not len(demand.line_id):
        return ColumnPlan(*(np.empty(0, dtype=np.int64) for _ in range(5)))
    units = _in_picking_order(supply, as_of)
    queues = _queues(demand.variant_id, units)
    if demand.policy.any():
        row, need, take, lack = _mixed(demand, queues)
    else:
        row = row_order([demand.variant_id, *demand.rank])
        need = _narrow(demand.shortfall).take(row, mode="clip")
        take = _flow(need, queues)
        lack = need - take
    takers, short = np.flatnonzero(take > 0), np.flatnonzero(lack > 0)
    taken = np.add.reduceat(take, queues.first)
    line_id = demand.line_id.take(row, mode="clip")
    given = _laid_over(units, queues, line_id[takers], take[takers], taken)
    return ColumnPlan(*given, line_id[short], lack[short])


def _narrow(units: Column) -> NDArray[Any]:
    """Give the same numbers in as few bytes as they need, so that reading them at random stays in the cache."""
    return units.astype(np.min_scalar_type(int(units.max())))


def _in_picking_order(supply: Supply, as_of: date) -> Supply:
    """Keep the units that may be given out, by variant and then in picking order."""
    usable = np.flatnonzero((supply.free > 0) & (supply.last_day >= as_of.toordinal()))
    kept = Supply(*(column[usable] for column in supply))
    if not len(usable):
        return kept
    order = row_order([kept.variant_id, kept.expires_on, kept.received_at, kept.pick_sequence, kept.unit_id])
    return Supply(*(column[order] for column in kept))


def _queues(variant: Column, units: Supply) -> _Queues:
    """Count each wanted variant's rows and units."""
    lowest = int(variant.min())
    if int(variant.max()) - lowest <= 4 * len(variant):
        counted = np.bincount(variant - lowest)
        wanted = np.flatnonzero(counted)
        length, wanted = counted[wanted], wanted + lowest
    else:
        wanted, length = np.unique(variant, return_counts=True)
    there = np.append(0, np.cumsum(units.free))
    begin = np.searchsorted(units.variant_id, wanted, side="left")
    end = np.searchsorted(units.variant_id, wanted, side="right")
    return _Queues(wanted, np.cumsum(length) - length, length, there[end] - there[begin])


def _flow(drawn: Column, queues: _Queues) -> Column:
    """Give each row what it draws as far as its queue's supply reaches."""
    total = np.cumsum(drawn, dtype=np.int64)
    begin = total[queues.first] - drawn[queues.first]
    covered = np.minimum(total, np.repeat(begin + queues.supply, queues.length))
    take = np.diff(covered, prepend=0)
    take[queues.first] = covered[queues.first] - begin
    return take


def _turns(demand: Demand) -> _Turns:
    """Find the turn of every row."""
    rank, place = demand.rank, np.zeros_like(demand.line_id)
    order = np.zeros_like(demand.line_id)
    complete = np.flatnonzero(demand.policy == COMPLETE)
    if not len(complete):
        return _Turns(rank, place, order)
    complete = complete[row_order([column[complete] for column in (demand.order_id, *rank)])]
    ids = demand.order_id[complete]
    begins = np.append(True, ids[1:] != ids[:-1])
    order[complete] = np.cumsum(begins) - 1
    place[complete] = running(np.ones_like(ids), ids)
    best = complete[np.flatnonzero(begins)][order[complete]]
    return _Turns([_with_best(column, complete, best) for column in rank], place, order)


def _with_best(column: Column, complete: Column, best: Column) -> Column:
    """Give the lines of complete orders the value of their order's best line."""
    own, value = column[complete], column[best]
    if np.array_equal(own, value):
        return column
    changed = column.copy()
    changed[complete] = value
    return changed


def _kinds(demand: Demand) -> NDArray[np.int8]:
    """Tell of each row how it takes part; complete orders are told apart by whether they keep back."""
    kind = demand.policy.astype(np.int8)
    complete = np.flatnonzero(kind == COMPLETE)
    keeps, fillable = demand.keeps_back[complete], demand.fillable[complete]
    kind[complete] = np.where(keeps, np.where(fillable, KEEPING, KEEPER), np.where(fillable, COMPLETE, NOTHING))
    return kind


def _mixed(demand: Demand, queues: _Queues) -> tuple[Column, Column, Column, Column]:
    """Give the sorted rows, their needs, what each takes and what each line lacks, under all policies."""
    turns = _turns(demand)
    row = row_order([demand.variant_id, *turns.rank, turns.place])
    need = demand.shortfall.take(row, mode="clip")
    kind = _kinds(demand)[row]
    drawn = need.copy()
    drawn[kind == NOTHING] = 0
    at = np.flatnonzero((kind == COMPLETE_LINES) | (kind == COMPLETE))
    if len(at):
        drawn[at] = 0
        yes = at[filled(_hanging(at, kind[at] == COMPLETE, row, turns, drawn, need, queues))]
        drawn[yes] = need[yes]
    take = _flow(drawn, queues)
    keeping = np.flatnonzero(kind == KEEPING)
    take[keeping[_given_up(turns.order[row[keeping]], take[keeping] < need[keeping])]] = 0
    take[kind == KEEPER] = 0
    lack = need - take
    lack[demand.policy[row] == KEEPER] = 0
    return row, need, take, lack


def _given_up(order: Column, short: Flags) -> Flags:
    """Tell of each line whether any of its order is short."""
    if not len(order):
        return short
    flagged = np.zeros(int(order.max()) + 1, dtype=np.bool_)
    flagged[order[short]] = True
    return flagged[order]


def _hanging(
    at: Column, complete: Flags, row: Column, turns: _Turns, drawn: Column, need: Column, queues: _Queues
) -> Hanging:
    """Describe the rows that take all or nothing."""
    queue = np.repeat(np.arange(len(queues.first)), queues.length)[at]
    flowed = np.cumsum(drawn)
    before = flowed[queues.first] - drawn[queues.first]
    # Lines that are filled alone are groups of their own, numbered behind those of the complete orders.
    orders = int(turns.order.max()) + 1
    group = np.where(complete, turns.order[row[at]], orders + np.arange(len(at)))
    return Hanging(
        queue=queue,
        group=group,
        need=need[at],
        upto=running(need[at], queue * (orders + len(at)) + group),
        slack=queues.supply[queue] - (flowed[at] - before[queue]),
        row=row[at],
        rank=turns.rank,
    )


def _laid_over(
    units: Supply, queues: _Queues, line_id: Column, take: Column, taken: Column
) -> tuple[Column, Column, Column]:
    """Lay the takes of each variant end to end over its units, and cut where either ends."""
    unit_id, drawn = _drawn(units, queues, taken)
    if not len(unit_id):
        return line_id, unit_id, take
    take_end, unit_end = np.cumsum(take), np.cumsum(drawn)
    cut = np.searchsorted(take_end, unit_end)
    inside = take_end[cut] > unit_end
    # The places of the units' ends among the pieces: each cut inside a take makes one piece more.
    last_piece = cut + np.cumsum(inside) - inside
    pieces = np.insert(take_end, cut[inside], unit_end[inside])
    parts = np.ones_like(take)
    np.add.at(parts, cut[inside], 1)
    return (
        np.repeat(line_id, parts),
        np.repeat(unit_id, np.diff(last_piece, prepend=-1)),
        np.diff(pieces, prepend=0),
    )


def _drawn(units: Supply, queues: _Queues, taken: Column) -> tuple[Column, Column]:
    """Draw what each variant gives from its units in picking order; those that give nothing are left out."""
    queue = np.searchsorted(queues.variant_id, units.variant_id)
    wanted = np.append(queues.variant_id, -1)[queue] == units.variant_id
    queue, unit_id, free = queue[wanted], units.unit_id[wanted], units.free[wanted]
    before = running(free, queue) - free
    drawn = np.clip(taken[queue] - before, 0, free)
    gives = drawn > 0
    return unit_id[gives], drawn[gives]


_CODES = {
    ShipPolicy.PARTIAL: PARTIAL,
    ShipPolicy.COMPLETE_LINES: COMPLETE_LINES,
    ShipPolicy.COMPLETE: COMPLETE,
}
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


def columns_of(book: Book) -> tuple[Demand, Supply]:
    """Turn a book into columns; its horizons are left out."""
    rows = [_line_row(line, order) for order in book.orders for line in order.lines]
    rows += [(0, k.variant_id, k.units, *_numbers(k.rank), KEEPER, 0, 0) for k in book.keepers]
    demand = Demand(*_as_columns(rows, len(Demand._fields)))
    units = [_unit_row(unit) for unit in book.units]
    return (
        demand._replace(keeps_back=demand.keeps_back.astype(np.bool_), fillable=demand.fillable.astype(np.bool_)),
        Supply(*_as_columns(units, len(Supply._fields))),
    )


def _as_columns(rows: Sequence[tuple[int, ...]], width: int) -> list[NDArray[Any]]:
    return [np.array([row[number] for row in rows], dtype=np.int64) for number in range(width)]


def _line_row(line: WaitingLine, order: WaitingOrder) -> tuple[int, ...]:
    what = (line.line_id, line.variant_id, line.shortfall)
    return (*what, *_numbers(line.rank), _CODES[order.policy], order.keeps_back, order.fillable)


def _numbers(rank: Rank) -> tuple[int, int, int, int, int, int]:
    return (int(rank.priority), _microseconds(rank.placed_at), *rank[2:])


def _unit_row(unit: UsableUnit) -> tuple[int, ...]:
    expires = FOR_EVER if unit.expires_on is None else unit.expires_on.toordinal()
    last = FOR_EVER if unit.last_day is None else unit.last_day.toordinal()
    received = _microseconds(unit.received_at)
    return (unit.unit_id, unit.variant_id, unit.free, expires, last, received, unit.pick_sequence)


def _microseconds(instant: datetime) -> int:
    return (instant - _FIRST) // timedelta(microseconds=1)
