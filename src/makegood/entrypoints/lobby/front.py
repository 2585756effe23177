"""The front of the house: the open books, the clock, and what the one who runs it decided about visitors."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from makegood.domain.accounts import Caller
from makegood.entrypoints.lobby.limits import Limits
from makegood.entrypoints.lobby.live import Live
from makegood.entrypoints.lobby.metrics import Metrics
from makegood.jobs.desk import Desk
from makegood.services.work import now
from makegood.wiring import House

MEGABYTE = 1024 * 1024


class Rules(NamedTuple):
    """What visitors are held to: bytes of a body and of a file, requests of a caller, how long a sign-in lasts.

    `metrics` says who may read the figures: `loopback`, `anyone` or `nobody`.
    Without `agents_apply` the tools of agents only show what a write would come to.
    """

    most_body: int = 2 * MEGABYTE
    most_upload: int = 64 * MEGABYTE
    rate: str = "6000/minute"
    sign_in_lasts: timedelta = timedelta(hours=12)
    agents_apply: bool = False
    metrics: str = "loopback"


AS_A_RULE = Rules()


@dataclass(frozen=True)
class Front:
    """What every door over HTTP is handed when it is built."""

    house: House
    clock: Callable[[], datetime] = now
    rules: Rules = AS_A_RULE

    @cached_property
    def live(self) -> Live:
        """The one that follows the events for every visitor who wants to hear of them."""
        return Live(self.house.books)

    @cached_property
    def limits(self) -> Limits:
        """What counts how much each caller asks for."""
        return Limits(self.rules.rate)

    @cached_property
    def metrics(self) -> Metrics:
        """The figures of this server."""
        return Metrics()

    def desk_of(self, caller: Caller) -> Desk:
        """Give the desk at which a caller's use-cases are done now."""
        return self.house.at(self.clock(), caller.name, f"manual:{caller.name}", caller.merchants)

    def desk(self, actor: str = "front") -> Desk:
        """Give a desk for what has to be done before it is known who calls."""
        return self.house.at(self.clock(), actor, f"manual:{actor}")
