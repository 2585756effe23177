"""The answer to "why not?": stated facts for each short line, its place in the queue, what could be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from makegood.domain.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class NextInbound:
    """Supply that is due for a variant in a warehouse: whole units on a day, if one is known."""

    reference: str
    units: int
    due: date | None


class Verb(StrEnum):
    """What can be done about a short line; each door offers it in its own way."""

    MATCH = "match"
    RELEASE = "release"
    ALLOCATE = "allocate"
    SPLIT = "split"
    DIVIDE = "divide"
    MOVE = "move"
    RESTORE = "restore"
    SUBSTITUTE = "substitute"
    SOURCE = "source"
    FORCE = "force"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something a person could do now: in words, as the command that does it, and as a verb with what it takes.

    `open` names what the verb needs besides and only the person knows.
    """

    what: str
    command: str
    verb: Verb | None = None
    given: Mapping[str, object] = field(default_factory=dict)
    open: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineExplanation:
    """Why one line is short: reasons with facts, the same in sentences, its place, and what could be done.

    `sourced` is what the line has by name of supply that is due, `next_inbound` the first that nobody has yet.
    """

    line_number: int
    sku: str
    short: int
    reasons: Sequence[Reason]
    sentences: Sequence[str]
    queue_position: int | None
    next_inbound: NextInbound | None
    actions: Sequence[Action]
    sourced: Sequence[NextInbound] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why an order is not ALLOCATED; without lines nothing is short."""

    order: str
    status: str
    lines: Sequence[LineExplanation]
