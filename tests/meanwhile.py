"""Let something come in the middle of a transaction, and see who waits for whom."""

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
