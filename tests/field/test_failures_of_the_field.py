"""What other systems of this kind get wrong, each as a story that would fail if we had it too.

The numbers are those of the list of field failures that this project was founded on.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from time import sleep

import pytest

from makegood.domain.orders import NewLine, NewOrder
from makegood.jobs.wake import WAKE_UP, enqueue
from makegood.services.adjust_stock import adjust_stock
from makegood.services.backorders.change_allocation import release_allocation
from makegood.services.cancel_order import cancel_order
from makegood.services.check_backorders import check_backorders
from makegood.services.dashboard.list_skus_waiting import list_skus_waiting
from makegood.services.edit_order import edit_order
from makegood.services.expire_allocations import expire_allocations
from makegood.services.explain_order import explain_order
from makegood.services.follow_events import START, FollowedEvent, follow_events
from makegood.services.hold_order import hold_order
from makegood.services.pick_order import confirm_pick, release_to_pick, ship_order
from makegood.services.place_order import place_order, place_orders
from makegood.services.show_availability import show_availability
from makegood.services.show_stock import stock_by_variant
from makegood.services.work import Work
from tests.deadlocks import no_deadlock
from tests.meanwhile import held_up, soon
from tests.services.backorder_stories import lapses
from tests.shop import MONDAY, Shop


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Do these at the same time, each on a connection of its own, and give what each came to."""

    def outcome(deed: Callable[[], object]) -> object:
        try:
            return deed()
        except Exception as refused:
            return refused

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(outcome, deeds))


def test_1_many_who_want_the_last_units_never_get_more_than_there_are(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 10).check()
    made = at_once(*(lambda n=n: shop.order(f"A{n}", MUG=3) for n in range(8)))
    assert not [one for one in made if isinstance(one, Exception)]
    assert shop.value("SELECT sum(allocated) FROM order_lines") == 10
    assert shop.value("SELECT reserved FROM inventory_units") == 10


def test_2_who_waits_for_the_lock_decides_from_what_is_there_afterwards(shop: Shop) -> None:
    """Both have looked before either has the lock: the look is worth nothing, only what is read under it."""
    shop.sells("MUG").gets("MUG", 3).check()
    first_has_reserved, second_has_asked = Event(), Event()

    def slow_first(work: Work) -> str:
        made = place_order(work, NewOrder("FIRST", [NewLine("MUG", 3)]))
        first_has_reserved.set()
        second_has_asked.wait(5)
        return made.after.status.value

    def second() -> str:
        first_has_reserved.wait(5)
        second_has_asked.set()
        return shop.order("SECOND", MUG=3).after.status.value

    assert at_once(lambda: shop.do(slow_first), second) == ["ALLOCATED", "BACKORDERED"]


def test_3_lines_of_one_order_and_of_one_batch_share_what_there_is(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 5).check()
    batch = [NewOrder(f"B{n}", [NewLine("MUG", 2), NewLine("mug", 2)]) for n in range(2)]
    shop.do(place_orders, batch, warehouse="EAST")
    assert shop.value("SELECT sum(allocated) FROM order_lines") == 5
    assert (shop.has("B0"), shop.has("B1")) == ({"MUG": 2, "mug": 2}, {"MUG": 1, "mug": 0})


def test_4_opposite_orders_of_lines_and_receipts_do_not_deadlock(shop: Shop) -> None:
    shop.sells("MUG", "LID")

    def orders(name: str, first: str, second: str) -> None:
        for n in range(15):
            shop.order(f"{name}{n}", lines=[NewLine(first, 1), NewLine(second, 1)])

    def receipts(first: str, second: str) -> None:
        for _ in range(15):
            shop.gets(first, 1).gets(second, 1)

    def drains() -> None:
        for _ in range(15):
            shop.do(check_backorders, 1)

    with no_deadlock(shop):
        made = at_once(
            lambda: orders("X", "MUG", "LID"),
            lambda: orders("Y", "LID", "MUG"),
            lambda: receipts("MUG", "LID"),
            lambda: receipts("LID", "MUG"),
            drains,
        )
    assert made == [None] * 5
    shop.check()
    assert shop.value("SELECT sum(allocated) FROM order_lines") == 60


@pytest.mark.parametrize(
    "freed",
    [
        lambda shop: shop.do(cancel_order, "HAS"),
        lambda shop: shop.do(edit_order, "HAS", quantities={1: 0}),
        lambda shop: shop.do(hold_order, "HAS", because="payment", free=True),
        lambda shop: shop.do(cancel_order, "HAS", quantities={1: 4}),
        lambda shop: shop.do(release_allocation, shop.value("SELECT allocation_id FROM allocations")),
        lambda shop: shop.do(expire_allocations),
        lambda shop: shop.do(edit_order, "HAS", add=[NewLine("LID", 1)], ship_policy="COMPLETE"),
    ],
    ids=["cancel", "edit", "hold", "short close", "release", "expiry", "now ships whole"],
)
def test_6_freed_stock_wakes_the_queue(shop: Shop, freed: Callable[[Shop], object]) -> None:
    shop.sells("MUG", "LID").gets("MUG", 4).check()
    shop.order("HAS", MUG=4)
    shop.later(minutes=1).order("WAITS", MUG=4, priority="EXPRESS")
    lapses(shop, "HAS", shop.clock)
    assert (shop.status("HAS"), shop.status("WAITS")) == ("ALLOCATED", "BACKORDERED")
    freed(shop)
    shop.check()
    assert shop.status("WAITS") == "ALLOCATED"


