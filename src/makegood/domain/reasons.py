"""Why a line is still short: a closed list of reasons, each with stated facts (docs/concepts/why-not.md)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class ReasonCode(StrEnum):
    """The closed list of reasons for a shortfall."""

    NO_STOCK = "NO_STOCK"
    STOCK_NOT_PICKABLE = "STOCK_NOT_PICKABLE"
    STOCK_EXPIRED = "STOCK_EXPIRED"
    STOCK_QUARANTINED = "STOCK_QUARANTINED"
    OTHER_WAREHOUSE_ONLY = "OTHER_WAREHOUSE_ONLY"
    AHEAD_IN_QUEUE = "AHEAD_IN_QUEUE"
    KEPT_BACK = "KEPT_BACK"
    WAITING_FOR_COMPLETE = "WAITING_FOR_COMPLETE"
    UNMATCHED = "UNMATCHED"
    ON_HOLD = "ON_HOLD"
    CHECK_PENDING = "CHECK_PENDING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One stated cause of a shortfall; `facts` are plain values that a program can read."""

    code: ReasonCode
    facts: dict[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Give the reason as it is kept in an attempt."""
        return {"code": self.code.value, **self.facts}


@dataclass(frozen=True, slots=True, kw_only=True)
class StockFacts:
    """Where the units of one variant are that a line of one warehouse cannot have; whole units.

    `places` and `elsewhere` name location or warehouse codes with their units, `kept_for` orders, `went_to` orders
    behind with what they got meanwhile.
    """

    free: int = 0
    kept_back: int = 0
    kept_for: Sequence[str] = ()
    not_pickable: int = 0
    places: dict[str, int] = field(default_factory=dict)
    expired: int = 0
    quarantined: int = 0
    elsewhere: dict[str, int] = field(default_factory=dict)
    check_pending: bool = False
    went_to: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """Who is better ranked for the same variant and warehouse: orders, units, and the next in line."""

    orders: int
    units: int
    next_order: str | None = None
