"""Stock that comes between two looks of a decision is neither forgotten nor given past who waits for it."""

from collections.abc import Callable
from typing import Any

import pytest

from makegood.domain.orders import NewLine, NewOrder
from makegood.services.adjust_stock import adjust_stock
from makegood.services.allocate_order import allocate_order
from makegood.services.check_backorders import check_backorders
from makegood.services.doctor import doctor
from makegood.services.place_order import place_order
from makegood.services.work import Work
from makegood.store.database import Db
from tests.shop import Shop


class Interrupted(Db):
    """The books of somebody who is interrupted once, just before a statement."""

    def __init__(self, db: Db, statement: str, meanwhile: list[Callable[[], object]]) -> None:
        super().__init__(db._connection)
        self._statement, self._meanwhile = statement, meanwhile

    def _execute(self, name: str, values: dict[str, object]) -> Any:
        if name == self._statement and self._meanwhile:
            self._meanwhile.pop()()
        return super()._execute(name, values)


def interrupt(shop: Shop, statement: str, meanwhile: Callable[[], object], use_case: Any, *args: object) -> None:
    """Do a use-case, and something else in another transaction just before its first such statement."""
    once = [meanwhile]

    def act(work: Work) -> None:
        work.db = Interrupted(work.db, statement, once)
        use_case(work, *args)

    shop.do(act)
    assert not once, f"{statement} did not run"


def settled(shop: Shop) -> None:
    """Serve whoever can be served; then every law holds."""
    shop.check()
    assert [finding.words for finding in doctor(shop.books, shop.clock).findings] == []


MOMENTS = ["join_marks", "marked_variants", "lock_gates", "marks_on", "lock_orders", "usable_units", "keepers",
           "draw_turn", "reserve_units", "drop_marks", "keep_reach"]  # fmt: skip


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_receipt_during_a_check_is_not_forgotten(shop: Shop, moment: str) -> None:
    shop.sells("MUG").order("A", MUG=5)
    shop.gets("MUG", 2)
    interrupt(shop, moment, lambda: shop.gets("MUG", 3, bin="A-02"), check_backorders, 1)
    settled(shop)
    assert shop.has("A") == {"MUG": 5}


@pytest.mark.parametrize(
    "moment", ["peek_queues", "lock_gates", "marks_on", "usable_units", "keepers", "draw_turn", "drop_marks"]
)
def test_a_receipt_during_an_intake_beside_a_marked_queue_goes_to_who_waits(shop: Shop, moment: str) -> None:
    shop.sells("MUG").order("A", MUG=5)
    # A mark without a free unit: what came is gone again.
    shop.gets("MUG", 1).do(adjust_stock, "MUG", -1, location="A-01", reason="broken")
    late = NewOrder("B", [NewLine("MUG", 3)])
    interrupt(shop.later(minutes=1), moment, lambda: shop.gets("MUG", 3), place_order, late)
    settled(shop)
    assert (shop.has("A"), shop.has("B")) == ({"MUG": 3}, {"MUG": 0})


@pytest.mark.parametrize("moment", ["lock_gates", "marks_on", "usable_units", "keepers", "draw_turn"])
def test_a_receipt_during_an_intake_goes_to_who_waits(shop: Shop, moment: str) -> None:
    shop.sells("MUG").order("A", MUG=5)
    late = NewOrder("B", [NewLine("MUG", 3)])
    interrupt(shop.later(minutes=1), moment, lambda: shop.gets("MUG", 3), place_order, late)
    settled(shop)
    assert (shop.has("A"), shop.has("B")) == ({"MUG": 3}, {"MUG": 0})


@pytest.mark.parametrize(
    "moment", ["lock_gates", "marks_on", "lock_orders", "usable_units", "keepers", "draw_turn"]
)
def test_a_receipt_during_a_retry_goes_to_who_ranks_best(shop: Shop, moment: str) -> None:
    shop.sells("MUG").order("A", MUG=5)
    shop.later(minutes=1).order("B", MUG=3)
    interrupt(shop, moment, lambda: shop.gets("MUG", 3), allocate_order, "B")
    settled(shop)
    assert (shop.has("A"), shop.has("B")) == ({"MUG": 3}, {"MUG": 0})
