"""Backorder records: opened by themselves or by hand, ranked, shown, listed and summed up."""

from datetime import date
from itertools import product

import pytest

from makegood.domain.backorders import BackorderFigures, backorder_status
from makegood.domain.errors import (
    BackorderClosed,
    BackorderNotFound,
    InvalidValue,
    LineNotFound,
    NotFound,
    VariantNotFound,
)
from makegood.domain.states import OrderStatus
from makegood.services.backorders.cancel_backorder import cancel_backorder
from makegood.services.backorders.create_backorder import create_backorder, create_for_line
from makegood.services.backorders.list_backorders import BackorderFilter, list_backorders
from makegood.services.backorders.show_backorder import show_backorder
from makegood.services.backorders.summarize_backorders import summarize_backorders, summarize_by_sku
from makegood.services.backorders.update_backorder import update_backorder
from makegood.services.edit_order import edit_order
from makegood.services.pick_order import release_to_pick
from tests.services.backorder_stories import all_numbers, backorder, is_sound, number_of
from tests.shop import Shop


def test_the_books_derive_the_same_status_as_the_domain(shop: Shop) -> None:
    for units in ((o, a, f, c) for o, a, f, c in product(range(4), repeat=4) if a + f + c <= o):
        figures = BackorderFigures(*units)
        rows = shop.rows(
            "SELECT s, backorder_status(%s, %s, %s, %s, s) FROM unnest(%s::text[]) s", *units, list(OrderStatus)
        )
        assert {(s, found) for s, found in rows} == {
            (s.value, backorder_status(figures, s).value) for s in OrderStatus
        }


def test_a_short_line_has_a_record_that_follows_it(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 1).check()
    shop.order("A", MUG=3)
    record = backorder(shop, "A")
    assert (record.status, record.ordered, record.allocated, record.uncovered) == ("PENDING", 3, 1, 2)
    shop.gets("MUG", 2).check()
    assert backorder(shop, "A").status == "ALLOCATED"
    shop.do(release_to_pick, ["A"])
    assert backorder(shop, "A").status == "READY_TO_SHIP"


def test_a_backorder_for_a_customer_without_an_order_makes_one(shop: Shop) -> None:
    shop.sells("MUG")
    made = shop.do(
        create_backorder, "MUG", 5, customer_name="Ann", priority="HIGH", promised_date=date(2026, 4, 1)
    )
    assert (made.status, made.remaining, made.priority, made.customer) == ("PENDING", 5, "HIGH", "Ann")
    assert made.promised_date == date(2026, 4, 1)
    assert shop.status(made.order) == "BACKORDERED"
    assert shop.gets("MUG", 5).check()
    assert backorder(shop, made.order).status == "ALLOCATED"
    assert is_sound(shop)


def test_it_is_allocated_at_once_where_stock_is_free(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 5).check()
    made = shop.do(create_backorder, "MUG", 3)
    assert (made.status, made.allocated, shop.free("MUG")) == ("ALLOCATED", 3, 2)
    assert is_sound(shop)


def test_a_backorder_of_something_that_nobody_sells_is_refused(shop: Shop) -> None:
    with pytest.raises(VariantNotFound):
        shop.do(create_backorder, "NO-SUCH", 1)
    with pytest.raises(InvalidValue):
        shop.sells("MUG").do(create_backorder, "MUG", 0)
    assert shop.value("SELECT count(*) FROM orders") == 0


def test_a_line_that_lacks_nothing_can_have_a_record_too_and_only_one(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 5).check()
    shop.order("A", MUG=2)
    made = shop.do(create_for_line, "A", 1, notes="a gift")
    assert (made.status, made.notes) == ("ALLOCATED", "a gift")
    assert shop.do(create_for_line, "A", 1).number == made.number
    with pytest.raises(LineNotFound):
        shop.do(create_for_line, "A", 2)


def test_its_own_priority_ranks_it_anew_and_takes_nothing_away(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 1).check()
    shop.order("FIRST", MUG=3)
    shop.later(minutes=1).order("LATER", MUG=2)
    shop.do(update_backorder, number_of(shop, "LATER"), priority="critical")
    assert shop.has("FIRST") == {"MUG": 1}
    shop.gets("MUG", 2).check()
    assert (shop.has("LATER"), shop.has("FIRST")) == ({"MUG": 2}, {"MUG": 1})
    assert is_sound(shop)


