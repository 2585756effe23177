"""Backorders at the command line: changes are shown first, done with --apply, and told in one shape."""

import pytest

from .conftest import Terminal

SHAPE = ["status", "backorder_id", "sku", "quantity_ordered", "quantity_fulfilled", "quantity_remaining"]


def waiting(clerk: Terminal, *, stock: int = 3) -> str:
    """Order 1001 wants five mugs and has some; give the number of its backorder."""
    clerk.does("orders place 1001 MUG=5 --customer Ann")
    clerk.does(f"receive D-1 MUG={stock} --at A-01")
    return str(clerk.does("backorders list --json").json["backorders"][0]["backorder_id"])


def test_a_program_is_told_the_shape_of_the_skill(clerk: Terminal) -> None:
    number = waiting(clerk)
    told = clerk.does(f"backorders fulfill {number} --units 3 --apply --json").json
    assert {name: told[name] for name in SHAPE} == {
        "status": "partially_fulfilled",
        "backorder_id": number,
        "sku": "MUG",
        "quantity_ordered": 5,
        "quantity_fulfilled": 3,
        "quantity_remaining": 2,
    }
    shown = clerk.does(f"backorders show {number} --json").json
    assert list(shown)[:6] == SHAPE
    assert (shown["priority"], shown["source"], shown["quantity_uncovered"]) == ("normal", "inventory", 2)
    assert [one["state"] for one in shown["allocations"]] == ["FULFILLED"]


def test_without_apply_it_is_only_shown_and_computed_for_real(clerk: Terminal) -> None:
    number = waiting(clerk)
    shown = clerk.does(f"backorders fulfill {number} --units 2 --json").json
    assert shown["would_do"]["quantity_fulfilled"] == 2
    told = clerk.does(f"backorders cancel {number} --units 1")
    assert f"Backorder {number} would be pending: 5 units ordered, 4 remaining" in told.out
    assert "--apply" in told.err
    assert clerk.does(f"backorders show {number} --json").json["quantity_remaining"] == 5
    assert clerk.types(f"backorders fulfill {number}").code == 4


def test_one_is_created_ranked_and_cancelled(clerk: Terminal) -> None:
    made = clerk.does("backorders create MUG 2 --customer Bob --promised 2026-04-01 --apply --json").json
    number = made["backorder_id"]
    assert (made["status"], made["customer"], made["promised_date"]) == ("pending", "Bob", "2026-04-01")
    raised = clerk.does(f"backorders update {number} --priority critical --expected 2026-03-20 --apply")
    assert "critical" in raised.out
    assert "2026-03-20, set by hand" in raised.out
    cleared = clerk.does(f"backorders update {number} --clear expected_date --clear priority --apply --json").json
    assert (cleared["expected_date"], cleared["priority"]) == (None, "normal")
    assert "is cancelled" in clerk.does(f"backorders cancel {number} --apply").out
    assert clerk.does("backorders list --json").json["backorders"] == []
    assert number in clerk.does("backorders list --status cancelled").out


def test_one_is_created_for_a_line_of_an_order(clerk: Terminal) -> None:
    number = waiting(clerk)
    assert clerk.does("backorders create --order 1001 --line 1 --apply --json").json["backorder_id"] == number
    assert clerk.types("backorders create --order 1001 --line 1 --customer Ann").code == 2
    assert clerk.types("backorders create MUG").code == 2
    assert clerk.types("backorders create NO-SUCH 2").code == 3


def test_what_a_cancelled_part_held_goes_to_the_next_and_it_says_so(clerk: Terminal) -> None:
    number = waiting(clerk)
    clerk.does("orders place 1002 MUG=2")
    told = clerk.does(f"backorders cancel {number} --units 4 --apply")
    assert "Order 1002 got 2 units and is allocated now." in told.err


def test_a_jump_ahead_is_refused_and_can_be_forced(clerk: Terminal) -> None:
    clerk.does("orders place 1001 MUG=5 --policy complete --when-short reserve")
    clerk.does("orders place 1002 MUG=1")
    clerk.does("receive D-1 MUG=3 --at A-01")
    number = clerk.does("backorders list --order 1002 --json").json["backorders"][0]["backorder_id"]
    refused = clerk.types(f"backorders allocate {number} --apply --json")
    assert (refused.code, refused.json["error"]["code"]) == (4, "priority_conflict")
    assert refused.json["error"]["facts"]["next_order"] == "1001"
    forced = clerk.does(f"backorders allocate {number} --apply --json --force", "show piece").json
    assert (forced["status"], forced["quantity_allocated"]) == ("allocated", 1)
    assert "show piece" in clerk.does(f"backorders show {number}").out


