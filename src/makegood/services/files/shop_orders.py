"""Orders as common shops export them: Shopify's and WooCommerce's order JSON, row by row in our own columns.

Both are told by what they have: WooCommerce's orders a `date_created`, Shopify's a `created_at`. What is
cancelled, refunded, unpaid or has gone out already is no demand and is passed over.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

Cells = dict[str, object]


class _Part(msgspec.Struct, frozen=True):
    """A part of a document; fields that are not read are passed over."""


class _Person(_Part, frozen=True):
    id: int | str | None = None
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    name: str | None = None
    email: str | None = None

    @property
    def called(self) -> str:
        """The name as people write it, else the company's."""
        both = " ".join(part for part in (self.first_name, self.last_name) if part)
        return self.name or both or self.company or ""


class _ShopifyItem(_Part, frozen=True):
    quantity: int
    sku: str | None = None
    title: str = ""
    price: str | float | None = None
    current_quantity: int | None = None
    fulfillable_quantity: int | None = None
    requires_shipping: bool = True

    @property
    def units(self) -> int:
        """Units that have neither gone out nor been taken off the order."""
        known = [self.quantity, self.current_quantity, self.fulfillable_quantity]
        return min(one for one in known if one is not None) if self.requires_shipping else 0


class _ShopifyOrder(_Part, frozen=True):
    name: str
    created_at: str
    line_items: list[_ShopifyItem]
    id: int | str | None = None
    currency: str = ""
    email: str | None = None
    contact_email: str | None = None
    customer: _Person | None = None
    shipping_address: _Person | None = None
    cancelled_at: str | None = None
    financial_status: str | None = None
    fulfillment_status: str | None = None

    @property
    def over(self) -> bool:
        """Whether nothing of it is wanted any more, or not yet."""
        unpaid = self.financial_status in ("voided", "refunded", "expired")
        return self.cancelled_at is not None or unpaid or self.fulfillment_status in ("fulfilled", "restocked")

    def rows(self) -> Iterator[Cells]:
        """Give a row for each item that is still to go out."""
        who = self.customer or self.shipping_address or _Person()
        order: Cells = {
            "number": self.name,
            "placed_at": self.created_at,
            "channel": "shopify",
            "customer_reference": str(who.id or ""),
            "customer_name": who.called or (self.shipping_address.called if self.shipping_address else ""),
            "customer_email": self.email or self.contact_email or who.email or "",
        }
        for item in self.line_items:
            if item.units > 0:
                sold = {"sku": item.sku or item.title, "quantity": item.units, "unit_price": item.price}
                yield order | sold | {"currency": self.currency if item.price is not None else ""}


class _WooItem(_Part, frozen=True):
    quantity: int
    sku: str | None = None
    name: str = ""
    price: str | float | None = None


class _WooOrder(_Part, frozen=True):
    number: str | int
    status: str
    date_created: str
    line_items: list[_WooItem]
    date_created_gmt: str | None = None
    currency: str = ""
    customer_id: int | None = None
    billing: _Person | None = None
    shipping: _Person | None = None

    @property
    def over(self) -> bool:
        """Whether it is not one that waits for its goods: only these are paid for and open, or about to be."""
        return self.status not in ("processing", "on-hold")

    def rows(self) -> Iterator[Cells]:
        """Give a row for each item."""
        billing = self.billing or _Person()
        order: Cells = {
            "number": str(self.number),
            # Without its twin in GMT it is the shop's own time, of which the zone is not told.
            "placed_at": self.date_created_gmt or self.date_created,
            "channel": "woocommerce",
            "customer_reference": str(self.customer_id or ""),
            "customer_name": billing.called or (self.shipping.called if self.shipping else ""),
            "customer_email": billing.email or "",
        }
        for item in self.line_items:
            if item.quantity > 0:
                sold = {"sku": item.sku or item.name, "quantity": item.quantity, "unit_price": item.price}
                yield order | sold | {"currency": self.currency if item.price is not None else ""}


class ShopOrder(NamedTuple):
    """An order as a shop told it, as rows in our columns; of one that is `over` nothing is wanted."""

    rows: list[Cells]
    over: bool


SHOPS: Mapping[str, type[_ShopifyOrder] | type[_WooOrder]] = {
    "date_created": _WooOrder,
    "created_at": _ShopifyOrder,
}


def reader_of(told: Mapping[str, Any]) -> Callable[[], ShopOrder] | None:
    """Give what reads an order of a shop; None when this is none. It raises `msgspec.ValidationError`."""
    kind = next((kind for mark, kind in SHOPS.items() if mark in told), None)
    if kind is None or "line_items" not in told:
        return None

    def read() -> ShopOrder:
        order = msgspec.convert(told, kind, strict=False)
        rows = list(order.rows())
        return ShopOrder(rows, order.over or not rows)

    return read
