"""How long the pure planner takes, over sorting and summing the same columns."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from benchmarks.report import Figure
from benchmarks.run import Pair, Run, ratio, timed
from benchmarks.work import END
from makegood.planner.columns import COMPLETE, COMPLETE_LINES, FOR_EVER, PARTIAL, Demand, Supply, plan_columns

Column = NDArray[np.int64]
COVERED = 0.6


def measure(run: Run) -> list[Figure]:
    """Plan by priority and first come with parts allowed, and with the policies that must look one by one."""
    lines, units = run.scale.planned_lines, run.scale.planned_units
    parts, mixed = (_demand(lines, units // 2, mixed=mixed) for mixed in (False, True))
    supply = _supply(parts, units)
    today = END.date()

    def over(demand: Demand, floor: Callable[[Demand], object]) -> Callable[[], Pair]:
        return lambda: Pair(timed(lambda: plan_columns(demand, supply, as_of=today)), timed(lambda: floor(demand)))

    # The first sort of a process takes longer than any after it.
    plan_columns(mixed, supply, as_of=today)
    sort_rows(parts)
    partial = run.alternated("planner over a sort of each column", over(parts, sort_columns))
    policies = run.alternated("planner, all policies, over a sort of each column", over(mixed, sort_columns))
    rows = run.alternated("planner over a sort of the rows", over(parts, sort_rows))
    return [
        Figure("planner_1m_over_sort", ratio(partial), _note(partial, f"{lines:,} lines, {units:,} units")),
        Figure(
            "planner_1m_sequential_over_sort", ratio(policies), _note(policies, "a fifth takes all or nothing")
        ),
        Figure("planner_1m_over_row_sort", ratio(rows), _note(rows, "np.lexsort of the rows")),
    ]


def sort_rows(demand: Demand) -> Column:
    """Sort the rows by variant and rank, and sum up what they lack in that order."""
    order = np.lexsort([*reversed(demand.rank), demand.variant_id])
    return np.cumsum(demand.shortfall[order])


def sort_columns(demand: Demand) -> Column:
    """Sort each of the same columns for itself, which is far less than putting rows in order, and sum up."""
    for column in (demand.variant_id, *demand.rank):
        np.sort(column)
    return np.cumsum(demand.shortfall)


def _note(pairs: list[Pair], told: str) -> str:
    middle = sorted(pairs, key=lambda pair: pair.ratio)[len(pairs) // 2]
    return f"{told}: {middle.ours * 1000:.0f} ms over {middle.floor * 1000:.0f} ms"


def _demand(lines: int, variants: int, *, mixed: bool) -> Demand:
    """Make the lines of W(n) as columns, in no particular sequence."""
    chance = np.random.default_rng(1)
    order_id = np.sort(chance.integers(1, lines // 3 + 2, lines))
    orders = int(order_id[-1]) + 1
    number = np.arange(lines) - np.searchsorted(order_id, order_id) + 1
    shares = [0.8, 0.1, 0.1] if mixed else [1, 0, 0]
    policy = chance.choice([PARTIAL, COMPLETE_LINES, COMPLETE], orders, p=shares)[order_id]
    made = Demand(
        line_id=np.arange(1, lines + 1),
        variant_id=_zipf(chance, lines, variants),
        shortfall=chance.integers(1, 6, lines),
        priority=chance.integers(1, 4, orders)[order_id] * 10,
        placed_at=chance.integers(0, 60 * 86_400, orders)[order_id] * 1_000_000,
        root_order_id=order_id,
        root_line_number=number,
        order_id=order_id,
        line_number=number,
        policy=policy,
        keeps_back=(chance.random(orders) < 0.5)[order_id] & (policy == COMPLETE),
        fillable=np.ones(lines, dtype=np.bool_),
    )
    row = chance.permutation(lines)
    return Demand._make(column[row] for column in made)


def _zipf(chance: np.random.Generator, lines: int, variants: int) -> Column:
    share = np.cumsum(1 / np.arange(1, variants + 1))
    return np.asarray(np.searchsorted(share, chance.random(lines) * share[-1]) + 1, dtype=np.int64)


def _supply(demand: Demand, units: int) -> Supply:
    """Two lots of each variant that cover 60 % of what is asked for."""
    variants = units // 2
    asked = np.bincount(demand.variant_id, demand.shortfall, minlength=variants + 1)[1:]
    covered = (asked * COVERED).astype(np.int64)
    expires = [(END + timedelta(days=days)).toordinal() for days in (90, 180)]
    free = np.concatenate([covered // 2, covered - covered // 2])
    variant = np.tile(np.arange(1, variants + 1), 2)
    days = np.repeat(np.array(expires), variants)
    nothing = np.zeros(len(free), dtype=np.int64)
    return Supply(np.arange(1, len(free) + 1), variant, free, days, np.minimum(days, FOR_EVER), nothing, nothing)
