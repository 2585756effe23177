"""The board on the wall: every order line with its place in the queue and what it has, at one moment."""

from typing import NamedTuple

from makegood.domain.orders import LineRow
from makegood.domain.states import WAITING, OrderStatus
from makegood.services.show_order import OrderSummary, list_orders
from makegood.services.work import Work


class Position(NamedTuple):
    """An order line and its order, as they stand."""

    order: OrderSummary
    line: LineRow

    @property
    def waits(self) -> bool:
        """Whether the line is in the queue, or its order on hold lacks something."""
        status = OrderStatus(self.order.status)
        return self.line.shortfall > 0 and (status in WAITING or status is OrderStatus.ON_HOLD)


Board = dict[int, Position]


def read_board(work: Work) -> Board:
    """Read the board, by line, the best ranked first."""
    orders = {order.order_id: order for order in list_orders(work, most=1000).orders}
    lines = work.db.records(LineRow, "lines_of_orders", orders=list(orders))
    return {
        line.line_id: Position(orders[line.order_id], line) for line in sorted(lines, key=lambda one: one.rank)
    }


def changes(before: Board, after: Board) -> dict[int, int]:
    """Tell by how many reserved units each line has more, or less, than before."""
    return {
        line_id: now.line.allocated - had
        for line_id, now in after.items()
        if (had := before[line_id].line.allocated if line_id in before else 0) != now.line.allocated
    }
