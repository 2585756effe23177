"""Splits at the command line: shown first, agreed to, done, undone, and many at once with reasons."""

import pytest

from .conftest import Terminal

AGREED = ("--agreed-by", "Ann Lee", "--how", "e-mail")


@pytest.fixture
def waiting(clerk: Terminal) -> Terminal:
    """1001 has its mugs and no lid, 1002 has nothing."""
    clerk.does("receive D-1 MUG=3 --at A-01")
    clerk.does("orders place 1001 MUG=3 LID=2 --customer Ann")
    clerk.does("orders place 1002 LID=1")
    return clerk


def test_a_split_is_shown_first_and_then_done(waiting: Terminal) -> None:
    shown = waiting.does("orders split 1001 --dry-run")
    assert shown.out.startswith(
        "Would be split: order 1001 is allocated with 3 units that can go out; 1001-BO1 is"
    )
    assert waiting.does("orders show 1001 --json").json["order"]["status"] == "PARTIALLY_ALLOCATED"
    made = waiting.does("orders split 1001 --json", *AGREED).json
    assert (made["original_status"], made["backorder_order_number"]) == ("ALLOCATED", "1001-BO1")
    assert (made["shippable_items"], made["backordered_items"]) == (3, 2)
    assert "1001" in waiting.does("orders show 1001-BO1").out


def test_without_the_customers_agreement_nothing_is_split(waiting: Terminal) -> None:
    refused = waiting.runs("orders", "split", "1001")
    assert refused.code == 2
    assert "the customer's agreement: who gave it, how, and when" in refused.err
    assert waiting.runs("orders", "split", "1001", "--how", "phone").code == 2
    assert waiting.runs("orders", "split", "1001", *AGREED, "--agreed-at", "soon").code == 2


def test_what_cannot_be_split_is_refused_with_the_reason(waiting: Terminal) -> None:
    refused = waiting.runs("orders", "split", "1002", *AGREED, "--json")
    assert (refused.code, refused.json["error"]["code"]) == (4, "nothing_to_ship")


def test_a_merge_undoes_it(waiting: Terminal) -> None:
    waiting.does("orders split 1001", *AGREED)
    assert waiting.does("orders merge 1001 --dry-run").out.startswith("Would be merged: order 1001")
    merged = waiting.does("orders merge 1001-BO1")
    assert merged.out == (
        "Order 1001 is partially allocated again, with 2 units from 1001-BO1, which is cancelled.\n"
    )


def test_unlockable_orders_are_listed_and_divided(waiting: Terminal) -> None:
    listed = waiting.does("orders unlockable")
    assert listed.out.splitlines()[1].split()[:4] == ["1001", "Ann", "partially", "allocated"]
    assert "3 MUG" in listed.out
    assert "2 of 2 LID" in listed.out
    done = waiting.does("orders divide 1001 1002 NOBODY", *AGREED)
    assert (
        done.out.splitlines()[0] == "Order 1001 is allocated: 3 units can go out, 1001-BO1 is backordered with 2."
    )
    assert "Skipped: Order 1002 has nothing to ship: nothing is reserved for it." in done.out
    assert "Failed: Order not found: NOBODY." in done.out
    assert done.out.splitlines()[-1] == "Run 1, split: 3 of 3 orders; 1 done, 1 failed, 1 skipped."
    assert "No backorder has lines" in waiting.does("orders unlockable").err
    assert waiting.does("orders unlockable --json").json == {"orders": [], "next": None}


def test_send_available_leaves_whole_what_is_too_little(waiting: Terminal) -> None:
    told = waiting.does("orders send-available 1001 1002 --min-share 0.9 --dry-run --json").json
    assert [one["code"] for one in told["results"]] == ["too_little_to_send", "nothing_to_ship"]
    done = waiting.does("orders send-available 1001 --min-share 0.5 --min-value 0", *AGREED)
    assert "1001-BO1 is backordered with 2." in done.out
    assert waiting.runs("orders", "send-available", "1001", "--min-value", "much").code == 2
