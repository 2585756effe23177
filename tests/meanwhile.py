"""Let something come in the middle of a transaction, see who waits for whom, and wait for what is to come."""

import time
from collections.abc import Callable
from typing import Any

from makegood.services.work import Work
from tests.shop import Shop


def at(moment: str, work: Work, deed: Callable[[], object]) -> None:
    """Do something else just before a statement is run for the first time."""
    ask, left = work.db._execute, [deed]

    def asks(name: str, values: dict[str, object]) -> Any:
        if name == moment and left:
            left.pop()()
        return ask(name, values)

    work.db._execute = asks  # type: ignore[method-assign]


def held_up(shop: Shop) -> int:
    """Tell how many wait for a lock in these books."""
    return int(
        shop.value(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
    )


def soon(fact: Callable[[], bool], within: float = 20.0) -> float:
    """Wait until something is so, and tell how long it took."""
    began = time.monotonic()
    while not fact():
        assert time.monotonic() - began < within, "it did not come to that in time"
        time.sleep(0.005)
    return time.monotonic() - began


UNTOLD = "SELECT EXISTS (SELECT FROM fulfillment_events WHERE transaction_id >= events_are_final_before())"


def all_final(shop: Shop) -> None:
    """Wait until no transaction, be it of the server itself, can still tell something before what was told."""
    soon(lambda: not shop.value(UNTOLD))
