"""The kinds of files: what each is about, and how it is imported."""

from enum import StrEnum
from importlib import import_module
from typing import Any

from makegood.services.files.importing import Kind


class About(StrEnum):
    """What a file is about."""

    ORDERS = "orders"
    STOCK = "stock"
    VARIANTS = "variants"
    LOCATIONS = "locations"
    RETURNS = "returns"
    INBOUND = "inbound"


def kind_of(about: About) -> Kind[Any]:
    """Give how files about something are imported; a kind is loaded only when it is asked for."""
    found: Kind[Any] = import_module(f"makegood.services.import_{about.value}").KIND
    return found
