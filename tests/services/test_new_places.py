"""Units are waited for in one order, also where some are new: nobody waits in a ring for a place to be filled."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Event

import pytest

from makegood.domain.errors import NotEnough
from makegood.domain.sessions import CountedLine, Disposition, ReceivedLine, ReturnedLine
from makegood.services.count_stock import count
from makegood.services.move_stock import move_stock
from makegood.services.pick_order import release_to_pick, short_pick
from makegood.services.receive_stock import receive
from makegood.services.return_stock import take_back
from makegood.services.set_stock_aside import damage_stock
from makegood.services.work import Work
from tests.deadlocks import no_deadlock
from tests.meanwhile import at, held_up, soon
from tests.services.stock_stories import books_balance, lies
from tests.shop import Shop

Deed = Callable[[Work], object]


@pytest.fixture(autouse=True)
def nobody_waits_in_a_ring(shop: Shop) -> Iterator[None]:
    with no_deadlock(shop):
        yield


def race(shop: Shop, first: Deed, *others: Deed) -> None:
    """Let the others begin when the first is about to fill its places, and each come as far as it can.

    When the last comes as far as filling its own, it does so once somebody waits for it, or the first is done.
    """
    stopped, done = Event(), Event()
    with ThreadPoolExecutor(len(others)) as hands:
        begun: list[Future[object]] = []

        def meanwhile() -> None:
            for number, other in enumerate(others, 1):
                begun.append(hands.submit(shop.do, _stopping(other, stops) if number == len(others) else other))
                soon(lambda: stopped.is_set() or begun[-1].done() or held_up(shop) == len(begun))

        def stops() -> None:
            stopped.set()
            soon(lambda: done.is_set() or held_up(shop) > 0)

        shop.do(_stopping(first, meanwhile))
        done.set()
        for other in begun:
            other.result(20)


def _stopping(deed: Deed, before: Callable[[], object]) -> Deed:
    """Do something else just before places are filled for the first time."""

    def stopping(work: Work) -> object:
        at("add_stock", work, before)
        return deed(work)

    return stopping


def delivery(work: Work, reference: str = "PO-1") -> None:
    lines = [ReceivedLine("MUG", 3, "A-01", damaged=1), ReceivedLine("MUG", 5, "A-02")]
    receive(work, reference, lines)


def fills_the_second_bin(work: Work) -> None:
    receive(work, "PO-2", [ReceivedLine("MUG", 4, "A-02")])


def another_delivery(work: Work) -> None:
    delivery(work, "PO-3")


def a_count(work: Work) -> None:
    count(work, "C-1", [CountedLine("MUG", 1, "A-01"), CountedLine("MUG", 9, "A-02")])


def a_move(work: Work) -> None:
    with suppress(NotEnough):
        move_stock(work, "MUG", 1, from_location="A-02", to_location="A-01")


def damage(work: Work) -> None:
    with suppress(NotEnough):
        damage_stock(work, "MUG", 1, location="A-02", to_location="A-01")


@pytest.mark.parametrize("second", [another_delivery, a_count, a_move, damage])
def test_two_fill_the_same_places_of_which_one_has_just_been_filled(shop: Shop, second: Deed) -> None:
    """A delivery finds both bins empty; when it puts the goods away, somebody has filled the second one first."""
    shop.sells("MUG")
    race(shop, delivery, fills_the_second_bin, second)
    books_balance(shop)
    assert sum(units for units, _ in lies(shop, "MUG").values()) >= 3 + 5 + 4


def test_what_a_picker_misses_is_set_aside_while_a_return_of_the_same_comes_in(shop: Shop) -> None:
    """The return goes into the bin that the picker stands at, and into its quarantine, which is new to both."""
    shop.sells("MUG").gets("MUG", 5).order("A", MUG=5)
    shop.do(release_to_pick, ["A"])
    back = [ReturnedLine("MUG", 1, "A-01", Disposition.QUARANTINE), ReturnedLine("MUG", 2, "A-01")]
    race(
        shop,
        lambda work: short_pick(work, "A", line_number=1, missing=2, quarantine=True),
        lambda work: take_back(work, "RMA-1", back),
    )
    books_balance(shop)
    assert lies(shop, "MUG") == {("A-01", "AVAILABLE"): (5, 3), ("A-01", "QUARANTINE"): (3, 0)}