def test_a_list_for_people_a_summary_and_the_skus(clerk: Terminal) -> None:
    number = waiting(clerk)
    listed = clerk.does("backorders list --sku MUG --priority normal --not-overdue --order 1001")
    assert listed.out.splitlines()[1].split()[:8] == [number, "MUG", "pending", "normal", "5", "3", "5", "2"]
    assert "No backorder passes" in clerk.does("backorders list --overdue").err
    total = clerk.does("backorders summary --json").json
    assert (total["total"], total["units_covered"], total["units_uncovered"]) == (1, 3, 2)
    assert "Units uncovered" in clerk.does("backorders summary").out
    skus = clerk.does("backorders sku-summary --json").json["skus"]
    assert [(one["sku"], one["units_uncovered"]) for one in skus] == [("MUG", 2)]
    assert "MUG" in clerk.does("backorders sku-summary MUG").out
    assert "History" in clerk.does(f"backorders show {number}").out


def test_all_that_is_reserved_goes_out_at_once(clerk: Terminal) -> None:
    number = waiting(clerk)
    shown = clerk.does("backorders fulfill-all MUG")
    assert "3 units of MUG would go out for 1 backorder." in shown.out
    assert "--apply" in shown.err
    told = clerk.does("backorders fulfill-all MUG --apply --json").json
    assert told == {"skus": ["MUG"], "backorders": 1, "quantity_fulfilled": 3}
    assert clerk.does(f"backorders show {number} --json").json["quantity_remaining"] == 2


def test_a_promise_that_will_not_be_kept_is_shown_listed_and_counted(clerk: Terminal) -> None:
    number = waiting(clerk)
    clerk.does(f"backorders update {number} --promised 2099-04-01 --expected 2099-04-09 --apply")
    shown = clerk.does(f"backorders show {number} --json").json
    assert (shown["at_risk"], shown["expected_date"]) == (True, "2099-04-09")
    assert "At risk" in clerk.does(f"backorders show {number}").out
    assert [one["backorder_id"] for one in clerk.does("backorders list --at-risk --json").json["backorders"]] == [
        number
    ]
    assert clerk.does("backorders list --not-at-risk --json").json["backorders"] == []
    total = clerk.does("backorders summary --json").json
    assert (total["at_risk"], total["undated"]) == (1, 0)


def test_a_list_goes_on_where_the_last_page_ended(clerk: Terminal) -> None:
    for number in range(3):
        clerk.does(f"orders place O{number} MUG=1")
    first = clerk.does("backorders list --limit 2 --json").json
    rest = clerk.does(f"backorders list --limit 2 --json --after {first['next']}").json
    assert [one["order"] for one in first["backorders"] + rest["backorders"]] == ["O2", "O1", "O0"]


def test_one_allocation_is_confirmed_extended_and_released(clerk: Terminal) -> None:
    number = waiting(clerk)
    one = clerk.does(f"backorders show {number} --json").json["allocations"][0]["allocation_id"]
    assert clerk.does(f"allocations confirm {one} --json").json["would_do"]["status"] == "confirmed"
    assert clerk.does(f"allocations confirm {one} --apply --json").json["status"] == "confirmed"
    assert "lapses 2099-01-01" in clerk.does(f"allocations extend {one} --until 2099-01-01 --apply").out
    assert clerk.does(f"allocations release {one} --apply --json").json["status"] == "released"
    assert clerk.types(f"allocations release {one}").code == 4
    assert clerk.types("allocations confirm 999").code == 3


@pytest.mark.parametrize("source", ["purchase_order", "transfer", "production"])
def test_what_has_not_come_cannot_be_fulfilled(clerk: Terminal, source: str) -> None:
    number = waiting(clerk)
    refused = clerk.types(f"backorders fulfill {number} --units 1 --source {source} --json")
    assert (refused.code, refused.json["error"]["code"]) == (2, "invalid_value")
    refused = clerk.types(f"backorders fulfill {number} --units 1 --source {source} --from PO-7 --json")
    assert (refused.code, refused.json["error"]["code"]) == (3, "inbound_not_found")
