"""Bins are counted: the difference at the moment of counting is posted, once, whatever happened since."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from makegood.domain.errors import AlreadyExists, Ambiguous, CountOutdated, InvalidValue, SessionClosed
from makegood.domain.orders import NewLine
from makegood.domain.sessions import Approval, CountedLine
from makegood.services.adjust_stock import adjust_stock
from makegood.services.count_stock import add_counted, approve_count, count, open_count, reject_count
from makegood.services.work import Work
from makegood.store.database import Database
from tests.services.stock_stories import books_balance, lies, marks
from tests.shop import MONDAY, Shop


def test_what_a_count_finds_goes_to_who_waits(books_of_each: Database) -> None:
    shop = Shop(books_of_each)
    shop.sells("MUG", "LID").gets("LID", 4).check()
    shop.order("A", MUG=3)
    made = shop.do(count, "CC-1", [CountedLine("MUG", 5, "A-01"), CountedLine("LID", 4, "A-01")])
    assert made == Approval("COUNT", "CC-1", 2, 5, 0, 5, True)
    assert marks(shop) == [("MUG", "cycle-count:CC-1")]
    shop.check()
    assert (shop.status("A"), shop.free("MUG"), shop.free("LID")) == ("ALLOCATED", 2, 4)
    books_balance(shop)


def test_what_a_count_misses_is_taken_from_the_worst_rank(books_of_each: Database) -> None:
    shop = Shop(books_of_each)
    shop.sells("MUG", "LID").gets("MUG", 7).gets("LID", 1).check()
    shop.order("OLD", placed=MONDAY - timedelta(days=2), MUG=3)
    shop.order("NEW", MUG=3)
    made = shop.do(count, "CC-1", [CountedLine("MUG", 4, "A-01"), CountedLine("LID", 3, "A-01")])
    assert (made.added, made.removed, made.usable) == (2, 3, 2)
    assert (shop.has("OLD"), shop.has("NEW")) == ({"MUG": 3}, {"MUG": 1})
    assert (shop.status("NEW"), shop.free("LID")) == ("PARTIALLY_ALLOCATED", 3)
    books_balance(shop)


def test_the_variance_is_that_of_the_moment_of_counting(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 10)
    shop.do(open_count, "CC-1")
    shop.do(add_counted, "CC-1", [CountedLine("MUG", 8, "A-01")])
    shop.gets("MUG", 5)
    shop.do(adjust_stock, "MUG", -1, location="A-01", reason="broken")
    shop.do(approve_count, "CC-1")
    assert lies(shop, "MUG") == {("A-01", "AVAILABLE"): (12, 0)}


def test_a_count_that_no_longer_fits_is_refused_whole(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 10)
    shop.do(open_count, "CC-1")
    shop.do(add_counted, "CC-1", [CountedLine("MUG", 1, "A-01"), CountedLine("LID", 1, "A-01")])
    shop.do(adjust_stock, "MUG", -4, location="A-01", reason="sold at the door")
    with pytest.raises(CountOutdated) as refused:
        shop.do(approve_count, "CC-1")
    assert refused.value.facts == {"session": "CC-1", "sku": "MUG", "variance": -9, "booked": 6}
    assert (shop.free("MUG"), shop.free("LID")) == (6, 0)
    shop.do(add_counted, "CC-1", [CountedLine("MUG", 1, "A-01")])
    shop.do(approve_count, "CC-1")
    assert (shop.free("MUG"), shop.free("LID")) == (1, 1)


def test_a_figure_that_is_entered_anew_supersedes_and_one_that_is_sent_twice_counts_once(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 10)
    shop.do(open_count, "CC-1")
    first = CountedLine("MUG", 3, "A-01", key="1")
    assert [shop.do(add_counted, "CC-1", [first]) for _ in range(2)] == [1, 0]
    assert shop.do(add_counted, "CC-1", [first._replace(counted=9, key="2")]) == 1
    assert shop.do(add_counted, "CC-1", [first]) == 0
    shop.do(approve_count, "CC-1")
    assert lies(shop, "MUG") == {("A-01", "AVAILABLE"): (9, 0)}
    assert shop.value("SELECT count(*) FROM stock_session_lines WHERE superseded") == 1


def test_a_place_is_counted_once_in_one_go(shop: Shop) -> None:
    shop.sells("MUG", aliases=["CUP"])
    with pytest.raises(InvalidValue, match="add its figures up"):
        shop.do(count, "CC-1", [CountedLine("MUG", 5, "A-01"), CountedLine("cup", 7, "A-01")])


def test_eight_who_approve_at_once_correct_the_books_once(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 10)
    shop.do(open_count, "CC-1")
    shop.do(add_counted, "CC-1", [CountedLine("MUG", 7, "A-01")])
    with ThreadPoolExecutor(8) as clerks:
        results = list(clerks.map(lambda _: shop.do(approve_count, "CC-1"), range(8)))
    assert (len(set(results)), shop.free("MUG")) == (1, 7)


def test_the_same_count_again_changes_nothing_and_another_under_its_name_is_refused(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 10)
    line = CountedLine("MUG", 8, "A-01")
    assert shop.do(count, "CC-1", [line]) == shop.do(count, "CC-1", [line])
    assert shop.free("MUG") == 8
    with pytest.raises(AlreadyExists):
        shop.do(count, "CC-1", [line._replace(counted=7)])


def test_a_rejected_count_changes_nothing(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 10)
    shop.do(open_count, "CC-1")
    shop.do(add_counted, "CC-1", [CountedLine("MUG", 0, "A-01")])
    shop.do(reject_count, "CC-1")
    with pytest.raises(SessionClosed):
        shop.do(approve_count, "CC-1")
    assert shop.free("MUG") == 10


def test_lots_are_counted_apart(shop: Shop) -> None:
    shop.sells("MILK").gets("MILK", 3, lot="L1", expires_on=date(2026, 5, 1))
    shop.do(count, "CC-1", [CountedLine("MILK", 2, "A-01")])
    shop.gets("MILK", 3, lot="L2", expires_on=date(2026, 6, 1))
    with pytest.raises(Ambiguous):
        shop.do(count, "CC-2", [CountedLine("MILK", 2, "A-01")])
    shop.do(count, "CC-2", [CountedLine("MILK", 2, "A-01", lot="L2"), CountedLine("MILK", 2, "A-01", lot="L1")])
    lots = shop.rows("SELECT lot, quantity FROM inventory_units ORDER BY 1")
    assert lots == [("L1", 2), ("L2", 2)]


def test_a_count_of_2000_bins_takes_no_more_statements_than_one_of_20(shop: Shop) -> None:
    skus = [f"S{number}" for number in range(2000)]
    shop.sells(*skus)
    shop.do(count, "START", [CountedLine(sku, 3, "A-01") for sku in skus])
    shop.check()
    shop.order("A", lines=[NewLine(sku, 3) for sku in skus[:200]])

    def statements(work: Work, reference: str, some: list[str]) -> int:
        count(work, reference, [CountedLine(sku, 1 + 4 * (n % 2), "A-01") for n, sku in enumerate(some)])
        return work.db.statements

    small, large = shop.do(statements, "SMALL", skus[:20]), shop.do(statements, "LARGE", skus)
    assert large <= small <= 45
    books_balance(shop)
