"""What could be sent instead of what an order lacks, as the books stand."""

from collections.abc import Sequence
from typing import NamedTuple

from makegood.domain.alternatives import Alternative
from makegood.domain.orders import LineRow, OrderRow
from makegood.domain.states import ShipPolicy
from makegood.planner.substitutes import Choice, Lack, choose
from makegood.services.spare import spare_at_turn
from makegood.services.work import Work


class Choices(NamedTuple):
    """What an order would be sent instead, and how many alternatives there are for what it lacks.

    `unconsented` would be chosen besides, or first, if the customer agreed.
    """

    chosen: Sequence[Choice]
    unconsented: Sequence[Choice]
    alternatives: int


def alternatives_of(work: Work, lines: Sequence[LineRow]) -> dict[int, list[Alternative]]:
    """Read what may be sent instead of each of these lines; one that is a substitute itself has none."""
    found: dict[int, list[Alternative]] = {}
    short = [line.line_id for line in lines if line.shortfall and line.variant_id is not None]
    if short:
        for line_id, *row in work.db.all("alternatives_of_lines", lines=short):
            found.setdefault(line_id, []).append(Alternative(*row))
    return found


def variants_of(found: dict[int, list[Alternative]]) -> set[int]:
    """Name all variants that could be sent."""
    return {one.substitute_id for alternatives in found.values() for one in alternatives}


def choices(
    work: Work,
    order: OrderRow,
    lines: Sequence[LineRow],
    found: dict[int, list[Alternative]],
    *,
    consented: bool,
) -> Choices:
    """Choose what to send instead, from what is there for the order at its turn."""
    short = sorted((line for line in lines if line.shortfall), key=lambda line: line.rank)
    count = sum(len(alternatives) for alternatives in found.values())
    whole = order.ship_policy == ShipPolicy.COMPLETE or not order.allow_backorders
    if not count or (whole and any(line.variant_id is None for line in short)):
        return Choices([], [], count)
    own = {line.variant_id for line in short if line.variant_id is not None}
    queues = [(variant, order.warehouse_id) for variant in own | variants_of(found)]
    spare = {variant: units for (variant, _), units in spare_at_turn(work, short, queues).items()}
    policy = ShipPolicy.COMPLETE if whole else ShipPolicy(order.ship_policy)
    sourced = dict(work.db.all("sourced_of_lines", lines=[line.line_id for line in short]))
    lacks = [
        Lack(
            line.line_id,
            line.variant_id,
            line.shortfall - sourced.get(line.line_id, 0),
            found.get(line.line_id, ()),
        )
        for line in short
        # A line whose own queue is marked may be about to get something.
        if line.variant_id is not None and line.variant_id in spare
    ]
    if whole and len(lacks) < len(short):
        return Choices([], [], count)
    free = [lack._replace(alternatives=[a for a in lack.alternatives if not a.needs_consent]) for lack in lacks]
    everything = choose(lacks, spare, policy)
    if consented:
        return Choices(everything, [], count)
    return Choices(
        choose(free, spare, policy), [one for one in everything if one.alternative.needs_consent], count
    )
