"""Long work over many orders: what kinds there are, how far one has come, and what came of each order."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from makegood.domain.states import OrderStatus


class RunKind(StrEnum):
    """What a run does to each of its orders."""

    ALLOCATE = "ALLOCATE"
    SPLIT = "SPLIT"
    SEND_AVAILABLE = "SEND_AVAILABLE"
    APPLY_ALTERNATIVES = "APPLY_ALTERNATIVES"
    DIVIDE_NETWORK = "DIVIDE_NETWORK"
    CANCEL = "CANCEL"
    HOLD = "HOLD"
    RELEASE = "RELEASE"


class RunStatus(StrEnum):
    """How far a run has come; DONE and CANCELLED ones stay as they are."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    DONE = "DONE"
    CANCELLED = "CANCELLED"


class RunOutcome(StrEnum):
    """What came of one order of a run.

    FULFILLED to HELD say where an order stands after it was allocated or released; DONE says that anything else
    was done, SKIPPED that there was nothing to do, FAILED that it was refused or broke.
    """

    FULFILLED = "FULFILLED"
    PARTIALLY = "PARTIALLY"
    BACKORDERED = "BACKORDERED"
    HELD = "HELD"
    DONE = "DONE"
    SKIPPED = "SKIPPED"
    FAILED = "FAILED"


STANDS: dict[OrderStatus, RunOutcome] = {
    OrderStatus.ALLOCATED: RunOutcome.FULFILLED,
    OrderStatus.PARTIALLY_ALLOCATED: RunOutcome.PARTIALLY,
    OrderStatus.BACKORDERED: RunOutcome.BACKORDERED,
    OrderStatus.ON_HOLD: RunOutcome.HELD,
}


class OrderChoice(NamedTuple):
    """Which orders a run is about, where they are not named: those that pass every filter that is set."""

    statuses: Sequence[str] = ()
    sku: str | None = None
    customer: str | None = None
    priority: str | None = None
    warehouse: str | None = None
    merchant: str | None = None


class RunResult(NamedTuple):
    """What came of one order: where it stands after it, a stable code and a sentence where it was not done.

    `place` is its turn in the run, by rank. `facts` are plain values, such as the number of a child.
    """

    place: int
    order: str
    outcome: str
    status: str | None
    code: str | None
    message: str | None
    facts: dict[str, object]
    tried_at: datetime | None


class Run(NamedTuple):
    """A run with its progress: `done` of `total` orders tried, and how many came to which outcome.

    `stuck`: it should be going on, and nothing was heard of it for a minute.
    """

    run_id: int
    kind: str
    status: str
    terms: dict[str, object]
    total: int
    done: int
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    silent_seconds: float
    stuck: bool
    outcomes: dict[str, int]

    @property
    def ended(self) -> bool:
        """Whether nothing more will be done."""
        return self.ended_at is not None
