"""What people enter about stock before somebody approves it: deliveries, counts and customer returns."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from makegood.domain.catalogue import UnitStatus


class SessionKind(StrEnum):
    """What a stock session is about."""

    RECEIVING = "RECEIVING"
    COUNT = "COUNT"
    RETURN = "RETURN"


class SessionStatus(StrEnum):
    """How far a stock session has come; approved or rejected it stays as it is."""

    OPEN = "OPEN"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


class Disposition(StrEnum):
    """What becomes of goods that a customer sent back."""

    RESTOCK = "restock"
    QUARANTINE = "quarantine"
    DAMAGED = "damaged"

    @property
    def status(self) -> UnitStatus:
        """The status with which the goods go into stock."""
        return {"restock": UnitStatus.AVAILABLE, "quarantine": UnitStatus.QUARANTINE}.get(self, UnitStatus.DAMAGED)


class ReceivedLine(NamedTuple):
    """Units that were delivered to a location, so many of them `damaged`; a `key` counts once.

    `inbound` names the inbound line that they belong to, where they were announced.
    """

    sku: str
    quantity: int
    location: str
    damaged: int = 0
    lot: str = ""
    expires_on: date | None = None
    merchant: str = "default"
    key: str | None = None
    inbound: str | None = None


class CountedLine(NamedTuple):
    """Units that somebody counted in a location; a `key` counts once."""

    sku: str
    counted: int
    location: str
    lot: str = ""
    expires_on: date | None = None
    merchant: str = "default"
    key: str | None = None


class ReturnedLine(NamedTuple):
    """Units that a customer sent back, and what becomes of them; a `key` counts once."""

    sku: str
    quantity: int
    location: str
    disposition: str = Disposition.RESTOCK
    lot: str = ""
    expires_on: date | None = None
    merchant: str = "default"
    key: str | None = None


class Approval(NamedTuple):
    """What an approval did, in whole units; every later approval of the session gives the same.

    `usable` counts those that were added where they can be given out. `self_approved`: whoever approved had
    opened the session or entered some of its figures.
    """

    kind: str
    reference: str
    lines: int
    added: int
    removed: int
    usable: int
    self_approved: bool
