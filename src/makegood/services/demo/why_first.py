"""Why an order was served before the others that wait for the same thing, or why it was not, in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from makegood.domain.reasons import Reason, ReasonCode
from makegood.domain.states import OrderStatus, ShipPolicy
from makegood.services.demo.board import Board, Position


def why_first(served: Sequence[Position], board: Board, gained: Mapping[int, int]) -> str:
    """Say what put the served lines of one order before their rivals, from the board after they were served.

    Rivals wanted the same variant at the same time. Those ahead who got nothing could not use it under their
    ship policy; of those behind, the next one is named.
    """
    whole = ["ships complete, and now all of it is there"] * (served[0].order.ship_policy == ShipPolicy.COMPLETE)
    rivals = [words for one in served for words in _reasons(one, _rivals(one, board, gained), gained)]
    return "; ".join(dict.fromkeys([*whole, *rivals])) or "nobody else waits for it"


def why_lost(lost: Position) -> str:
    """Say why an order had to give units up."""
    if lost.order.status == OrderStatus.CANCELLED:
        return "the order is cancelled"
    return "no other was free; of those who had some it ranks last"


def why_passed(passed: Position, reason: Reason, board: Board) -> str | None:
    """Say why a line got none of what is there; None when the reason is that too little is."""
    say = PASSED.get(reason.code)
    return say(passed, reason.facts, board) if say else None


def _out_of_reach(passed: Position, facts: Mapping[str, object], board: Board) -> str:
    return f"{facts['units']} {passed.line.sku_text} where nothing can be picked: {_joined(facts['places'])}"


def _kept_back(passed: Position, facts: Mapping[str, object], board: Board) -> str:
    return f"{facts['units']} {passed.line.sku_text} kept back for {_joined(facts['for'])}"


def _incomplete(passed: Position, facts: Mapping[str, object], board: Board) -> str:
    missing = [
        one.line.sku_text
        for one in board.values()
        if one.order.order_id == passed.order.order_id and one.line.line_number in _numbers(facts["lines"])
    ]
    return f"ships complete and still lacks {' and '.join(missing)}"


PASSED: Mapping[ReasonCode, Callable[[Position, Mapping[str, object], Board], str]] = {
    ReasonCode.STOCK_NOT_PICKABLE: _out_of_reach,
    ReasonCode.KEPT_BACK: _kept_back,
    ReasonCode.WAITING_FOR_COMPLETE: _incomplete,
}


def _joined(names: object) -> str:
    return ", ".join(str(name) for name in names) if isinstance(names, Mapping | list | tuple) else str(names)


def _numbers(lines: object) -> Sequence[object]:
    return lines if isinstance(lines, Sequence) else ()


def _rivals(served: Position, board: Board, gained: Mapping[int, int]) -> list[Position]:
    return [
        one
        for one in board.values()
        if one.line.variant_id == served.line.variant_id
        and one.order.order_id != served.order.order_id
        and (one.waits or gained.get(one.line.line_id, 0) > 0)
    ]


def _reasons(served: Position, rivals: Sequence[Position], gained: Mapping[int, int]) -> Iterator[str]:
    for one in rivals:
        if one.line.rank < served.line.rank and gained.get(one.line.line_id, 0) <= 0:
            yield _cannot_use(one)
    behind = [one for one in rivals if one.line.rank > served.line.rank]
    if behind:
        yield _goes_before(served, behind[0])


def _cannot_use(passed: Position) -> str:
    if passed.order.ship_policy == ShipPolicy.COMPLETE_LINES:
        return f"{passed.order.number} is ahead but takes all {passed.line.shortfall} or none"
    if passed.order.when_short == "reserve":
        return f"{passed.order.number} is ahead and has its {passed.line.shortfall} kept back"
    return f"{passed.order.number} is ahead but ships complete and lacks more"


def _goes_before(served: Position, behind: Position) -> str:
    if served.order.priority != behind.order.priority:
        return f"{served.order.priority} before {behind.order.priority} ({behind.order.number})"
    return f"ordered before {behind.order.number}"
