"""Everybody locks in one order, so that nobody waits for a deadlock to be found: that takes a second each time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import get_ident

import pytest

from makegood.domain.orders import NewLine
from makegood.domain.sessions import CountedLine, ReceivedLine
from makegood.services.cancel_order import cancel_order
from makegood.services.count_stock import count
from makegood.services.move_stock import Move, move_all
from makegood.services.pick_order import confirm_pick, release_to_pick, ship_order, short_pick
from makegood.services.receive_stock import receive
from tests.deadlocks import no_deadlock
from tests.shop import Shop

SKUS = [f"S{number}" for number in range(12)]
ROUNDS = 40
Round = Callable[[Shop, int], object]


def picks(shop: Shop, number: int) -> None:
    shop.do(confirm_pick, [f"PICK{number}"])
    shop.do(ship_order, [f"PICK{number}"])


def picks_short(shop: Shop, number: int) -> None:
    shop.do(short_pick, f"PICK{number}", line_number=1 + number % 12, missing=1, quarantine=True)


def cancels(shop: Shop, number: int) -> None:
    shop.do(cancel_order, f"PICK{number}")


def moves(shop: Shop, number: int) -> None:
    here, there = ("A-01", "A-02") if number % 2 else ("A-02", "A-01")
    shop.do(move_all, [Move(sku, 1, here, there) for sku in SKUS])


def counts(shop: Shop, number: int) -> None:
    shop.do(count, f"C{number}", [CountedLine(sku, 3000 + number % 2, "A-01") for sku in SKUS])


def receives(shop: Shop, number: int) -> None:
    shop.do(receive, f"R-{get_ident()}-{number}", [ReceivedLine(sku, 1, "A-01") for sku in SKUS])


@pytest.mark.slow
@pytest.mark.parametrize("verb", [picks, picks_short, cancels, moves, counts])
def test_receipts_of_many_units_and_those_who_take_them_never_deadlock(shop: Shop, verb: Round) -> None:
    shop.sells(*SKUS)
    for sku in reversed(SKUS):
        shop.gets(sku, 3000).gets(sku, 100, bin="A-02")
    for number in range(ROUNDS):
        shop.order(f"PICK{number}", lines=[NewLine(sku, 1) for sku in SKUS])
    shop.do(release_to_pick, [f"PICK{number}" for number in range(ROUNDS)])

    def works(one: Round) -> None:
        for number in range(ROUNDS):
            one(shop, number)

    with no_deadlock(shop), ThreadPoolExecutor(3) as hands:
        list(hands.map(works, (verb, receives, receives)))
