"""All that is reserved for the backorders of a variant goes out at once, each unit exactly once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from makegood.services.backorders.fulfil_reserved import count_reserved, fulfil_reserved
from makegood.services.hold_order import hold_order
from makegood.services.work import Work
from tests.services.backorder_stories import backorder, is_sound, lapses, on_hand
from tests.shop import Shop


def waiting(shop: Shop, orders: int) -> Shop:
    """So many orders wait for two mugs each."""
    shop.sells("MUG")
    for number in range(orders):
        shop.order(f"A{number}", MUG=2)
    return shop


def everything(shop: Shop, most: int = 1000) -> int:
    """Let batch after batch go out; give the units."""
    units = 0
    while (gone := shop.do(fulfil_reserved, ["MUG"], most=most)).units:
        units += gone.units
    return units


def test_what_is_reserved_goes_out_and_closes_what_is_complete(shop: Shop) -> None:
    waiting(shop, 4).gets("MUG", 7).check()
    assert shop.do(count_reserved, ["MUG"]) == (4, 7)
    assert everything(shop, most=2) == 7
    assert [backorder(shop, f"A{number}").status for number in range(4)] == ["FULFILLED"] * 3 + [
        "PARTIALLY_FULFILLED"
    ]
    assert shop.status("A0") == "SHIPPED"
    assert on_hand(shop, "MUG") == 0
    assert "backorder:fulfilled" in shop.events("A0")
    assert is_sound(shop)


def test_nothing_goes_out_twice_from_two_desks(shop: Shop) -> None:
    waiting(shop, 30).gets("MUG", 41).check()
    with ThreadPoolExecutor(3) as desks:
        assert sum(desks.map(lambda _: everything(shop, most=5), range(3))) == 41
    assert on_hand(shop, "MUG") == 0
    assert is_sound(shop)


def test_what_has_lapsed_is_held_or_lies_out_of_reach_stays(shop: Shop) -> None:
    waiting(shop, 4).gets("MUG", 6).gets("MUG", 2, bin="A-02").check()
    shop.do(hold_order, "A0", because="the customer is away")
    lapses(shop, "A1", shop.clock - timedelta(minutes=1))
    shop.change("UPDATE locations SET active = false WHERE code = 'A-02'")
    assert everything(shop) == 2
    assert backorder(shop, "A2").status == "FULFILLED"


@pytest.mark.parametrize("orders", [2, 12])
def test_the_statements_of_a_batch_do_not_grow(shop: Shop, orders: int) -> None:
    waiting(shop, orders).gets("MUG", 2 * orders).check()

    def counted(work: Work) -> int:
        fulfil_reserved(work, ["MUG"])
        return work.db.statements

    assert shop.do(counted) == 20
