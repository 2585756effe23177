"""Deciding the lines and orders that take all or nothing, all at once where it is certain.

Somebody who takes all or nothing is sure to be filled if it would be even with everyone undecided ahead of it
filled, and sure not to be if it would not be with all of them unfilled. Whoever is decided makes others
certain, so this is repeated. Where few wait for much the rounds soon find nothing more at once; the last ones
are decided one after the other, by rank, as the readable rule does with everybody.
"""

from typing import NamedTuple

import numpy as np

from makegood.planner.row_order import Column, Flags, row_order

_ROUNDS = 8


class Hanging(NamedTuple):
    """Rows that take all or nothing, by queue and then by turn.

    `slack` is what the queue has for the row after all that flows ahead of it (negative when that wants
    more); `upto` is what the row's group wants of this queue, the row included. The rows of one `group`
    (numbered from 0) are filled together or not at all. `rank` are the columns of the total order of service,
    of which `row` says where a row's own stands.
    """

    queue: Column
    group: Column
    need: Column
    upto: Column
    slack: Column
    row: Column
    rank: list[Column]


def filled(hanging: Hanging) -> Flags:
    """Tell of each row whether it is filled, as if all were decided one after the other by turn."""
    yes = np.zeros(len(hanging.need), dtype=np.bool_)
    undecided, slack = np.arange(len(yes)), hanging.slack
    for _ in range(_ROUNDS):
        queue, group, need = (c[undecided] for c in (hanging.queue, hanging.group, hanging.need))
        doubtful = running(need, queue) > slack
        hopeless = hanging.upto[undecided] > slack
        sure = ~_of_groups(doubtful, group)
        yes[undecided[sure]] = True
        rest = ~(sure | _of_groups(hopeless, group))
        slack = (slack - running(np.where(sure, need, 0), queue))[rest]
        undecided = undecided[rest]
        if not len(undecided):
            return yes
    _one_by_one(hanging, undecided, slack, yes)
    return yes


def running(units: Column, queue: Column) -> Column:
    """Sum the units from the beginning of each queue to each row, the row included.

    >>> running(np.array([1, 2, 3]), np.array([7, 7, 8])).tolist()
    [1, 3, 3]
    """
    total = np.cumsum(units)
    begins = np.append(True, queue[1:] != queue[:-1])[: len(queue)]
    return total - np.maximum.accumulate(np.where(begins, total - units, 0))


def _of_groups(flags: Flags, group: Column) -> Flags:
    """Tell of each row whether a flag is set on any row of its group."""
    if not len(group):
        return flags
    flagged = np.zeros(int(group.max()) + 1, dtype=np.bool_)
    flagged[group[flags]] = True
    return flagged[group]


def _one_by_one(hanging: Hanging, undecided: Column, slack: Column, yes: Flags) -> None:
    """Decide the undecided rows by turn, and mark those that are filled."""
    by_turn = row_order([column[hanging.row[undecided]] for column in hanging.rank])
    groups: dict[int, list[int]] = {}
    for place in by_turn.tolist():
        groups.setdefault(int(hanging.group[undecided[place]]), []).append(place)
    queue, need, upto = (c[undecided].tolist() for c in (hanging.queue, hanging.need, hanging.upto))
    left = slack.tolist()
    taken: dict[int, int] = {}
    for places in groups.values():
        if all(upto[at] <= left[at] - taken.get(queue[at], 0) for at in places):
            yes[undecided[places]] = True
            for at in places:
                taken[queue[at]] = taken.get(queue[at], 0) + need[at]
