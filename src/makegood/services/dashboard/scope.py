"""Which orders a dashboard is about: those that wait, unless others are asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from makegood.domain.errors import InvalidValue
from makegood.domain.states import OrderStatus

WAITING: Sequence[str] = (OrderStatus.BACKORDERED.value, OrderStatus.PARTIALLY_ALLOCATED.value)
SHOWN: Sequence[str] = (*WAITING, OrderStatus.ON_HOLD.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Orders of these statuses, of one warehouse or merchant if one is named; held ones if asked for."""

    statuses: Sequence[str] = ()
    warehouse: str | None = None
    merchant: str | None = None

    def __post_init__(self) -> None:
        for status in self.statuses:
            if status not in SHOWN:
                raise InvalidValue("status", status, "one of " + ", ".join(SHOWN))

    @property
    def shows_holds(self) -> bool:
        """Whether orders count that wait for a person and not in the queue."""
        return OrderStatus.ON_HOLD in self.statuses

    def values(self) -> Mapping[str, object]:
        """Give the scope as the statements take it."""
        return {
            "statuses": list(self.statuses or WAITING),
            "warehouse": self.warehouse,
            "merchant": self.merchant,
        }


EVERYTHING = Scope()
