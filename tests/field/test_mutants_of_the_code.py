"""For each law a mutation of the code that breaks it, and the judge that notices; for a sample of the defects too.

The laws about plans (5, 9, and 1 and 2 within a plan) have their mutants in `tests/planner/test_mutants.py`.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from threading import Event
from typing import Any

import pytest

from makegood.domain.errors import LawBroken
from makegood.domain.sessions import ReceivedLine
from makegood.planner.book import Book, Plan
from makegood.planner.plan import plan
from makegood.services import check_backorders as checking
from makegood.services import read_queue
from makegood.services.cancel_order import cancel_order
from makegood.services.gates import lock_gates
from makegood.services.receive_stock import add_received, approve_receiving, open_receiving
from makegood.services.work import Work
from tests.field import test_failures_of_the_field as field
from tests.field import test_known_defects as known
from tests.judge.judge import judge
from tests.planting import Plant, function, statement
from tests.shop import Shop


def a_day(shop: Shop) -> None:
    """Orders wait, goods come and are served by rank, goods go."""
    shop.sells("MUG", "LID")
    shop.order("A", MUG=2, LID=1)
    shop.later(minutes=1).order("B", MUG=2, priority="EXPRESS")
    shop.later(minutes=1).order("C", MUG=2)
    shop.gets("MUG", 3).check()
    shop.later(minutes=1).gets("LID", 3).check()


def looks_once(work: Work, warehouse: int, marked: list[int], *how: Any) -> Any:
    """Look at the queue before its gates are held, and not again."""
    seen = read_queue.peek(work, warehouse, marked, *how)
    return seen, lock_gates(work, warehouse, seen.variants | set(marked))


BREAKERS: dict[str, tuple[str, Plant]] = {
    "reserves nothing": ("1", statement("reserve_units", "u.reserved + n.units", "u.reserved")),
    "forgets what a line has got": ("2", statement("cover_lines", "l.allocated + n.units", "l.allocated")),
    "leaves the status as it was": (
        "3",
        statement("move_orders", "SET status = n.status", "SET status = o.status"),
    ),
    "keeps no ledger": ("4", statement("add_stock", "JOIN asked n ON", "JOIN asked n ON false AND")),
    "serves the last first": (
        "5",
        statement(
            "waiting_lines", "l.rank_priority, l.placed_at", "l.rank_priority, now() - (l.placed_at - now())"
        ),
    ),
    "leaves no mark": (
        "6",
        statement(
            "add_marks",
            "AS m (variant_id, warehouse_id, trigger_source)",
            "AS m (variant_id, warehouse_id, trigger_source) WHERE false",
        ),
    ),
}


def test_a_day_breaks_no_law(shop: Shop) -> None:
    a_day(shop)
    assert judge(shop.books.conninfo, shop.clock.date()).broken == {}


@pytest.mark.parametrize("mutant", BREAKERS)
def test_the_judge_notices_code_that_breaks_a_law(shop: Shop, mutant: str) -> None:
    law, plant = BREAKERS[mutant]
    with plant():
        a_day(shop)
    assert law in judge(shop.books.conninfo, shop.clock.date()).broken


def two_who_approve(shop: Shop) -> None:
    """Law 8: two approve the same delivery, the second while the first has not committed."""
    shop.sells("MUG")
    shop.do(open_receiving, "PO-7")
    shop.do(add_received, "PO-7", [ReceivedLine("MUG", 6, "A-01")])
    approved = Event()

    def first(work: Work) -> object:
        done = approve_receiving(work, "PO-7")
        approved.set()
        field.wait_for_one_who_waits(shop)
        return done

    def second() -> object:
        approved.wait(5)
        return shop.do(approve_receiving, "PO-7")

    one, other = field.at_once(lambda: shop.do(first), second)
    assert one == other
    assert shop.value("SELECT sum(quantity) FROM inventory_units") == 6


def strikes_all(work: Work, marks: read_queue.Marks, variants: Any, made: Any) -> None:
    """Strike whatever mark is there, seen or not."""
    work.db.connection.execute("DELETE FROM marks")


def the_first_twenty(book: Book, *, as_of: date, bound: int | None = None) -> Plan:
    """Plan for the first twenty of the rank, and for nobody after them."""
    first = sorted(book.orders, key=lambda order: min(line.rank for line in order.lines))[:20]
    return plan(replace(book, orders=tuple(first)), as_of=as_of)


def thirty_who_wait(shop: Shop) -> None:
    """Thirty wait, and all that they need comes at once."""
    shop.sells("MUG")
    known.waiting(shop, 30)
    shop.gets("MUG", 30).check()
    assert shop.free("MUG") == 0


def cancelled_where_nothing_refuses_too_much(shop: Shop) -> None:
    """A cancel comes during an allocation, in books that would take more for a line than it asks for."""
    for law in ("law_2_line_not_overfilled", "sourced_within_shortfall"):
        shop.change(f"ALTER TABLE order_lines DROP CONSTRAINT {law}")
    known.test_a_cancel_during_an_allocation_is_not_lost(shop)


Story = Callable[[Shop], object]
STORIES: dict[str, tuple[Story, list[Plant]]] = {
    "7: a queue is read before its gate is held": (
        field.test_19a_an_order_that_comes_in_while_its_stock_does_is_not_missed,
        [function(checking, "_look", looks_once)],
    ),
    "7: marks are struck that nobody saw": (
        known.test_a_mark_that_comes_during_a_check_is_not_struck,
        [function(checking, "strike", strikes_all), function(checking, "insist_nothing_came", lambda *_: None)],
    ),
    "8: an approval does not hold its session": (
        two_who_approve,
        [
            statement("lock_session", "FOR NO KEY UPDATE OF s", ""),
            statement("close_session", "AND status = 'OPEN'", ""),
        ],
    ),
    "EXPRESS is sorted last": (
        known.test_express_is_served_first_not_last,
        [
            statement(
                "waiting_lines", "l.rank_priority, l.placed_at", "(100 - l.rank_priority)::smallint, l.placed_at"
            )
        ],
    ),
    "a move into a pickable bin triggers nothing": (
        known.test_a_move_into_a_pickable_bin_triggers,
        [BREAKERS["leaves no mark"][1]],
    ),
    "freed stock wakes nobody": (
        lambda shop: field.test_6_freed_stock_wakes_the_queue(shop, lambda shop: shop.do(cancel_order, "HAS")),
        [BREAKERS["leaves no mark"][1]],
    ),
    "a cancel during an allocation is lost": (
        cancelled_where_nothing_refuses_too_much,
        [
            statement("lock_gates", "UPDATE SET warehouse_id = EXCLUDED.warehouse_id WHERE false", "NOTHING"),
            statement("lock_orders", "FOR NO KEY UPDATE OF o", ""),
            statement("move_orders", "AND o.status = n.before", ""),
        ],
    ),
    "no more than twenty are looked at": (
        thirty_who_wait,
        [function(checking, "plan", the_first_twenty)],
    ),
}


@pytest.mark.parametrize("mutant", STORIES)
def test_a_story_contradicts_code_with_the_defect(shop: Shop, mutant: str) -> None:
    story, plants = STORIES[mutant]
    with ExitStack() as planted:
        for plant in plants:
            planted.enter_context(plant())
        # Some are refused by the laws that are asked before each commit, some are found by the story.
        with pytest.raises((AssertionError, LawBroken)):
            story(shop)


def test_two_who_approve_at_once_post_once(shop: Shop) -> None:
    two_who_approve(shop)
