"""What the menu offers, in one visible list: a page that a person can go to has a row here."""

from collections.abc import Sequence
from typing import NamedTuple


class Entry(NamedTuple):
    """A page in the menu: where it is, what it is called, and the least role that sees it."""

    path: str
    name: str
    least: str = "READONLY"


class Group(NamedTuple):
    """Pages that belong together."""

    name: str
    entries: Sequence[Entry]


MENU: Sequence[Group] = (
    Group(
        "Orders",
        (
            Entry("/backorders", "Backorders"),
            Entry("/backorders/unlock", "Unlock"),
            Entry("/holds", "On hold"),
            Entry("/orders", "All orders"),
            Entry("/runs", "Runs"),
            Entry("/queue", "Queue"),
            Entry("/alerts", "Alerts"),
            Entry("/notifications", "Notifications", "ADMIN"),
            Entry("/reports", "Reports"),
        ),
    ),
    Group(
        "Floor",
        (
            Entry("/inbound", "Inbound"),
            Entry("/receiving", "Receiving"),
            Entry("/inventory", "Inventory"),
            Entry("/counts", "Counts"),
            Entry("/returns", "Returns"),
            Entry("/imports", "Import a file", "MANAGER"),
        ),
    ),
    Group(
        "Settings",
        (
            Entry("/settings/users", "Users and tokens", "ADMIN"),
            Entry("/settings/warehouses", "Warehouses"),
            Entry("/settings/alternatives", "Alternatives"),
            Entry("/settings/business", "Business", "ADMIN"),
            Entry("/settings/webhooks", "Webhooks", "ADMIN"),
        ),
    ),
)
