"""Orders that are short for too long are held for review, and only those."""

from datetime import date, timedelta

import pytest

from makegood.domain.orders import NewLine
from makegood.services.business_settings import change_setting
from makegood.services.escalate_stale import Escalated, escalate_stale, stale_orders
from makegood.services.hold_order import hold_order
from makegood.services.inbound.suppliers import set_supplier
from makegood.services.release_hold import release_hold
from tests.services.inbound_stories import announce, in_days, sources
from tests.shop import Shop

REASON = "Backordered for more than 30 days — manual review required"


def escalate(shop: Shop, *, most: int = 300) -> Escalated:
    return shop.do(escalate_stale, most=most)


def kind(shop: Shop, number: str) -> tuple[str | None, str | None]:
    row = shop.rows("SELECT hold_kind, hold_reason FROM orders WHERE number = %s", number)[0]
    return row[0], row[1]


def test_an_order_short_for_more_than_thirty_days_is_held(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("A", MUG=5)
    shop.later(days=30)
    assert escalate(shop).orders == []
    shop.later(seconds=1)
    assert escalate(shop).orders == ["A"]
    assert (shop.status("A"), *kind(shop, "A")) == ("ON_HOLD", "STALE", REASON)
    assert {"order:escalated", "order:held"} <= set(shop.events("A"))
    assert escalate(shop).orders == []


def test_the_clock_runs_from_the_first_shortage_whatever_was_tried_since(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("A", MUG=5)
    shop.later(days=29).gets("MUG", 1).check()
    assert shop.has("A") == {"MUG": 1}
    shop.later(days=2)
    assert escalate(shop).orders == ["A"]


def test_an_old_order_that_became_short_today_is_not_stale(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("A", placed=shop.clock - timedelta(days=90), MUG=5)
    assert escalate(shop).orders == []


def test_held_orders_keep_what_they_have_unless_the_business_decides_otherwise(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 2).check()
    shop.order("A", MUG=5)
    shop.later(days=31)
    assert escalate(shop).orders == ["A"]
    assert shop.has("A") == {"MUG": 2}


def test_what_they_have_goes_to_the_queue_where_the_business_wants_it(shop: Shop) -> None:
    shop.do(change_setting, "escalation_frees", True)
    shop.sells("MUG").gets("MUG", 2).check()
    shop.order("A", MUG=5)
    shop.later(days=20).order("B", MUG=1)
    shop.later(days=11)
    assert escalate(shop).orders == ["A"]
    shop.check()
    assert (shop.has("A"), shop.has("B"), shop.status("B")) == ({"MUG": 0}, {"MUG": 1}, "ALLOCATED")


def test_partial_orders_are_left_alone_where_the_business_wants_it(shop: Shop) -> None:
    shop.do(change_setting, "escalate_partial", False)
    shop.sells("MUG").gets("MUG", 2).check()
    shop.order("A", MUG=5)
    shop.order("B", MUG=1)
    shop.later(days=31)
    assert escalate(shop).orders == ["B"]


def test_the_business_sets_the_days_and_the_reason_names_them(shop: Shop) -> None:
    shop.do(change_setting, "max_backorder_days", 10)
    shop.sells("MUG")
    shop.order("A", MUG=5)
    shop.later(days=11)
    escalate(shop)
    assert kind(shop, "A")[1] == REASON.replace("30", "10")


def test_nobody_is_held_while_a_mark_is_pending_for_what_he_lacks(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    shop.order("A", MUG=5)
    shop.order("B", LID=5)
    shop.later(days=31).gets("MUG", 5)
    found = escalate(shop)
    assert (found.orders, found.awaiting) == (["B"], 1)
    shop.check()
    assert shop.status("A") == "ALLOCATED"


def test_a_mark_for_what_he_has_already_does_not_matter(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("LID", 1).check()
    shop.order("A", MUG=5, LID=1)
    shop.later(days=31).gets("LID", 5)
    assert escalate(shop).orders == ["A"]


def test_a_promise_that_lies_ahead_is_waited_for(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("A", MUG=5)
    promise(shop, "A", shop.clock.date() + timedelta(days=33))
    shop.later(days=32)
    assert escalate(shop).orders == []
    shop.later(days=2)
    assert escalate(shop).orders == ["A"]


def test_a_released_order_has_its_time_before_it_is_held_again(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("A", MUG=5)
    shop.later(days=31)
    escalate(shop)
    shop.do(release_hold, "A", snooze_days=7)
    shop.check()
    shop.later(days=6)
    assert escalate(shop).orders == []
    shop.later(days=2)
    assert escalate(shop).orders == ["A"]


def test_an_order_that_a_person_holds_stays_as_it_is(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("A", MUG=5)
    shop.do(hold_order, "A", because="the customer is moving")
    shop.later(days=31)
    assert escalate(shop).orders == []
    assert kind(shop, "A")[0] == "MANUAL"


@pytest.mark.parametrize("most", [1, 2, 100])
def test_batches_are_bounded_and_reach_everybody(shop: Shop, most: int) -> None:
    shop.sells("MUG", "LID", "CUP")
    for number, sku in enumerate(("MUG", "LID", "CUP")):
        shop.order(f"O{number}", lines=[NewLine(sku, 2)])
    shop.later(days=31)
    assert len(shop.do(stale_orders, most=most)) == min(most, 3)
    held: list[str] = []
    more = True
    while more:
        made = escalate(shop, most=most)
        assert len(made.orders) <= most
        held += made.orders
        more = made.more
    assert sorted(held) == ["O0", "O1", "O2"]


def test_statements_do_not_grow_with_the_orders(shop: Shop) -> None:
    shop.sells(*(f"S{number}" for number in range(40)))
    counts: list[int] = []
    for size in (2, 20):
        for number in range(size):
            shop.order(f"O{size}-{number}", lines=[NewLine(f"S{number}", 1)])
        shop.later(days=31)
        counts.append(shop.books.transaction(lambda db: _statements(shop, db)))
        shop.check()
    assert counts[0] == counts[1]


def _statements(shop: Shop, db: object) -> int:
    from makegood.services.work import Work
    from makegood.store.database import Db

    assert isinstance(db, Db)
    escalate_stale(Work(db=db, as_of=shop.clock, actor="worker", source="escalate_stale"))
    return db.statements


def promise(shop: Shop, number: str, day: date) -> None:
    shop.change(
        "UPDATE backorders SET promised_date = %s WHERE line_id IN "
        "(SELECT line_id FROM order_lines JOIN orders USING (order_id) WHERE number = %s)",
        day,
        number,
    )


@pytest.mark.parametrize(
    ("due", "margin", "units", "held"),
    [(40, 0, 3, False), (40, 0, 2, True), (20, 0, 3, True), (28, 5, 3, False), (None, 0, 3, True)],
)
def test_supply_that_can_be_counted_on_for_all_that_is_lacking_spares_an_order(
    shop: Shop, due: int | None, margin: int, units: int, *, held: bool
) -> None:
    shop.sells("MUG").gets("MUG", 1).check()
    shop.order("A", MUG=4)
    shop.do(set_supplier, "ACME", margin_days=margin)
    announce(shop, "PO-7", "MUG", 9, supplier="ACME", due=None if due is None else in_days(shop, due))
    sources(shop, "A", "PO-7", units)
    shop.later(days=32)
    assert (escalate(shop).orders == ["A"]) is held
