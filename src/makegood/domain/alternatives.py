"""What may be sent instead of what was ordered."""

from enum import StrEnum
from typing import NamedTuple


class AlternativeKind(StrEnum):
    """How a substitute compares with what was ordered."""

    EQUIVALENT = "EQUIVALENT"
    UPGRADE = "UPGRADE"
    DOWNGRADE = "DOWNGRADE"


class NewAlternative(NamedTuple):
    """A substitute for a SKU: `units` of it stand for `per` of that; the smallest `position` is preferred.

    `two_way`: it holds the other way round too. `needs_consent`: the customer has to agree.
    """

    sku: str
    substitute: str
    kind: str = AlternativeKind.EQUIVALENT
    position: int = 1
    units: int = 1
    per: int = 1
    two_way: bool = False
    needs_consent: bool = True
    merchant: str = "default"


class Alternative(NamedTuple):
    """A substitute in the direction in which it is asked for: `units` of it for `per` of what was ordered."""

    alternative_id: int
    substitute_id: int
    kind: str
    position: int
    units: int
    per: int
    needs_consent: bool

    @property
    def preference(self) -> tuple[int, int, int]:
        """The order of choice: position, then equivalent before upgrade before downgrade, then age."""
        return self.position, list(AlternativeKind).index(AlternativeKind(self.kind)), self.alternative_id
