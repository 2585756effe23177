"""Gates are waited for in one order, also by whoever comes to need another one half-way, or one that is new."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from makegood.services.backorders.allocate_backorder import allocate_backorder
from makegood.services.cancel_order import cancel_order
from makegood.services.gates import hold_gates
from makegood.services.work import Work
from tests.deadlocks import no_deadlock
from tests.field.test_failures_of_the_field import wait_for_one_who_waits
from tests.meanwhile import at
from tests.services.backorder_stories import number_of
from tests.services.inbound_stories import opens_west
from tests.shop import Shop


@pytest.fixture(autouse=True)
def nobody_waits_in_a_ring(shop: Shop) -> Iterator[None]:
    with no_deadlock(shop):
        yield


def test_stock_that_comes_half_way_makes_nobody_wait_in_a_ring(shop: Shop) -> None:
    """A is tried by name and holds MUG; a receipt shows that C, who ships whole, comes first and needs LID too."""
    shop.sells("LID", "MUG")
    shop.order("C", LID=1, MUG=1, ship_policy="COMPLETE", priority="EXPRESS")
    shop.order("A", MUG=2)
    number = number_of(shop, "A")
    tries = 0
    with ThreadPoolExecutor(1) as other:

        def comes_and_cancels() -> None:
            shop.gets("MUG", 1)
            other.submit(shop.do, cancel_order, "C")
            wait_for_one_who_waits(shop)

        def allocates(work: Work) -> None:
            nonlocal tries
            tries += 1
            if tries == 1:
                at("better_ranked", work, comes_and_cancels)
            allocate_backorder(work, number)

        shop.do(allocates)
    shop.check()
    assert (shop.has("A"), shop.status("C")) == ({"MUG": 1}, "CANCELLED")
    assert tries == 2


@pytest.mark.parametrize("later", [(3, 1), (1, 2)], ids=["of the same warehouse", "of another"])
def test_a_gate_that_is_made_is_not_held_before_an_earlier_one(shop: Shop, later: tuple[int, int]) -> None:
    """One holds an old gate and comes to need a new one; meanwhile another wants both."""
    opens_west(shop).sells("LID", "MUG", "PEN")
    old = shop.variant("LID"), 1
    shop.do(hold_gates, [old])
    with ThreadPoolExecutor(1) as other:

        def first_one_then_both(work: Work) -> None:
            hold_gates(work, [old])
            other.submit(shop.do, hold_gates, [old, later])
            wait_for_one_who_waits(shop)
            hold_gates(work, [later])

        shop.do(first_one_then_both)
    assert shop.rows("SELECT variant_id, warehouse_id FROM gates") == [old, later]
