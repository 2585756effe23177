"""What is there for an order at its turn: free units, less what those ahead of it have kept back."""

from collections.abc import Iterable, Sequence

from makegood.domain.orders import LineRow
from makegood.services.work import Work


def spare_at_turn(
    work: Work, lines: Sequence[LineRow], queues: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], int]:
    """Give what one order could be given in these (variant, warehouse) and nobody ahead of it could use.

    Whoever decides by it holds the gates of these queues. One that is marked counts as empty: it is yet to be
    decided who gets what is free there.
    """
    wanted = sorted(set(queues))
    rank = max(line.rank for line in lines)
    rows = work.db.all(
        "spare_at_turn",
        variants=[variant for variant, _ in wanted],
        warehouses=[warehouse for _, warehouse in wanted],
        order=lines[0].order_id,
        today=work.today,
        **rank.reach._asdict(),
    )
    return {(variant, warehouse): units for variant, warehouse, units in rows}
