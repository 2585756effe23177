"""The server ends a deadlock by failing one of those in it, who starts over: nobody sees it but its statistics."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.shop import Shop

COUNT = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
# The statistics come a second late.
LATE = 1.2


@contextmanager
def no_deadlock(shop: Shop) -> Iterator[None]:
    """Insist that nobody waits in a ring inside the block."""
    before = shop.value(COUNT)
    yield
    time.sleep(LATE)
    assert shop.value(COUNT) == before