def test_a_priority_that_is_cleared_gives_the_order_s_back(shop: Shop) -> None:
    shop.sells("MUG").order("A", MUG=3, priority="RUSH")
    number = number_of(shop, "A")
    assert shop.do(update_backorder, number, priority="LOW").priority == "LOW"
    assert shop.do(update_backorder, number, clear=["priority"]).priority == "HIGH"
    assert is_sound(shop)


def test_a_complete_order_queues_as_its_best_backorder(shop: Shop) -> None:
    shop.sells("MUG", "LID").order("SET", ship_policy="COMPLETE", MUG=1, LID=1)
    shop.do(update_backorder, number_of(shop, "SET", 2), priority="CRITICAL")
    assert shop.rows("SELECT DISTINCT rank_priority FROM order_lines") == [(10,)]
    assert is_sound(shop)


def test_dates_and_notes_are_set_and_cleared(shop: Shop) -> None:
    shop.sells("MUG").order("A", MUG=3)
    number = number_of(shop, "A")
    made = shop.do(update_backorder, number, expected_date=date(2026, 5, 1), notes="call first")
    assert (made.expected_date, made.expected_by_hand, made.notes) == (date(2026, 5, 1), True, "call first")
    made = shop.do(update_backorder, number, promised_date=date(2026, 4, 1))
    assert (made.expected_by_hand, made.notes) == (True, "call first")
    made = shop.do(update_backorder, number, clear=["expected_date", "notes", "promised_date"])
    assert (made.expected_date, made.expected_by_hand, made.promised_date, made.notes) == (None, False, None, "")
    assert "backorder:expected_date_changed" in shop.events("A")


def test_a_change_that_makes_no_sense_is_refused(shop: Shop) -> None:
    shop.sells("MUG").order("A", MUG=3)
    number = number_of(shop, "A")
    with pytest.raises(InvalidValue):
        shop.do(update_backorder, number)
    with pytest.raises(InvalidValue):
        shop.do(update_backorder, number, priority="SOON")
    with pytest.raises(InvalidValue):
        shop.do(update_backorder, number, notes="x", clear=["notes"])
    with pytest.raises(BackorderNotFound):
        shop.do(update_backorder, "BO-1999-0001", notes="x")


def test_the_history_names_what_happened_to_this_line_only(shop: Shop) -> None:
    shop.sells("MUG", "LID").order("A", MUG=3, LID=1)
    shop.gets("MUG", 1).check()
    shop.do(update_backorder, number_of(shop, "A"), priority="HIGH")
    story = shop.do(show_backorder, number_of(shop, "A").lower())
    assert [one.type for one in story.history] == ["backorder:created", "allocation:created", "backorder:changed"]
    assert story.history[-1].payload["priority"] == {"from": None, "to": "HIGH"}
    assert [(one.quantity, one.state, one.usable) for one in story.allocations] == [(1, "RESERVED", True)]


