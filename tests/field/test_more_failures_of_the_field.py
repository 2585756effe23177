"""The rest of the list: what others hold locks over, do not wake for, swap, hide, let drift or free in error."""

import sys
from collections.abc import Callable
from datetime import timedelta
from threading import get_ident

import pytest

from makegood.domain.orders import NewLine, NewOrder
from makegood.domain.sessions import CountedLine, Disposition, ReturnedLine
from makegood.jobs.drain import drain
from makegood.jobs.station import Station
from makegood.services.adjust_stock import adjust_stock
from makegood.services.check_backorders import check_backorders
from makegood.services.count_stock import count
from makegood.services.doctor import doctor
from makegood.services.edit_order import edit_order
from makegood.services.list_queue import list_queue
from makegood.services.move_stock import move_stock
from makegood.services.place_order import place_order
from makegood.services.repair_books import repair_books
from makegood.services.return_stock import take_back
from makegood.services.work import Work
from tests.jobs.corrupt import unwritable
from tests.shop import MONDAY, Shop

OUTSIDE = ("socket.", "open", "subprocess.", "os.system", "urllib.", "smtplib.", "shutil.")
calls_outside: list[str] = []
# The thread that is watched: others of this process may do what they like.
watched: list[int | None] = [None]


def _notice(event: str, what: tuple[object, ...]) -> None:
    if watched[0] == get_ident() and event.startswith(OUTSIDE):
        calls_outside.append(f"{event} {what[:1]}")


sys.addaudithook(_notice)


def test_5_nothing_but_the_books_is_asked_while_they_are_held(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 1)
    shop.order("WARM", MUG=2)
    shop.check()

    def watching(work: Work, use_case: Callable[..., object], *args: object) -> None:
        watched[0] = get_ident()
        try:
            use_case(work, *args)
        finally:
            watched[0] = None

    shop.do(watching, place_order, NewOrder("A", [NewLine("MUG", 3)]))
    shop.gets("MUG", 2)
    shop.do(watching, check_backorders, 1)
    assert calls_outside == []
    watched[0] = get_ident()
    open(__file__).close()
    watched[0] = None
    assert calls_outside == [f"open {(__file__,)}"]


def test_11_a_move_between_bins_leaves_every_reservation_with_its_line(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 5).check()
    shop.order("A", MUG=3)
    shop.order("B", MUG=2)
    shop.do(move_stock, "MUG", 4, from_location="A-01", to_location="A-02")
    assert (shop.has("A"), shop.has("B")) == ({"MUG": 3}, {"MUG": 2})
    assert doctor(shop.books, shop.clock).findings == []


@pytest.mark.parametrize(
    "comes",
    [
        lambda shop: shop.gets("MUG", 2),
        lambda shop: shop.do(count, "C-1", [CountedLine("MUG", 2, "A-01")]),
        lambda shop: shop.do(adjust_stock, "MUG", 2, location="A-01", reason="found"),
        lambda shop: shop.do(take_back, "RMA-1", [ReturnedLine("MUG", 2, "A-01", Disposition.RESTOCK)]),
    ],
    ids=["unplanned receipt", "count gain", "adjustment", "return"],
)
def test_12_stock_that_nobody_announced_wakes_the_queue(shop: Shop, comes: Callable[[Shop], object]) -> None:
    shop.sells("MUG").order("WAITS", MUG=2)
    comes(shop)
    assert shop.value("SELECT count(*) FROM marks") > 0
    shop.check()
    assert shop.status("WAITS") == "ALLOCATED"


def test_15_one_poisonous_order_is_on_record_and_the_rest_are_served(shop: Shop) -> None:
    shop.sells("MUG")
    for number in ("A", "POISON", "C"):
        shop.later(minutes=1).order(number, MUG=1)
    unwritable(shop, "POISON")
    shop.gets("MUG", 3)
    drain(Station(shop.books, clock=lambda: MONDAY + timedelta(hours=1)))
    assert (shop.status("A"), shop.status("C")) == ("ALLOCATED", "ALLOCATED")
    assert [one.order for one in shop.do(list_queue).aside] == ["POISON"]


def test_18_a_figure_that_drifted_is_found_and_brought_back(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 5).check()
    shop.order("A", MUG=3)
    shop.change("UPDATE inventory_units SET reserved = 1")
    (found,) = doctor(shop.books, shop.clock).findings
    assert "1 units are booked as reserved, its open allocations hold 3" in found.words
    shop.do(repair_books, [found])
    assert shop.value("SELECT reserved FROM inventory_units") == 3
    assert doctor(shop.books, shop.clock).findings == []


def test_21_one_order_that_wants_less_frees_no_other(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 2).check()
    shop.order("A", MUG=2)
    shop.order("B", MUG=4)
    shop.order("C", MUG=4)
    shop.do(edit_order, "B", quantities={1: 1})
    shop.check()
    assert (shop.has("A"), shop.has("B"), shop.has("C")) == ({"MUG": 2}, {"MUG": 0}, {"MUG": 0})
    assert [shop.status(number) for number in "ABC"] == ["ALLOCATED", "BACKORDERED", "BACKORDERED"]
