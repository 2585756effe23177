"""Stock at the command line: deliveries, counts, returns, corrections, moves, and what they do to orders."""

import pytest

from .conftest import Terminal


def test_a_delivery_may_be_entered_first_and_approved_later(clerk: Terminal) -> None:
    clerk.does("orders place 1001 MUG=5")
    entered = clerk.does("receive D-1 MUG=12 LID=4@DOCK --at A-01 --damaged MUG=2 --later")
    assert "2 figures entered." in entered.out
    assert clerk.does("stock --json").json["stock"][0]["on_hand"] == 0
    approved = clerk.does("receive D-1 --approve")
    assert "16 units added" in approved.out
    assert "6 units of them cannot be given out where they are" in approved.out
    assert "Order 1001 got 5 units and is allocated now." in approved.err


def test_the_same_delivery_counts_once(clerk: Terminal) -> None:
    for _ in range(2):
        assert clerk.does("receive D-1 MUG=12 --at A-01 --json").json["added"] == 12
    assert clerk.does("stock --json").json["stock"][0]["on_hand"] == 12


def test_a_rejected_delivery_leaves_the_books_alone(clerk: Terminal) -> None:
    clerk.does("receive D-1 MUG=12 --at A-01 --later")
    assert "rejected" in clerk.does("receive D-1 --reject").out
    assert clerk.types("receive D-1 --approve").code == 4
    assert clerk.does("stock --json").json["stock"] == []


def test_a_count_posts_the_difference(clerk: Terminal) -> None:
    clerk.does("receive D-1 MUG=12 --at A-01")
    assert "3 units written off" in clerk.does("count C-1 MUG=9 --at A-01").out
    assert "nothing changed" in clerk.does("count C-2 MUG=9 --at A-01").out


def test_what_a_customer_sends_back_goes_to_who_waits(clerk: Terminal) -> None:
    clerk.does("orders place 1001 MUG=2")
    back = clerk.does("return R-1 MUG=2 --at A-01")
    assert "Order 1001 got 2 units and is allocated now." in back.err
    assert "cannot be given out" in clerk.does("return R-2 MUG=1 --at A-01 --as damaged").out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("receive D-1", "Give lines SKU=UNITS"),
        ("receive D-1 MUG=1 --approve --at A-01", "Give lines SKU=UNITS"),
        ("receive D-1 MUG=1", "Say where MUG lies"),
        ("receive D-1 MUG --at A-01", "'MUG' is not of the form SKU=UNITS"),
        ("receive D-1 MUG=1 --at A-01 --damaged LID=1", "LID is not among the lines"),
        ("return R-1 MUG=1 --at A-01 --as lost", "is not one of restock, quarantine, damaged"),
    ],
)
def test_figures_that_make_no_sense_are_refused(clerk: Terminal, line: str, words: str) -> None:
    refused = clerk.types(line)
    assert (refused.code, refused.out) == (2, "")
    assert words in refused.err


def test_an_adjustment_down_takes_units_from_the_worst_ranked(clerk: Terminal) -> None:
    clerk.does("receive D-1 MUG=4 --at A-01")
    clerk.does("orders place 1001 MUG=2")
    clerk.does("orders place 1002 MUG=2")
    down = clerk.does("adjust MUG -1 --at A-01 --reason", "not there")
    assert "1 unit of MUG taken off at A-01 (adjustment:1)." in down.out
    assert "Order 1002 lost units by it and is partially allocated." in down.out
    assert clerk.types("adjust MUG -30 --at A-01 --reason x").code == 4


def test_damage_quarantine_and_back(clerk: Terminal) -> None:
    clerk.does("receive D-1 MUG=6 --at A-01")
    clerk.does("damage MUG 2 --at A-01")
    clerk.does("quarantine MUG 1 --at A-01")
    row = clerk.does("stock --json").json["stock"][0]
    assert (row["free"], row["set_aside"]) == (3, 3)
    clerk.does("restore MUG 2 --at A-01")
    clerk.does("quarantine MUG 1 --at A-01 --release")
    assert clerk.does("stock --json").json["stock"][0]["free"] == 6


def test_a_place_that_is_made_pickable_serves_the_queue(clerk: Terminal) -> None:
    clerk.does("receive D-1 MUG=6 --at DOCK")
    clerk.does("orders place 1001 MUG=2")
    opened = clerk.does("locations set DOCK --pickable")
    assert "Order 1001 got 2 units and is allocated now." in opened.err
    closed = clerk.does("locations set DOCK --inactive")
    assert "Order 1001 lost units by it and is backordered." in closed.out


def test_stock_says_what_is_free_and_why_the_rest_is_not(clerk: Terminal) -> None:
    clerk.does("receive D-1 MUG=6 --at DOCK")
    by_variant = clerk.does("stock").out.splitlines()
    assert by_variant[0] == "SKU  Name  Warehouse  On hand  Reserved  Free  Not pickable  Waiting"
    assert by_variant[1].split() == ["MUG", "Mug", "EAST", "6", "0", "0", "6", "0"]
    assert "location not pickable" in clerk.does("stock mug").out
    assert "location not pickable" in clerk.does("stock --location DOCK").out
    assert clerk.types("stock NOPE").code == 3


def test_the_catalogue_is_listed_and_empty_lists_say_what_to_do(terminal: Terminal) -> None:
    for kind in ("warehouses", "locations", "variants"):
        assert f"makegood {kind} add" in terminal.does(f"{kind} list").err
    terminal.has_a_shop()
    terminal.does("variants add CUP --alias TEACUP --barcode 4006381333931 --shelf-life 30")
    assert "TEACUP" in terminal.does("variants list cup").out
    assert [place["code"] for place in terminal.does("locations list --json").json["locations"]] == [
        "DOCK",
        "A-01",
    ]
    assert terminal.does("warehouses list --json").json["warehouses"][0]["locations"] == 2
