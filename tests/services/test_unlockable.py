"""The unlock window: which backorders could let some lines go now, what is ready and what is short."""

import random

import pytest

from makegood.domain.errors import InvalidValue, NothingToShip, WarehouseNotFound
from makegood.domain.orders import NewLine
from makegood.services.list_unlockable import count_unlockable, list_unlockable
from tests.services.split_stories import insist_sound, split
from tests.shop import Shop

# The slow twin: every order that could be meant is judged line by line, whatever is free of it.
TWIN = """
WITH lines AS (
    SELECT l.*, o.status, l.quantity - l.cancelled - l.fulfilled - l.allocated AS short
    FROM orders o JOIN order_lines l USING (order_id)
    WHERE l.quantity > l.cancelled + l.fulfilled
      AND (o.status = 'PARTIALLY_ALLOCATED' OR (o.status = 'BACKORDERED' AND o.ship_policy = 'COMPLETE'))
), judged AS (
    SELECT i.order_id, i.short = 0 OR (i.ship_policy = 'COMPLETE' AND i.waiting AND
        (SELECT sum(s.short) FROM lines s WHERE s.order_id = i.order_id AND s.variant_id = i.variant_id
                                            AND s.line_number <= i.line_number)
        <= (SELECT COALESCE(sum(u.free), 0) FROM usable_units(%s) u
            WHERE u.variant_id = i.variant_id AND u.warehouse_id = i.warehouse_id)
         - (SELECT COALESCE(sum(k.quantity - k.cancelled - k.fulfilled - k.allocated), 0) FROM order_lines k
            WHERE k.waiting AND k.keeps_back AND k.variant_id = i.variant_id AND k.warehouse_id = i.warehouse_id
              AND k.order_id <> i.order_id
              AND (k.rank_priority, k.placed_at, k.root_order_id)
                < (i.rank_priority, i.placed_at, i.root_order_id))) AS ready
    FROM lines i
)
SELECT order_id FROM judged GROUP BY order_id HAVING bool_or(ready) AND NOT bool_and(ready)
"""


@pytest.fixture
def some_can_go(shop: Shop) -> Shop:
    """A has all its mugs and no lid, B has a part of its mugs, C ships complete and could have a cup."""
    shop.sells("MUG", "LID", "CUP").gets("MUG", 4).gets("CUP", 1).check()
    shop.order("A", MUG=3, LID=1)
    shop.later(minutes=1).order("B", MUG=5)
    shop.later(minutes=1).order("C", CUP=1, LID=2, ship_policy="COMPLETE")
    shop.later(minutes=1).order("D", LID=1)
    return shop


def test_it_lists_what_is_ready_and_what_is_short(some_can_go: Shop) -> None:
    page = some_can_go.do(list_unlockable)
    told = [(one.order.number, one.ready_units, one.waiting_units) for one in page.orders]
    assert told == [("A", 3, 1), ("C", 1, 2)]
    assert [(line.sku, line.short, line.ready) for line in page.orders[0].lines] == [
        ("MUG", 0, True),
        ("LID", 1, False),
    ]
    assert page.next is None


def test_what_it_lists_can_be_divided_and_nothing_else(some_can_go: Shop) -> None:
    shop = some_can_go
    for one in shop.do(list_unlockable).orders:
        assert split(shop, one.order.number).shippable_items == one.ready_units
    with pytest.raises(NothingToShip):
        split(shop, "B")
    assert shop.do(list_unlockable).orders == []
    insist_sound(shop)


def test_it_is_paged(some_can_go: Shop) -> None:
    shop = some_can_go
    first = shop.do(list_unlockable, most=1)
    assert [one.order.number for one in first.orders] == ["A"]
    rest = shop.do(list_unlockable, most=1, after=first.next)
    assert [one.order.number for one in rest.orders] == ["C"]
    assert shop.do(list_unlockable, most=1, after=rest.next).orders == []
    with pytest.raises(WarehouseNotFound):
        shop.do(list_unlockable, warehouse="WEST")
    for wrong in ("nonsense", "WyJ4IiwgMV0"):
        with pytest.raises(InvalidValue):
            shop.do(list_unlockable, after=wrong)


def test_what_is_kept_back_for_somebody_ahead_is_not_ready(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 1).check()
    shop.order("AHEAD", MUG=1, LID=1, ship_policy="COMPLETE", when_short="reserve")
    shop.later(minutes=1).order("BEHIND", MUG=1, LID=1, ship_policy="COMPLETE")
    assert [one.order.number for one in shop.do(list_unlockable).orders] == ["AHEAD"]
    with pytest.raises(NothingToShip):
        split(shop, "BEHIND")


@pytest.mark.parametrize("seed", range(3))
def test_it_lists_whom_the_slow_twin_finds(shop: Shop, seed: int) -> None:
    chance, skus = random.Random(seed), ["MUG", "LID", "CUP", "POT"]
    shop.sells(*skus)
    for number in range(60):
        lines = [
            NewLine(chance.choice(skus), chance.randint(1, 4), priority=chance.choice([None, "RUSH"]))
            for _ in range(chance.randint(1, 4))
        ]
        policy = chance.choice(["PARTIAL", "COMPLETE", "COMPLETE", "COMPLETE_LINES"])
        shop.later(minutes=chance.randint(0, 1)).order(
            f"N{number}",
            lines=lines,
            ship_policy=policy,
            priority=chance.choice(["STANDARD", "EXPRESS"]),
            when_short=chance.choice(["skip", "reserve"]),
        )
    for sku in skus:
        shop.gets(sku, chance.randint(5, 40)).check()
    twin = {row[0] for row in shop.rows(TWIN, shop.clock.date())}
    page = shop.do(list_unlockable, most=100)
    assert {one.order.order_id for one in page.orders} == twin
    assert twin, "a book in which nothing can go would show nothing"
    for one in page.orders:
        assert any(line.ready for line in one.lines)
        assert not all(line.ready for line in one.lines)
    assert shop.do(count_unlockable) == len(twin)
    assert shop.do(count_unlockable, enough=1) == min(len(twin), 2)
