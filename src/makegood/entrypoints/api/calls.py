"""What a person could do about a short line, as calls of this API that work as they stand."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from makegood.domain.explanation import Action, Explanation, LineExplanation, NextInbound, Verb
from makegood.domain.reasons import Reason
from makegood.entrypoints.lobby.facts import camel_facts


class Call(NamedTuple):
    """A call; `fill` names fields of its body that only the one who sends it knows, and that it has to add."""

    what: str
    method: str
    path: str
    body: Mapping[str, Any]
    fill: Sequence[str]


class AnsweredLine(NamedTuple):
    """Why one line is short: reasons with facts, the same in sentences, its place, and what could be done."""

    line_number: int
    sku: str
    short: int
    reasons: Sequence[Reason]
    sentences: Sequence[str]
    queue_position: int | None
    next_inbound: NextInbound | None
    actions: Sequence[Call]


class Explained(NamedTuple):
    """Why an order is not ALLOCATED; without lines nothing is short."""

    order: str
    status: str
    lines: Sequence[AnsweredLine]


PATHS: Mapping[Verb, str] = {
    Verb.MATCH: "/orders/id:{order_id}/lines/{line}/match",
    Verb.RELEASE: "/orders/id:{order_id}/release",
    Verb.ALLOCATE: "/orders/id:{order_id}/allocate",
    Verb.SPLIT: "/orders/id:{order_id}/split-backorder",
    Verb.DIVIDE: "/orders/id:{order_id}/divide-network",
    Verb.MOVE: "/inventory/{unit_id}/move",
    Verb.RESTORE: "/inventory/{unit_id}/restore",
    Verb.SUBSTITUTE: "/orders/id:{order_id}/apply-alternatives",
    Verb.SOURCE: "/backorders/{backorder}/source",
    Verb.FORCE: "/backorders/{backorder}/allocate",
}


def answered(found: Explanation) -> Explained:
    """Give an explanation with its actions as calls."""
    return Explained(found.order, found.status, [_line(line) for line in found.lines])


def _line(line: LineExplanation) -> AnsweredLine:
    return AnsweredLine(
        line.line_number,
        line.sku,
        line.short,
        line.reasons,
        line.sentences,
        line.queue_position,
        line.next_inbound,
        [_call(action, PATHS[action.verb]) for action in line.actions if action.verb],
    )


def _call(action: Action, path: str) -> Call:
    """Give an action as a call: what its path names is not said again in the body."""
    body = {name: value for name, value in action.given.items() if f"{{{name}}}" not in path}
    fill = list(camel_facts(dict.fromkeys(action.open)))
    return Call(action.what, "POST", path.format(**action.given), camel_facts(body), fill)
