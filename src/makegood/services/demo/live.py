"""Live through the story: each step is done by the real use-cases, the queues are served, the board is read."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from makegood.domain.reasons import Reason
from makegood.services.add_catalogue import add_locations, add_variants, add_warehouses
from makegood.services.demo import story
from makegood.services.demo.board import Board, Position, changes, read_board
from makegood.services.demo.tale import Happening, StillWaiting, Tale, Turn, Units, Waiter, Want
from makegood.services.demo.why_first import why_first, why_lost, why_passed
from makegood.services.explain_order import explain_order
from makegood.services.office import Desk, Office
from makegood.services.place_order import place_order
from makegood.services.receive_stock import receive
from makegood.services.show_order import last_attempt
from makegood.services.work import Work


def live(office: Office) -> Tale:
    """Live through the whole story in fresh books and tell it; the same each time."""
    _open_shop(office)
    board = _desk(office, story.MORNING)(read_board)
    return Tale(
        shop=story.SHOP,
        warehouse=story.WAREHOUSES[0].code,
        begins_at=story.MORNING,
        ends_at=story.EVENING,
        served_at_once=_content(board),
        waiting=list(waiters(board)),
        happenings=[_happen(office, step) for step in story.STEPS],
        still_waiting=_explain(office),
    )


def _desk(office: Office, as_of: datetime) -> Desk:
    return office.at(as_of, "demo", "manual:demo")


def _open_shop(office: Office) -> None:
    desk = _desk(office, story.OPENING)
    desk(add_warehouses, story.WAREHOUSES)
    desk(add_locations, story.LOCATIONS)
    desk(add_variants, story.VARIANTS)
    desk(receive, "DN-1", story.FIRST_STOCK)
    office.check_until_quiet(story.OPENING)
    for order in story.ORDERS:
        _desk(office, order.placed_at or story.OPENING)(place_order, order)


def waiters(board: Board) -> Iterator[Waiter]:
    """Give the orders that wait, the one with the best line first."""
    for lines in _by_order(one for one in board.values() if one.waits):
        order = lines[0].order
        yield Waiter(
            order=order.number,
            customer=order.customer_name,
            priority=order.priority,
            ordered_at=order.placed_at,
            ship_policy=order.ship_policy,
            when_short=order.when_short,
            status=order.status,
            wants=[Want(one.line.sku_text, one.line.quantity, one.line.shortfall) for one in lines],
        )


def _content(board: Board) -> list[str]:
    short = {one.order.number for one in board.values() if one.line.shortfall}
    return sorted({one.order.number for one in board.values()} - short)


def _by_order(positions: Iterable[Position]) -> list[list[Position]]:
    """Put the lines of each order together, in the sequence of their first ones."""
    found = list(positions)
    first: dict[int, int] = {}
    for place, one in enumerate(found):
        first.setdefault(one.order.order_id, place)
    found.sort(key=lambda one: (first[one.order.order_id], one.line.line_number))
    return [list(lines) for _, lines in groupby(found, key=lambda one: one.order.order_id)]


def _happen(office: Office, step: story.Step) -> Happening:
    desk = _desk(office, step.at)
    before, tried = desk(read_board), desk(last_attempt)
    for use_case in step.does:
        desk(use_case)
    office.check_until_quiet(step.at)
    after = desk(read_board)
    changed = changes(before, after)
    gained = _by_order(after[line] for line in after if changed.get(line, 0) > 0)
    lost = _by_order(after[line] for line in after if changed.get(line, 0) < 0)
    return Happening(
        at=step.at,
        road=step.road,
        what=step.what,
        sources=desk(_sources_since, tried),
        served=[_turn(lines, changed, why_first(lines, after, changed)) for lines in gained],
        lost=[_turn(lines, changed, why_lost(lines[0])) for lines in lost],
        passed_over=_passed_over(desk, step, after, changed),
    )


def _sources_since(work: Work, attempt: int) -> list[str]:
    return [row[0] for row in work.db.all("demo_sources_since", attempt=attempt)]


def _turn(lines: Sequence[Position], changed: dict[int, int], because: str) -> Turn:
    order = lines[0].order
    units = [Units(one.line.sku_text, abs(changed[one.line.line_id])) for one in lines]
    return Turn(order.number, order.customer_name, units, order.status, because)


def _passed_over(desk: Desk, step: story.Step, board: Board, changed: dict[int, int]) -> list[Turn]:
    """Name who waits for what came and got none of it although it is there; the best ranked for each reason."""
    found: dict[str, Turn] = {}
    for one in board.values():
        if one.waits and one.line.sku_text in step.skus and one.line.line_id not in changed:
            for reason in desk(_reasons, one.order.number, one.line.line_number):
                if words := why_passed(one, reason, board):
                    order = one.order
                    found.setdefault(words, Turn(order.number, order.customer_name, [], order.status, words))
    return list(found.values())


def _reasons(work: Work, order: str, line_number: int) -> list[Reason]:
    lines = explain_order(work, order).lines
    return [reason for line in lines if line.line_number == line_number for reason in line.reasons]


def _explain(office: Office) -> list[StillWaiting]:
    desk = _desk(office, story.EVENING)
    return [
        StillWaiting(one.order, one.customer, one.status, desk(explain_order, one.order).lines)
        for one in waiters(desk(read_board))
    ]
