"""What demo and replay ask of the door that starts them: use-cases done at a business time, and queues served."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from makegood.services.work import Work

P = ParamSpec("P")
T = TypeVar("T")


class Desk(Protocol):
    """Does a use-case in a transaction of its own."""

    def __call__(self, use_case: Callable[Concatenate[Work, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Do the use-case and commit."""


class Office(Protocol):
    """Gives desks, and serves whoever waits."""

    def at(self, as_of: datetime, actor: str, source: str) -> Desk:
        """Give a desk at this business time, for this actor, set off by this source."""

    def check_until_quiet(self, as_of: datetime | None = None) -> Sequence[object]:
        """Serve marked queues until none is left."""
