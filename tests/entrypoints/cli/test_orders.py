"""Orders at the command line: placed, waiting, served by a receipt, changed, picked and shipped."""

from .conftest import Terminal


def test_an_order_waits_and_a_receipt_says_at_once_who_got_it(clerk: Terminal) -> None:
    placed = clerk.does("orders place 1001 MUG=5 --customer Ann")
    assert "Order 1001 is backordered: 5 units, 5 short." in placed.out
    assert "5 units are wanted and none is free." in placed.out
    received = clerk.does("receive D-1 MUG=8 --at A-01")
    assert "Delivery D-1 is in the books: 8 units added." in received.out
    assert "Order 1001 got 5 units and is allocated now." in received.err


def test_the_list_shows_who_waits_and_for_how_much(clerk: Terminal) -> None:
    clerk.does("orders place 1001 MUG=5 --customer Ann")
    listed = clerk.does("orders list --status backordered")
    head, row = listed.out.splitlines()
    assert head.split() == ["Order", "Customer", "Status", "Priority", "Units", "Reserved", "Short", "Placed",
                            "Short", "since"]  # fmt: skip
    assert row.split()[:7] == ["1001", "Ann", "backordered", "standard", "5", "0", "5"]
    assert "In all 1 order: 1 backordered." in listed.err


def test_an_empty_list_says_what_to_do(terminal: Terminal) -> None:
    empty = terminal.does("orders list")
    assert empty.out == ""
    assert "makegood orders place" in empty.err


def test_a_list_goes_on_where_the_last_page_ended(clerk: Terminal) -> None:
    for number in range(3):
        clerk.does(f"orders place O{number} MUG=1")
    first = clerk.does("orders list --limit 2 --json").json
    rest = clerk.does(f"orders list --limit 2 --json --after {first['next']}").json
    assert sorted(order["number"] for order in first["orders"] + rest["orders"]) == ["O0", "O1", "O2"]
    assert rest["next"] is None


def test_an_order_is_shown_whole(clerk: Terminal) -> None:
    clerk.does("receive D-1 MUG=2 --at A-01")
    clerk.does("orders place 1001 MUG=5 --priority express --customer Ann --email ann@example.org")
    shown = clerk.does("orders show 1001 --all")
    for words in ("partially allocated", "Ann, ann@example.org", "EAST A-01", "BO-", "order:partially_allocated"):
        assert words in shown.out
    sheet = clerk.does("orders show 1001 --json").json
    assert sheet["order"]["short"] == 3
    assert sheet["order"]["placed_at"].endswith("Z")
    assert sheet["allocations"][0]["location"] == "A-01"


def test_a_price_may_stand_behind_the_units(clerk: Terminal) -> None:
    clerk.does("orders place 1001 MUG=2@4.50 --currency EUR")
    line = clerk.does("orders show 1001 --json").json["lines"][0]
    assert (line["unit_price"], line["currency"]) == ("4.5000", "EUR")


def test_what_an_edit_sets_free_goes_to_the_next(clerk: Terminal) -> None:
    clerk.does("receive D-1 MUG=5 --at A-01")
    clerk.does("orders place 1001 MUG=5")
    clerk.does("orders place 1002 MUG=3")
    edited = clerk.does("orders edit 1001 --line 1=2 --add LID=1")
    assert "Order 1002 got 3 units and is allocated now." in edited.err
    assert "Order 1001 is partially allocated: 3 units, 2 reserved, 1 short." in edited.out


def test_an_edit_without_a_change_is_refused(clerk: Terminal) -> None:
    clerk.does("orders place 1001 MUG=5")
    refused = clerk.types("orders edit 1001")
    assert refused.code == 2
    assert "Say what to change" in refused.err


def test_a_cancelled_order_frees_its_stock(clerk: Terminal) -> None:
    clerk.does("receive D-1 MUG=5 --at A-01")
    clerk.does("orders place 1001 MUG=5")
    clerk.does("orders place 1002 MUG=5")
    cancelled = clerk.does("orders cancel 1001 --because", "changed her mind")
    assert "Order 1001 is cancelled" in cancelled.out
    assert "Order 1002 got 5 units and is allocated now." in cancelled.err


def test_a_hold_and_its_release(clerk: Terminal) -> None:
    clerk.does("receive D-1 MUG=5 --at A-01")
    clerk.does("orders place 1001 MUG=5")
    held = clerk.does("orders hold 1001 --free --because", "address unclear")
    assert "Order 1001 is on hold: 5 units, 5 short." in held.out
    assert "address unclear." in held.out
    assert "Order 1001 is allocated" in clerk.does("orders release 1001 --snooze 3").out


def test_a_line_that_nobody_knew_is_matched(clerk: Terminal) -> None:
    clerk.does("receive D-1 MUG=5 --at A-01")
    placed = clerk.does("orders place 1001 CUP=5")
    assert "CUP (unmatched)" in placed.out
    assert "makegood orders match 1001 1 SKU" in clerk.does("explain 1001").out
    assert "Order 1001 is allocated" in clerk.does("orders match 1001 1 MUG").out


def test_a_retry_says_what_came_of_it(clerk: Terminal) -> None:
    clerk.does("orders place 1001 MUG=5")
    tried = clerk.does("orders allocate 1001 --complete --json").json
    assert (tried["status"], tried["short"], tried["reasons"][0]["code"]) == ("BACKORDERED", 5, "NO_STOCK")


def test_orders_are_picked_and_shipped_together(clerk: Terminal) -> None:
    clerk.does("receive D-1 MUG=5 --at A-01")
    clerk.does("orders place 1001 MUG=2")
    clerk.does("orders place 1002 MUG=2")
    for step in ("release-to-pick", "start-pick", "picked", "shipped"):
        clerk.does(f"orders {step} 1001 1002")
    assert [order["status"] for order in clerk.does("orders list --json").json["orders"]] == ["SHIPPED"] * 2


def test_one_order_in_the_wrong_state_stops_them_all(clerk: Terminal) -> None:
    clerk.does("receive D-1 MUG=2 --at A-01")
    clerk.does("orders place 1001 MUG=2")
    clerk.does("orders place 1002 MUG=2")
    refused = clerk.types("orders release-to-pick 1001 1002")
    assert refused.code == 4
    assert "status: BACKORDERED" in refused.err
    assert clerk.does("orders show 1001 --json").json["order"]["status"] == "ALLOCATED"


def test_units_that_the_picker_misses_are_wanted_again(clerk: Terminal) -> None:
    clerk.does("receive D-1 MUG=2 --at A-01")
    clerk.does("orders place 1001 MUG=2")
    clerk.does("orders release-to-pick 1001")
    short = clerk.does("orders short-pick 1001 1 1")
    assert "Order 1001 is partially allocated: 2 units, 1 reserved, 1 short." in short.out


def test_explain_says_why_and_what_to_do(clerk: Terminal) -> None:
    clerk.does("receive D-1 MUG=9 --at DOCK")
    clerk.does("orders place 1001 MUG=5")
    told = clerk.does("explain 1001")
    assert "Line 1, MUG: 5 units short, number 1 in the queue." in told.out
    assert "makegood move MUG 9 --from DOCK --to A-01" in told.out
    assert clerk.does("explain 1001 --json").json["lines"][0]["reasons"][0]["code"] == "STOCK_NOT_PICKABLE"
    clerk.does("move MUG 9 --from DOCK --to A-01")
    assert "lacks nothing" in clerk.does("explain 1001").out
