"""What is being done right now, told in ids: whoever reads the log or a trace can follow one request or job.

Ids only, and figures: nothing of customers, no secrets. Who tells it (logs, traces) is set from outside.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(slots=True)
class AtHand:
    """A piece of work: its name, the ids that are told with whatever is told meanwhile, and what came of it.

    `carrier` holds the headers of a request that says which trace it is part of.
    """

    name: str
    ids: dict[str, object]
    outer: "AtHand | None" = None
    carrier: Mapping[str, str] = field(default_factory=dict)
    noted: dict[str, object] = field(default_factory=dict)


Tracer = Callable[[AtHand], AbstractContextManager[object]]

_current: ContextVar[AtHand | None] = ContextVar("at_hand", default=None)
_tracers: list[Tracer] = []


@contextmanager
def at_hand(name: str, carrier: Mapping[str, str] | None = None, **ids: object) -> Iterator[AtHand]:
    """Let everything within the block be told with these ids, besides those of the work around it.

    >>> with at_hand("request", request_id="r1"), at_hand("check", warehouse="EAST") as hand:
    ...     ids_at_hand()
    {'request_id': 'r1', 'warehouse': 'EAST'}
    """
    outer = _current.get()
    hand = AtHand(name, {**(outer.ids if outer else {}), **ids}, outer, carrier or {})
    token = _current.set(hand)
    try:
        with _tracers[0](hand) if _tracers else nullcontext():
            yield hand
    finally:
        _current.reset(token)


def ids_at_hand() -> Mapping[str, object]:
    """Give the ids of the work at hand, none outside of any."""
    hand = _current.get()
    return hand.ids if hand else {}


def note_attempts(attempts: Sequence[int]) -> None:
    """Note that the work at hand made these attempts, once they are committed."""
    hand = _current.get() if attempts else None
    while hand:
        made = hand.noted.get("attempts", 0)
        hand.noted["attempts"] = (made if isinstance(made, int) else 0) + len(attempts)
        hand.noted.setdefault("first_attempt", attempts[0])
        hand.noted["last_attempt"] = attempts[-1]
        hand = hand.outer


@contextmanager
def traced_by(tracer: Tracer) -> Iterator[None]:
    """Let a tracer tell of each piece of work that is begun within the block, by whatever thread."""
    _tracers.insert(0, tracer)
    try:
        yield
    finally:
        _tracers.remove(tracer)
