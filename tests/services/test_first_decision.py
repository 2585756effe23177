"""A new order that its intake cannot decide, as a check of its queues is pending, is decided by that check."""

import pytest

from makegood.domain.catalogue import NewLocation, NewWarehouse
from makegood.domain.orders import NewLine
from makegood.services.add_catalogue import add_locations, add_warehouses
from makegood.services.allocate_order import allocate_order
from makegood.services.doctor import doctor
from makegood.services.edit_order import edit_order
from makegood.services.sweep import sweep
from tests.judge.judge import judge
from tests.shop import Shop


@pytest.fixture
def pending(shop: Shop) -> Shop:
    """Stock has come that no check has looked at; WHOLE ships complete and needs all LIDs and a MUG."""
    shop.sells("MUG", "LID")
    shop.order("WHOLE", LID=2, MUG=1, ship_policy="COMPLETE")
    return shop.gets("MUG", 4).gets("LID", 2)


def with_an_unknown_sku(shop: Shop, number: str, **wanted: int) -> str:
    lines = [*(NewLine(sku, units) for sku, units in wanted.items()), NewLine("NOSUCH", 1)]
    return shop.order(number, lines=lines).after.status


def at_the_end(shop: Shop, number: str) -> tuple[str, object, object]:
    """Let the check decide, and give status, kind of hold and reason of an order; the books are sound."""
    shop.check(most=2)
    assert [finding.words for finding in doctor(shop.books, shop.clock).findings] == []
    assert judge(shop.books.conninfo, shop.clock.date()).broken == {}
    assert not sweep(shop.books, shop.clock).defects
    (row,) = shop.rows("SELECT status, hold_kind, hold_reason FROM orders WHERE number = %s", number)
    return row[0], row[1], row[2]


def test_what_the_check_gives_it_is_not_passed_by_for_a_line_that_matches_nothing(pending: Shop) -> None:
    assert with_an_unknown_sku(pending, "A", MUG=2) == "PENDING"
    assert at_the_end(pending, "A") == ("PARTIALLY_ALLOCATED", None, "No variant matches NOSUCH")
    assert (pending.has("A"), pending.has("WHOLE")) == ({"MUG": 2, "NOSUCH": 0}, {"LID": 2, "MUG": 1})
    told = ["backorder:created", "allocation:created", "order:partially_allocated"]
    assert pending.events("A") == told


def test_when_the_check_gives_it_nothing_it_goes_on_hold_as_any_other(pending: Shop) -> None:
    pending.order("FIRST", MUG=3, priority="RUSH")
    assert with_an_unknown_sku(pending, "A", MUG=2) == "PENDING"
    reason = "No variant matches NOSUCH; 2 units are backordered besides"
    assert at_the_end(pending, "A") == ("ON_HOLD", "UNMATCHED", reason)
    attempts = (
        "SELECT after_status FROM attempts JOIN orders USING (order_id) WHERE number = 'A' ORDER BY attempt_id"
    )
    assert pending.rows(attempts) == [("PENDING",), ("ON_HOLD",)]


def test_many_of_them_are_decided_piece_by_piece(pending: Shop) -> None:
    for number in range(7):
        assert with_an_unknown_sku(pending, f"A{number}", MUG=1) == "PENDING"
    assert at_the_end(pending, "A0")[0] == "PARTIALLY_ALLOCATED"
    stand = "SELECT status, count(*) FROM orders WHERE number LIKE 'A%%' GROUP BY 1 ORDER BY 1"
    assert pending.rows(stand) == [("ON_HOLD", 4), ("PARTIALLY_ALLOCATED", 3)]


@pytest.mark.parametrize(("wanted", "status"), [(3, "ALLOCATED"), (4, "ON_HOLD")])
def test_a_warehouse_without_backorders_holds_it_only_after_the_check(
    shop: Shop, wanted: int, status: str
) -> None:
    shop.sells("MUG", "LID")
    shop.do(add_warehouses, [NewWarehouse("WEST", allow_backorders=False)])
    shop.do(add_locations, [NewLocation("W-01", "WEST", "PICKING")])
    shop.change("UPDATE warehouses SET allow_backorders = true WHERE code = 'WEST'")
    shop.order("WHOLE", LID=2, MUG=1, ship_policy="COMPLETE", warehouse="WEST")
    shop.change("UPDATE warehouses SET allow_backorders = false WHERE code = 'WEST'")
    for sku, units in (("MUG", 4), ("LID", 2)):
        shop.gets(sku, units, bin="W-01", warehouse="WEST")
    assert shop.order("A", MUG=wanted, warehouse="WEST").after.status == "PENDING"
    assert at_the_end(shop, "A")[0] == status


def test_the_next_intake_that_serves_the_queue_leaves_its_mark_to_the_check(pending: Shop) -> None:
    with_an_unknown_sku(pending, "A", MUG=2)
    pending.do(edit_order, "WHOLE", quantities={1: 0})
    assert pending.order("B", MUG=1, priority="EXPRESS").after.status == "ALLOCATED"
    assert at_the_end(pending, "A")[0] == "PARTIALLY_ALLOCATED"


def test_whoever_edits_or_tries_it_meanwhile_does_not_put_it_on_hold(pending: Shop) -> None:
    with_an_unknown_sku(pending, "A", MUG=2)
    assert pending.do(edit_order, "A", priority="RUSH").after.status == "PENDING"
    assert pending.do(allocate_order, "A", allow_partial=False).after.status == "PENDING"
    assert at_the_end(pending, "A")[0] == "PARTIALLY_ALLOCATED"


def test_one_of_which_only_the_unknown_line_is_left_is_held_at_once(pending: Shop) -> None:
    with_an_unknown_sku(pending, "A", MUG=2)
    assert pending.do(edit_order, "A", quantities={1: 0}).after.status == "ON_HOLD"
