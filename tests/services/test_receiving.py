"""A delivery is unloaded, entered and approved: it counts exactly once, and whoever waits gets it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from makegood.domain.errors import (
    AlreadyExists,
    InvalidValue,
    KeyReused,
    SessionClosed,
    SessionLineNotFound,
    SessionNotFound,
    VariantNotFound,
)
from makegood.domain.sessions import Approval, ReceivedLine
from makegood.services.receive_stock import (
    add_received,
    approve_receiving,
    change_received,
    open_receiving,
    receive,
    reject_receiving,
)
from makegood.services.work import Work
from makegood.store.database import Database
from tests.services.stock_stories import books_balance, lies, marks
from tests.shop import Shop


def test_a_delivery_is_entered_approved_and_serves_who_waits(books_of_each: Database) -> None:
    shop = Shop(books_of_each)
    shop.sells("MUG", "LID", barcodes=[]).order("A", MUG=5, LID=1)
    shop.do(open_receiving, "PO-7")
    shop.do(add_received, "PO-7", [ReceivedLine("mug", 6, "A-01", damaged=2), ReceivedLine("LID", 3, "DOCK")])
    assert (marks(shop), lies(shop, "MUG")) == ([], {})
    made = shop.do(approve_receiving, "PO-7")
    assert made == Approval("RECEIVING", "PO-7", 2, 9, 0, 4, True)
    assert marks(shop) == [("MUG", "receiving:PO-7")]
    shop.check()
    assert shop.has("A") == {"MUG": 4, "LID": 0}
    assert lies(shop, "MUG") == {("A-01", "AVAILABLE"): (4, 4), ("A-01", "DAMAGED"): (2, 0)}
    assert shop.value("SELECT trigger_sources FROM attempts ORDER BY attempt_id DESC LIMIT 1") == [
        "receiving:PO-7"
    ]
    books_balance(shop)


def test_three_receipts_fill_an_order_three_times(shop: Shop) -> None:
    shop.sells("MUG").order("A", MUG=6)
    filled = []
    for number in range(3):
        shop.do(receive, f"R{number}", [ReceivedLine("MUG", 2, "A-01")])
        shop.check()
        filled.append((shop.has("A")["MUG"], shop.status("A")))
    assert filled == [(2, "PARTIALLY_ALLOCATED"), (4, "PARTIALLY_ALLOCATED"), (6, "ALLOCATED")]


def test_approving_again_gives_the_first_result_and_posts_nothing(shop: Shop) -> None:
    shop.sells("MUG")
    shop.do(open_receiving, "PO-7")
    shop.do(add_received, "PO-7", [ReceivedLine("MUG", 6, "A-01")])
    first = shop.do(approve_receiving, "PO-7")
    shop.check()
    assert (shop.do(approve_receiving, " PO-7 "), marks(shop)) == (first, [])
    assert lies(shop, "MUG") == {("A-01", "AVAILABLE"): (6, 0)}


def test_ten_who_approve_at_once_post_one_delivery(books_of_each: Database) -> None:
    shop = Shop(books_of_each)
    shop.sells("MUG")
    shop.do(open_receiving, "PO-7")
    shop.do(add_received, "PO-7", [ReceivedLine("MUG", 6, "A-01")])
    with ThreadPoolExecutor(8) as clerks:
        results = list(clerks.map(lambda _: shop.do(approve_receiving, "PO-7"), range(10)))
    assert len(set(results)) == 1
    assert lies(shop, "MUG") == {("A-01", "AVAILABLE"): (6, 0)}
    assert len(marks(shop)) == 1


def test_ten_who_send_the_same_delivery_at_once_receive_it_once(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    lines = [ReceivedLine("MUG", 6, "A-01"), ReceivedLine("LID", 1, "A-02")]
    with ThreadPoolExecutor(8) as clerks:
        results = list(clerks.map(lambda n: shop.do(receive, "PO-7", lines[:: (-1) ** n]), range(10)))
    assert len(set(results)) == 1
    assert (shop.free("MUG"), shop.free("LID")) == (6, 1)
    with pytest.raises(AlreadyExists, match="Receiving session PO-7"):
        shop.do(receive, "PO-7", [ReceivedLine("MUG", 7, "A-01"), lines[1]])
    assert shop.free("MUG") == 6


def test_a_line_that_is_entered_beside_an_approval_is_in_it_or_refused(books: Database) -> None:
    shop = Shop(books)
    shop.sells("MUG")

    def clerk(number: int) -> int:
        if number == 6:
            shop.do(approve_receiving, "PO-7")
            return 0
        try:
            return shop.do(add_received, "PO-7", [ReceivedLine("MUG", 1, "A-01")])
        except SessionClosed:
            return 0

    shop.do(open_receiving, "PO-7")
    with ThreadPoolExecutor(6) as clerks:
        entered = sum(clerks.map(clerk, range(12)))
    assert shop.free("MUG") == entered


def test_a_scan_that_is_sent_twice_counts_once(shop: Shop) -> None:
    shop.sells("MUG")
    shop.do(open_receiving, "PO-7")
    scan = ReceivedLine("MUG", 2, "A-01", key="scan-1")
    assert [shop.do(add_received, "PO-7", [scan, scan]) for _ in range(3)] == [1, 0, 0]
    assert shop.do(add_received, "PO-7", [scan._replace(key="scan-2"), scan._replace(key=None)]) == 2
    with pytest.raises(KeyReused):
        shop.do(add_received, "PO-7", [scan._replace(quantity=3)])
    shop.do(approve_receiving, "PO-7")
    assert shop.free("MUG") == 6


def test_a_line_is_corrected_or_taken_out_and_the_former_figure_stays_on_record(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    shop.do(open_receiving, "PO-7")
    scan = ReceivedLine("MUG", 20, "A-01", key="1")
    shop.do(add_received, "PO-7", [scan, ReceivedLine("LID", 1, "A-01", key="2")])
    shop.do(change_received, "PO-7", "1", quantity=2, damaged=1)
    shop.do(change_received, "PO-7", "2", quantity=0)
    assert shop.do(add_received, "PO-7", [scan]) == 0
    with pytest.raises(SessionLineNotFound, match="under the key 3"):
        shop.do(change_received, "PO-7", "3", quantity=1)
    shop.do(approve_receiving, "PO-7")
    assert lies(shop, "MUG") == {("A-01", "AVAILABLE"): (1, 0), ("A-01", "DAMAGED"): (1, 0)}
    assert (shop.free("LID"), shop.value("SELECT count(*) FROM stock_session_lines")) == (0, 4)


def test_a_rejected_delivery_leaves_nothing_and_stays_rejected(shop: Shop) -> None:
    shop.sells("MUG")
    shop.do(open_receiving, "PO-7")
    shop.do(add_received, "PO-7", [ReceivedLine("MUG", 2, "A-01")])
    shop.do(reject_receiving, "PO-7")
    shop.do(reject_receiving, "PO-7")
    for verb in (approve_receiving, lambda work, name: add_received(work, name, [ReceivedLine("MUG", 1, "A-01")])):
        with pytest.raises(SessionClosed, match="REJECTED"):
            shop.do(verb, "PO-7")
    assert shop.free("MUG") == 0
    shop.do(open_receiving, "PO-8")
    shop.do(approve_receiving, "PO-8")
    with pytest.raises(SessionClosed, match="APPROVED"):
        shop.do(reject_receiving, "PO-8")


def test_whoever_approves_the_own_figures_is_noted(shop: Shop) -> None:
    shop.sells("MUG")
    shop.do(open_receiving, "PO-7")
    shop.do(add_received, "PO-7", [ReceivedLine("MUG", 2, "A-01")])

    def as_chief(work: Work, reference: str) -> Approval:
        work.actor = "chief"
        return approve_receiving(work, reference)

    assert not shop.do(as_chief, "PO-7").self_approved
    assert shop.do(receive, "PO-8", [ReceivedLine("MUG", 2, "A-01")]).self_approved
    assert shop.rows("SELECT reference, closed_by, self_approved FROM stock_sessions ORDER BY 1") == [
        ("PO-7", "chief", False),
        ("PO-8", "manager", True),
    ]


def test_lots_arrive_with_their_dates_and_expired_ones_serve_nobody(shop: Shop) -> None:
    shop.sells("MILK", lot_tracked=True, expiry_tracked=True).order("A", MILK=3)
    past, future = date(2026, 1, 1), date(2026, 12, 1)
    made = shop.do(
        receive,
        "PO-7",
        [
            ReceivedLine("MILK", 2, "A-01", lot="L1", expires_on=past),
            ReceivedLine("MILK", 2, "A-01", lot="L2", expires_on=future),
        ],
    )
    shop.check()
    assert (made.added, made.usable, shop.has("A")) == (4, 2, {"MILK": 2})
    with pytest.raises(InvalidValue, match="lot"):
        shop.do(receive, "PO-8", [ReceivedLine("MILK", 1, "A-01")])


def test_what_makes_no_sense_is_refused_whole(shop: Shop) -> None:
    shop.sells("MUG")
    good = ReceivedLine("MUG", 1, "A-01")
    for bad in (good._replace(quantity=0), good._replace(damaged=2), good._replace(quantity=2**31)):
        with pytest.raises(InvalidValue):
            shop.do(receive, "PO-7", [good, bad])
    with pytest.raises(VariantNotFound):
        shop.do(receive, "PO-7", [good, good._replace(sku="CUP")])
    with pytest.raises(InvalidValue, match="reference"):
        shop.do(receive, " ", [good])
    with pytest.raises(SessionNotFound):
        shop.do(approve_receiving, "PO-7")
    assert shop.value("SELECT count(*) FROM stock_sessions") == 0


def test_a_session_of_2000_lines_takes_no_more_statements_than_one_of_20(shop: Shop) -> None:
    shop.sells(*(f"S{number}" for number in range(2000)))

    def statements(work: Work, reference: str, units: int) -> int:
        lines = [ReceivedLine(f"S{n}", 3, "A-01", damaged=1, key=str(n)) for n in range(units)]
        receive(work, reference, lines)
        return work.db.statements

    assert shop.do(statements, "SMALL", 20) == shop.do(statements, "LARGE", 2000) <= 20
