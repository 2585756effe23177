"""Messages to receivers over HTTP: how a delivery stands, and what follows from what came of a try."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from makegood.domain.events import EVENT_TYPES

# What is told besides what happens to orders.
ALERT_RAISED, ALERT_ENDED, TEST = "alert.raised", "alert.ended", "webhook.test"
MESSAGE_TYPES = frozenset({kind.replace(":", ".") for kind in EVENT_TYPES} | {ALERT_RAISED, ALERT_ENDED})

# The seconds between tries, as the specification of Standard Webhooks recommends them: three days and more in all.
PAUSES: Sequence[float] = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
# A pause is up to so much longer by chance, so that messages that failed together do not come back together.
JITTER = 0.2

GONE = 410


class DeliveryState(StrEnum):
    """Where a delivery stands: tried again until it is delivered, or has failed for good."""

    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


class Answer(NamedTuple):
    """What came of a try: the status, or without one what went wrong; the answer's start; how long it took."""

    status: int | None
    error: str
    excerpt: str
    seconds: float

    @property
    def is_good(self) -> bool:
        """Whether the receiver took the message: only a status from 200 to 299 says so."""
        return self.status is not None and 200 <= self.status < 300


class Next(NamedTuple):
    """How a delivery stands after a try, and after how many seconds it is tried again, if it is."""

    state: DeliveryState
    pause: float | None = None


def after_try(answer: Answer, tries: int, chance: float) -> Next:
    """Decide after the `tries`-th try; `chance` from 0 to 1 makes the pause longer.

    >>> fine, away = Answer(204, "", "", 0.1), Answer(None, "refused", "", 0.1)
    >>> after_try(fine, 3, 0.5).state
    <DeliveryState.DELIVERED: 'DELIVERED'>
    >>> after_try(away, 1, 0.0).pause, after_try(away, 2, 1.0).pause
    (5.0, 360.0)
    >>> after_try(away, 10, 0.5).state
    <DeliveryState.FAILED: 'FAILED'>
    """
    if answer.is_good:
        return Next(DeliveryState.DELIVERED)
    if answer.status == GONE or tries > len(PAUSES):
        return Next(DeliveryState.FAILED)
    return Next(DeliveryState.WAITING, PAUSES[tries - 1] * (1 + JITTER * chance))
