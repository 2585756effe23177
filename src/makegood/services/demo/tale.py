"""What the demo tells: plain records, the same for people and for programs."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from makegood.domain.explanation import LineExplanation


class Want(NamedTuple):
    """What an order line wants and what it still lacks, in whole units."""

    sku: str
    wanted: int
    short: int


class Waiter(NamedTuple):
    """An order that waits, and what for."""

    order: str
    customer: str
    priority: str
    ordered_at: datetime
    ship_policy: str
    when_short: str
    status: str
    wants: Sequence[Want]


class Units(NamedTuple):
    """Whole units of one SKU."""

    sku: str
    units: int


class Turn(NamedTuple):
    """An order that got units, gave some up or was passed over, and why."""

    order: str
    customer: str
    units: Sequence[Units]
    status: str
    because: str


class Happening(NamedTuple):
    """What came by which road, and whose turn it was.

    `sources` say what set off the grants, as it stands in the record of the attempts.
    """

    at: datetime
    road: str
    what: str
    sources: Sequence[str]
    served: Sequence[Turn]
    lost: Sequence[Turn]
    passed_over: Sequence[Turn]


class StillWaiting(NamedTuple):
    """An order that waits when the day is over, and why."""

    order: str
    customer: str
    status: str
    lines: Sequence[LineExplanation]


class Tale(NamedTuple):
    """The whole day."""

    shop: str
    warehouse: str
    begins_at: datetime
    ends_at: datetime
    served_at_once: Sequence[str]
    waiting: Sequence[Waiter]
    happenings: Sequence[Happening]
    still_waiting: Sequence[StillWaiting]