def test_7_what_lies_in_two_places_is_given_once(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 10, bin="A-01").gets("MUG", 10, bin="A-02").check()
    shop.order("A", MUG=13)
    taken = shop.rows("SELECT quantity FROM allocations ORDER BY allocation_id")
    assert [units for (units,) in taken] == [10, 3]


def test_9_two_orders_on_one_lot_are_shipped_each(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 5, lot="L1").check()
    shop.order("A", MUG=2)
    shop.order("B", MUG=3)
    for number in ("B", "A"):
        for step in (release_to_pick, confirm_pick, ship_order):
            shop.do(step, [number])
        assert shop.status(number) == "SHIPPED"
    assert shop.value("SELECT sum(quantity) FROM inventory_units") == 0


def test_10_a_figure_that_was_read_earlier_decides_nothing(shop: Shop) -> None:
    """The intake has begun and seen five units; by the time it may decide, three of them are gone."""
    shop.sells("MUG").gets("MUG", 5).check()
    taken_off = Event()

    def slow_count(work: Work) -> None:
        adjust_stock(work, "MUG", -3, location="A-01", reason="broken")
        taken_off.set()
        wait_for_one_who_waits(shop)

    def intake(work: Work) -> int:
        seen = work.db.value("free_of_variant", variant=variant, warehouse=1, today=work.today)
        return int(seen) - place_order(work, NewOrder("A", [NewLine("MUG", 5)])).granted

    def late_intake() -> int:
        taken_off.wait(5)
        return shop.do(intake)

    variant = shop.variant("MUG")
    assert at_once(lambda: shop.do(slow_count), late_intake) == [None, 3]
    assert shop.has("A") == {"MUG": 2}


def test_13_thousands_who_cannot_use_the_stock_do_not_hide_one_who_can(shop: Shop) -> None:
    shop.sells("MUG", "RARE")
    sets = [
        NewOrder(
            f"SET{n}",
            [NewLine("MUG", 1), NewLine("RARE", 1)],
            placed_at=MONDAY - timedelta(days=5),
            ship_policy="COMPLETE",
        )
        for n in range(2000)
    ]
    big = [
        NewOrder(
            f"BIG{n}", [NewLine("MUG", 50)], placed_at=MONDAY - timedelta(days=3), ship_policy="COMPLETE_LINES"
        )
        for n in range(2000)
    ]
    shop.do(place_orders, [*sets, *big], warehouse="EAST")
    shop.order("LAST", MUG=2)
    shop.gets("MUG", 2).check()
    assert shop.status("LAST") == "ALLOCATED"


def test_14_a_check_of_many_lines_runs_no_more_statements_than_one_of_few(shop: Shop) -> None:
    shop.sells("MUG", "LID")

    def statements(orders: int, name: str) -> int:
        batch = [NewOrder(f"{name}{n}", [NewLine("MUG", 1), NewLine("LID", 1)]) for n in range(orders)]
        shop.do(place_orders, batch, warehouse="EAST")
        shop.gets("MUG", orders).gets("LID", orders)

        def piece(work: Work) -> int:
            check_backorders(work, 1)
            return work.db.statements

        return shop.do(piece)

    assert statements(3, "FEW") == statements(300, "MANY") <= 25


def test_17_what_is_shown_as_free_is_what_can_be_given(shop: Shop) -> None:
    shop.sells("MUG", "TRAY").gets("MUG", 5).gets("MUG", 40, bin="DOCK").check()
    shop.order("A", MUG=3)
    shop.order("SET", ship_policy="COMPLETE", MUG=1, TRAY=1)
    offered = shop.do(show_availability, "MUG")
    (row,) = (row for row in shop.do(list_skus_waiting).skus if row.sku == "MUG")
    (lying,) = (row for row in shop.do(stock_by_variant)[0] if row.sku == "MUG")
    assert (offered.free, offered.not_pickable) == (2, 40)
    assert (row.quantity_available, row.quantity_not_pickable) == (2, 40)
    assert (lying.free, lying.not_pickable) == (2, 40)
    assert shop.order("B", MUG=9).granted == 2


def test_19_an_unfillable_complete_order_holds_nothing(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 5).check()
    shop.order("SET", ship_policy="COMPLETE", MUG=3, LID=1)
    assert shop.has("SET") == {"MUG": 0, "LID": 0}
    assert shop.later(minutes=1).order("B", MUG=4).after.status == "ALLOCATED"
    mugs, lids = shop.do(explain_order, "SET").lines
    assert mugs.sentences[0] == (
        "The order ships complete and waits for lines 1 and 2; meanwhile units went to B (4)."
    )
    assert [reason.code for reason in lids.reasons] == ["NO_STOCK"]