def many(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("LID", 2).check()
    shop.order("A", MUG=3, customer_name="Ann", priority="EXPRESS")
    shop.later(days=1).order("B", MUG=1, LID=2, customer_email="bob@example.org")
    shop.order("C", LID=4, priority="LOW")
    shop.do(update_backorder, number_of(shop, "A"), promised_date=date(2026, 3, 2))
    shop.do(update_backorder, number_of(shop, "C"), expected_date=date(2026, 3, 9))


@pytest.mark.parametrize(
    ("filters", "orders"),
    [
        ({}, "CBA"),
        ({"statuses": ["pending"]}, "CBA"),
        ({"statuses": ["Fulfilled", "CANCELLED"]}, ""),
        ({"sku": "lid"}, "C"),
        ({"sku": "NO-SUCH"}, ""),
        ({"customer": "ann"}, "A"),
        ({"priority": "CRITICAL"}, "A"),
        ({"overdue": True}, "A"),
        ({"overdue": False}, "CB"),
        ({"source": "purchase-order"}, ""),
        ({"source": "INVENTORY"}, "CBA"),
        ({"order": "B"}, "B"),
        ({"warehouse": "EAST"}, "CBA"),
        ({"merchant": "default", "opened_from": date(2026, 3, 3)}, "CB"),
        ({"opened_to": date(2026, 3, 2)}, "A"),
        ({"due_to": date(2026, 3, 8)}, "A"),
    ],
)
def test_every_filter_is_obeyed(shop: Shop, filters: dict[str, object], orders: str) -> None:
    many(shop)
    page = shop.do(list_backorders, BackorderFilter(**filters))  # type: ignore[arg-type]
    assert "".join(one.order for one in page.backorders) == orders


@pytest.mark.parametrize("filters", [{"warehouse": "NORTH"}, {"merchant": "nobody"}])
def test_a_filter_that_names_nothing_is_refused(shop: Shop, filters: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        shop.do(list_backorders, BackorderFilter(**filters))  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        shop.do(summarize_backorders, **filters)


@pytest.mark.parametrize(("sort", "orders"), [("newest", "CBA"), ("oldest", "ABC"), ("priority", "ABC")])
def test_it_is_sorted_as_asked(shop: Shop, sort: str, orders: str) -> None:
    many(shop)
    assert "".join(one.order for one in shop.do(list_backorders, sort=sort).backorders) == orders


def test_a_page_goes_on_where_the_last_one_ended_though_records_come(shop: Shop) -> None:
    many(shop)
    first = shop.do(list_backorders, most=2)
    shop.order("D", MUG=1)
    rest = shop.do(list_backorders, most=2, after=first.next)
    assert [one.order for one in (*first.backorders, *rest.backorders)] == ["C", "B", "A"]
    assert rest.next is None


@pytest.mark.parametrize("wrong", [{"statuses": ["LOST"]}, {"priority": "SOON"}, {"source": "SKY"}])
def test_a_filter_that_makes_no_sense_is_refused(shop: Shop, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidValue):
        shop.do(list_backorders, BackorderFilter(**wrong))  # type: ignore[arg-type]
    with pytest.raises(InvalidValue):
        shop.do(list_backorders, sort="x")


def test_the_summaries_count_what_is_open(shop: Shop) -> None:
    many(shop)
    shop.gets("MUG", 2).check()
    found = shop.do(summarize_backorders)
    assert (found.total, found.units_ordered, found.units_covered, found.units_uncovered) == (3, 8, 2, 6)
    assert (found.pending, found.allocated, found.critical, found.overdue) == (3, 0, 1, 1)
    skus = {one.sku: one for one in shop.do(summarize_by_sku).skus}
    assert (skus["MUG"].backorders, skus["MUG"].units_covered, skus["MUG"].units_uncovered) == (2, 2, 2)
    assert skus["LID"].next_expected == date(2026, 3, 9)
    assert [one.sku for one in shop.do(summarize_by_sku, sku="mug").skus] == ["MUG"]
    first = shop.do(summarize_by_sku, most=1)
    assert [one.sku for one in shop.do(summarize_by_sku, most=1, after=first.next).skus] == ["MUG"]
    with pytest.raises(VariantNotFound):
        shop.do(summarize_by_sku, sku="NO-SUCH")


def test_a_part_is_cancelled_and_what_it_held_goes_to_the_next(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 4).check()
    shop.order("A", MUG=6)
    shop.later(minutes=1).order("B", MUG=2)
    made = shop.do(cancel_backorder, number_of(shop, "A"), quantity=3)
    assert (made.cancelled, made.remaining, made.allocated, made.status) == (3, 3, 3, "ALLOCATED")
    shop.check()
    assert shop.has("B") == {"MUG": 1}
    assert is_sound(shop)


def test_a_cancelled_backorder_is_closed_and_says_what_it_came_to(shop: Shop) -> None:
    shop.sells("MUG", "LID").order("A", MUG=3, LID=1)
    number = number_of(shop, "A")
    shop.do(update_backorder, number, priority="CRITICAL")
    assert shop.do(cancel_backorder, number, because="changed her mind").status == "CANCELLED"
    with pytest.raises(BackorderClosed):
        shop.do(cancel_backorder, number)
    with pytest.raises(BackorderClosed):
        shop.do(update_backorder, number, notes="x")
    shop.do(edit_order, "A", quantities={1: 5})
    assert (number_of(shop, "A") != number, backorder(shop, "A").remaining) == (True, 2)
    assert shop.do(show_backorder, number).backorder.status == "CANCELLED"
    assert is_sound(shop)


def test_more_than_remains_cannot_be_cancelled(shop: Shop) -> None:
    shop.sells("MUG").order("A", MUG=3)
    with pytest.raises(InvalidValue):
        shop.do(cancel_backorder, number_of(shop, "A"), quantity=4)
    assert all_numbers(shop) == [number_of(shop, "A")]
