"""Let another warehouse serve an order as a whole; it remembers where it belongs."""

from makegood.domain.orders import OrderRow
from makegood.services.new_orders import Site
from makegood.services.work import Work


def send_from(work: Work, order: OrderRow, warehouse: int, turn: int) -> OrderRow:
    """Move an order with all its lines to another warehouse; nothing may be reserved for it.

    The queues that it leaves and joins are held, and the caller's to mark.
    """
    work.db.run("send_from", order=order.order_id, warehouse=warehouse, turn=turn)
    return in_warehouse(work, order, warehouse)


def in_warehouse(work: Work, order: OrderRow, warehouse: int) -> OrderRow:
    """Give an order's row as it is in another warehouse."""
    site = work.db.records(Site, "site_by_id", warehouse=warehouse)[0]
    return order._replace(warehouse_id=site.warehouse_id, allow_backorders=site.allow_backorders)
