"""How much one caller may ask for in a while, and how often an address may come without being known.

It is counted in this process alone: what it protects is this process. Tries to sign in are counted in the books.
"""

import math
import time

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from makegood.domain.errors import InvalidValue, TooManyTries

# An address that keeps coming with tokens or cookies that nobody knows is told to wait.
UNKNOWN = parse("120/minute")


class Limits:
    """Counts requests; `rate` is what one caller may send, such as `6000/minute`."""

    def __init__(self, rate: str) -> None:
        try:
            self._rate = parse(rate)
        except ValueError as wrong:
            raise InvalidValue("rate_limit", rate, "a rate such as 100/second or 6000/minute") from wrong
        self._counted = MovingWindowRateLimiter(MemoryStorage())

    def count(self, caller: str) -> None:
        """Count a request of a caller, or raise `TooManyTries`."""
        if not self._counted.hit(self._rate, "caller", caller):
            reset = self._counted.get_window_stats(self._rate, "caller", caller).reset_time
            raise TooManyTries(what="requests", retry_after=_seconds_until(reset))

    def count_unknown(self, address: str) -> None:
        """Count a request from an address whose sender is unknown, or raise `TooManyTries`."""
        if not self._counted.hit(UNKNOWN, "unknown", address):
            reset = self._counted.get_window_stats(UNKNOWN, "unknown", address).reset_time
            raise TooManyTries(what="requests of nobody known", retry_after=_seconds_until(reset))


def _seconds_until(reset: float) -> int:
    return max(1, math.ceil(reset - time.time()))
