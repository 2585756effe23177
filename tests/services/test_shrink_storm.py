"""Everything at once: stock comes, goes, moves and changes while orders are placed and served; the laws hold."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from makegood.domain.errors import Ambiguous, Conflict, NotFound
from makegood.domain.orders import NewLine, NewOrder
from makegood.domain.sessions import CountedLine, ReceivedLine, ReturnedLine
from makegood.services.adjust_stock import adjust_stock
from makegood.services.cancel_order import cancel_order
from makegood.services.check_backorders import check_backorders
from makegood.services.count_stock import count
from makegood.services.doctor import doctor
from makegood.services.move_stock import Move, move_all
from makegood.services.pick_order import confirm_pick, release_to_pick, ship_order
from makegood.services.place_order import place_order
from makegood.services.receive_stock import receive
from makegood.services.return_stock import take_back
from makegood.services.set_location import set_location
from makegood.services.set_shelf_life import set_min_shelf_life
from makegood.services.set_stock_aside import damage_stock, quarantine_stock, release_quarantine, restore_stock
from makegood.services.shrink_expired import shrink_expired
from makegood.store.database import Database
from tests.services.stock_stories import books_balance
from tests.shop import MONDAY, Shop

SKUS = ["MUG", "LID", "CUP", "TEA"]
BINS = ["A-01", "A-02", "DOCK"]
Verb = Callable[["Hand"], object]


class Hand:
    """One of several who work in the warehouse at the same time, each choosing what to do next by chance."""

    def __init__(self, shop: Shop, name: int) -> None:
        self.shop, self.name, self.chance = shop, name, random.Random(name)
        self.done: Counter[str] = Counter()

    def works(self, steps: int) -> Counter[str]:
        """Do so many things; what the books refuse is refused."""
        for step in range(steps):
            verb = self.chance.choice(VERBS)
            self.step = f"{self.name}-{step}"
            try:
                verb(self)
                self.done[verb.__name__] += 1
            except (Ambiguous, Conflict, NotFound) as refused:
                self.done[refused.code] += 1
        return self.done

    @property
    def sku(self) -> str:
        return self.chance.choice(SKUS)

    @property
    def bin(self) -> str:
        return self.chance.choice(BINS)

    @property
    def units(self) -> int:
        return self.chance.randint(1, 6)

    @property
    def lots(self) -> dict[str, Any]:
        """A lot that is sometimes short-dated."""
        number = self.chance.randint(1, 3)
        return {"lot": f"L{number}", "expires_on": MONDAY.date() + timedelta(days=10 * number)}


def orders(hand: Hand) -> None:
    policy = hand.chance.choice(["PARTIAL", "PARTIAL", "COMPLETE_LINES", "COMPLETE"])
    priority = hand.chance.choice(["STANDARD", "RUSH", "EXPRESS"])
    lines = [NewLine(sku, hand.units) for sku in hand.chance.sample(SKUS, 2)]
    hand.shop.do(place_order, NewOrder(f"O{hand.step}", lines, ship_policy=policy, priority=priority))


def cancels(hand: Hand) -> None:
    hand.shop.do(cancel_order, f"O{hand.name}-{hand.chance.randint(0, 40)}")


def receives(hand: Hand) -> None:
    lines = [ReceivedLine(hand.sku, hand.units, hand.bin, damaged=hand.chance.randint(0, 1)) for _ in range(3)]
    hand.shop.do(receive, hand.step, [*lines, ReceivedLine("TEA", hand.units, hand.bin, **hand.lots)])


def counts(hand: Hand) -> None:
    bin = hand.bin
    lines = [CountedLine(sku, hand.units, bin) for sku in hand.chance.sample(SKUS[:3], 2)]
    hand.shop.do(count, hand.step, lines)


def takes_back(hand: Hand) -> None:
    how = hand.chance.choice(["restock", "quarantine", "damaged"])
    hand.shop.do(take_back, hand.step, [ReturnedLine(hand.sku, hand.units, hand.bin, how)])


def moves(hand: Hand) -> None:
    (one, other), (third, fourth) = hand.chance.sample(BINS, 2), hand.chance.sample(BINS, 2)
    hand.shop.do(
        move_all,
        [Move("MUG", hand.units, one, other), Move("LID", hand.units, third, fourth), Move("CUP", 1, one, other)],
    )


def moves_one(hand: Hand) -> None:
    one, other = hand.chance.sample(BINS, 2)
    hand.shop.do(move_all, [Move(hand.sku, hand.units, one, other)])


def adjusts(hand: Hand) -> None:
    hand.shop.do(adjust_stock, hand.sku, hand.chance.choice([-4, -2, 3]), location=hand.bin, reason="shelf check")


def sets_aside(hand: Hand) -> None:
    verb = hand.chance.choice([damage_stock, quarantine_stock])
    hand.shop.do(verb, hand.sku, hand.units, location=hand.bin)


def gives_back(hand: Hand) -> None:
    verb = hand.chance.choice([restore_stock, release_quarantine])
    hand.shop.do(verb, hand.sku, hand.units, location=hand.bin)


def opens_or_closes(hand: Hand) -> None:
    hand.shop.do(set_location, hand.bin, is_pickable=hand.chance.random() < 0.6)


def changes_shelf_life(hand: Hand) -> None:
    hand.shop.do(set_min_shelf_life, "TEA", hand.chance.choice([0, 15, 25]))


def shrinks(hand: Hand) -> None:
    hand.shop.do(shrink_expired, most=3)


def checks(hand: Hand) -> None:
    hand.shop.do(check_backorders, 1, most=5)


def ships(hand: Hand) -> None:
    ready = hand.shop.rows("SELECT number FROM orders WHERE status IN ('ALLOCATED', 'READY_TO_PICK', 'PICKED')")
    if ready:
        number = hand.chance.choice(ready)[0]
        for step in (release_to_pick, confirm_pick, ship_order):
            hand.shop.do(step, [number])


VERBS: list[Verb] = [
    *[orders, receives, checks, moves_one] * 3,
    *[adjusts, counts, takes_back, sets_aside, gives_back, moves] * 2,
    *[opens_or_closes, changes_shelf_life, shrinks, cancels, ships],
]


def laws_hold(shop: Shop) -> None:
    """Serve whoever can be served, and ask the doctor."""
    shop.check()
    books_balance(shop)
    assert [finding.words for finding in doctor(shop.books, shop.clock).findings] == []
    usable = "SELECT unit_id FROM usable_units(%s)"
    stranded = (
        f"SELECT * FROM inventory_units WHERE reserved > 0 AND status <> 'PICKED' AND unit_id NOT IN ({usable})"
    )
    assert shop.rows(stranded, shop.clock.date()) == []


def test_one_hand_after_another(shop: Shop) -> None:
    shop.sells(*SKUS)
    for name in range(8):
        Hand(shop, name).works(25)
        laws_hold(shop)


@pytest.mark.slow
def test_six_hands_at_once(books_of_each: Database) -> None:
    shop = Shop(books_of_each)
    shop.sells(*SKUS)
    with ThreadPoolExecutor(6) as house:
        done = sum(house.map(lambda name: Hand(shop, name).works(80), range(6)), Counter[str]())
    laws_hold(shop)
    assert done["orders"] > 20
    assert done["receives"] > 20
