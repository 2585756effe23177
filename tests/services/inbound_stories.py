"""What the stories about supply that is due have in common."""

from datetime import date, timedelta
from typing import Any

from makegood.domain.catalogue import NewLocation, NewWarehouse
from makegood.domain.inbound import NewInbound
from makegood.services.add_catalogue import add_locations, add_warehouses
from makegood.services.backorders.source_backorder import source_backorder
from makegood.services.inbound.create_inbound import create_inbound
from makegood.services.inbound.records import InboundSheet, find_inbound, read_sheets
from makegood.services.receive_inbound import InboundReceived, receive_inbound
from tests.services.backorder_stories import number_of
from tests.shop import Shop


def announce(shop: Shop, reference: str, sku: str, units: int, **terms: Any) -> InboundSheet:
    """Announce supply: a purchase order unless another kind is named, due in five days unless a day is."""
    given: dict[str, Any] = {"kind": "PURCHASE_ORDER", "due": in_days(shop, 5), **terms}
    return shop.do(create_inbound, [NewInbound(reference=reference, sku=sku, quantity=units, **given)])[0]


def send(shop: Shop, reference: str, sku: str, units: int, **terms: Any) -> InboundSheet:
    """Let a transfer leave WEST for EAST."""
    return announce(shop, reference, sku, units, kind="TRANSFER", from_warehouse="WEST", warehouse="EAST", **terms)


def in_days(shop: Shop, days: int) -> date:
    """Give the day that is so many days from now."""
    return shop.clock.date() + timedelta(days=days)


def comes(shop: Shop, name: str, units: int | None = None, **terms: Any) -> InboundReceived:
    """Receive units of an inbound line into A-01, as a delivery of its own."""
    reference = f"D-{shop.value('SELECT count(*) FROM stock_sessions')}"
    return shop.do(receive_inbound, name, units, **{"location": "A-01", "reference": reference, **terms})


def sources(shop: Shop, order: str, inbound: str, units: int | None = None, line: int = 1) -> None:
    """Reserve units of an order's line on an inbound line."""
    shop.do(source_backorder, number_of(shop, order, line), inbound, quantity=units)


def inbound(shop: Shop, name: str) -> InboundSheet:
    """Give an inbound line as it stands."""
    return shop.do(lambda work: read_sheets(work, [find_inbound(work, name).inbound_line_id])[0])


def figures(shop: Shop, name: str) -> tuple[str, int, int, int, int]:
    """Give status, received, cancelled, outstanding and sourced units of an inbound line."""
    one = inbound(shop, name)
    return one.status, one.received, one.cancelled, one.outstanding, one.sourced


def opens_west(shop: Shop) -> Shop:
    """Add a second warehouse, WEST, with a pickable bin W-01."""
    shop.do(add_warehouses, [NewWarehouse("WEST", network_rank=2)])
    shop.do(add_locations, [NewLocation("W-01", "WEST", "PICKING", pick_sequence=1)])
    return shop


def west(shop: Shop, sku: str) -> dict[str, int]:
    """Count the units of a SKU that the books have in WEST, by status."""
    rows = shop.rows(
        "SELECT u.status, sum(u.quantity)::int FROM inventory_units u JOIN warehouses w USING (warehouse_id) "
        "WHERE w.code = 'WEST' AND u.variant_id = %s AND u.quantity > 0 GROUP BY 1",
        shop.variant(sku),
    )
    return {status: units for status, units in rows}
