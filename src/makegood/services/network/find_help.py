"""What other warehouses could send of what an order lacks, as the books stand."""

from collections.abc import Sequence
from typing import NamedTuple

from makegood.domain.orders import LineRow, OrderRow
from makegood.domain.states import ShipPolicy
from makegood.planner.network import Missing, Part, divide_over
from makegood.services.spare import spare_at_turn
from makegood.services.work import Work


class Help(NamedTuple):
    """The other warehouses that have what is lacking, by id in the network's rank, and the queues to be held."""

    codes: dict[int, str]
    queues: set[tuple[int, int]]


def find_help(work: Work, order: OrderRow, lines: Sequence[LineRow]) -> Help:
    """Look at who has what an order lacks, without a lock."""
    lacking = sorted({line.variant_id for line in lines if line.shortfall and line.variant_id is not None})
    rows = work.db.all("warehouses_that_have", variants=lacking, warehouse=order.warehouse_id, today=work.today)
    return Help({row[1]: row[2] for row in rows}, {(row[0], row[1]) for row in rows})


def share_out(work: Work, order: OrderRow, lines: Sequence[LineRow], help_: Help) -> list[Part]:
    """Decide what comes from which of these warehouses at the order's turn."""
    short = sorted((line for line in lines if line.shortfall), key=lambda line: line.rank)
    whole = order.ship_policy == ShipPolicy.COMPLETE
    if not help_.queues or not short or (whole and any(line.variant_id is None for line in short)):
        return []
    own = {(line.variant_id, order.warehouse_id) for line in short if line.variant_id is not None}
    spare = spare_at_turn(work, short, help_.queues | own)
    sourced = dict(work.db.all("sourced_of_lines", lines=[line.line_id for line in short]))
    missing = list(_missing(order, short, spare, sourced))
    if whole and len(missing) < len(short):
        return []
    return divide_over(missing, spare, list(help_.codes), ShipPolicy(order.ship_policy))


def _missing(
    order: OrderRow, short: Sequence[LineRow], spare: dict[tuple[int, int], int], sourced: dict[int, int]
) -> list[Missing]:
    """Give what the lines lack beyond what their own warehouse has for them, and what is on its way.

    A line whose own queue is marked is left out: it may be about to get something.
    """
    left = dict(spare)
    found = []
    for line in short:
        if line.variant_id is None or (line.variant_id, order.warehouse_id) not in spare:
            continue
        lacks, here = line.shortfall - sourced.get(line.line_id, 0), (line.variant_id, order.warehouse_id)
        if order.ship_policy == ShipPolicy.PARTIAL:
            own = min(lacks, left[here])
            left[here] -= own
            lacks -= own
        if lacks:
            found.append(Missing(line.line_id, line.variant_id, lacks))
    return found