def test_19_what_is_kept_back_for_a_complete_order_is_given_to_nobody_behind(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 5).check()
    shop.order("SET", ship_policy="COMPLETE", when_short="reserve", MUG=3, LID=1)
    shop.later(minutes=1)
    assert shop.order("B", MUG=4).granted == 2
    (line,) = shop.do(explain_order, "B").lines
    assert line.reasons[0].as_json() == {"code": "KEPT_BACK", "units": 3, "for": ["SET"]}
    assert shop.order("FAST", priority="EXPRESS", MUG=3).granted == 3


def test_19a_a_receipt_that_commits_while_its_queue_is_being_checked_is_not_lost(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("A", MUG=2)
    shop.order("B", MUG=2)
    shop.gets("MUG", 2)
    checked, received = Event(), Event()

    def slow_check(work: Work) -> None:
        check_backorders(work, 1)
        checked.set()
        received.wait(5)

    def receipt() -> None:
        checked.wait(5)
        shop.gets("MUG", 2)
        received.set()

    assert at_once(lambda: shop.do(slow_check), receipt) == [None, None]
    shop.check()
    assert (shop.status("A"), shop.status("B")) == ("ALLOCATED", "ALLOCATED")


def test_19a_an_order_that_comes_in_while_its_stock_does_is_not_missed(shop: Shop) -> None:
    """The intake read the stock before the receipt commits; the check reads the queue before the order does."""
    shop.sells("MUG")
    placed, received = Event(), Event()

    def slow_intake(work: Work) -> None:
        place_order(work, NewOrder("A", [NewLine("MUG", 2)]))
        placed.set()
        wait_for_one_who_waits(shop)

    def receipt() -> None:
        placed.wait(5)
        shop.gets("MUG", 2)
        received.set()

    def eager_check() -> None:
        received.wait(5)
        shop.do(check_backorders, 1)

    assert at_once(lambda: shop.do(slow_intake), receipt, eager_check) == [None, None, None]
    shop.check()
    assert shop.status("A") == "ALLOCATED"


def wait_for_one_who_waits(shop: Shop) -> None:
    """Wait until somebody waits for a lock in these books."""
    soon(lambda: held_up(shop) > 0)


def test_19b_a_reader_that_resumes_does_not_miss_what_committed_late(shop: Shop) -> None:
    shop.sells("MUG")
    early_has_written, late_is_done = Event(), Event()

    def early_but_slow(work: Work) -> None:
        place_order(work, NewOrder("EARLY", [NewLine("MUG", 1)]))
        early_has_written.set()
        late_is_done.wait(5)

    def late_but_quick() -> list[str]:
        early_has_written.wait(5)
        shop.do(place_order, NewOrder("LATE", [NewLine("X", 1)]))
        with shop.books.snapshot() as db:
            seen = [event.order_number for event in follow_events(db)]
        late_is_done.set()
        return seen

    _, seen_meanwhile = at_once(lambda: shop.do(early_but_slow), late_but_quick)
    everything = follow_until(shop, "LATE")
    assert seen_meanwhile == []
    assert {event.order_number for event in everything} == {"EARLY", "LATE"}
    assert everything == sorted(everything, key=lambda event: event.position)
    with shop.books.snapshot() as db:
        assert follow_events(db, everything[0].position) == everything[1:]
        assert follow_events(db, START, most=1) == everything[:1]


def follow_until(shop: Shop, number: str) -> list[FollowedEvent]:
    """Read the stream until an order is in it: the server's own upkeep may hold it up for a moment."""
    for _ in range(100):
        with shop.books.snapshot() as db:
            everything = follow_events(db)
        if any(event.order_number == number for event in everything):
            return everything
        sleep(0.05)
    raise AssertionError(f"{number} never came")


def test_20_what_is_rolled_back_tells_nothing_and_wakes_nobody(shop: Shop) -> None:
    shop.sells("MUG")

    def fails_at_the_end(work: Work) -> None:
        place_order(work, NewOrder("A", [NewLine("MUG", 1)]))
        adjust_stock(work, "MUG", 1, location="A-01", reason="found")
        enqueue(work.db, {WAKE_UP})
        raise LookupError

    with pytest.raises(LookupError):
        shop.do(fails_at_the_end)
    for table in ("orders", "fulfillment_events", "attempts", "marks", "backorders", "pgqueuer"):
        assert shop.value(f"SELECT count(*) FROM {table}") == 0


def test_24_each_of_three_receipts_fills_a_part(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("A", MUG=9)
    for so_far in (3, 6, 9):
        shop.gets("MUG", 3, source=f"receiving:{so_far}").check()
        assert shop.has("A") == {"MUG": so_far}
    sources = shop.rows("SELECT trigger_sources FROM attempts WHERE granted > 0 ORDER BY attempt_id")
    assert [found for (found,) in sources] == [["receiving:3"], ["receiving:6"], ["receiving:9"]]
