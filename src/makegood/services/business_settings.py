"""What the business decides, kept in the books with a typed default for each."""

from typing import NamedTuple

from makegood.store.database import Db


class BusinessSettings(NamedTuple):
    """The settings in force."""

    max_backorder_days: int = 30


def business_settings(db: Db) -> BusinessSettings:
    """Read the settings in force; what was never set has its default."""
    return BusinessSettings()
