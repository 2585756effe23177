"""Runs at the command line: started by commands over many orders, watched, let rest, and ended."""

import pytest

from .conftest import Terminal


@pytest.fixture
def waiting(clerk: Terminal) -> Terminal:
    """Three orders wait for mugs."""
    for number, priority in (("1001", "standard"), ("1002", "express"), ("1003", "low")):
        clerk.does(f"orders place {number} MUG=2 --priority {priority}")
    return clerk


def test_all_that_are_short_are_tried_again_and_each_is_told(waiting: Terminal) -> None:
    shown = waiting.does("orders allocate --all --dry-run")
    assert shown.out.splitlines()[0] == "Order 1002 would be backordered: 2 short."
    assert shown.err == "Nothing was written. Looked at the first 3 of 3 orders.\n"
    done = waiting.does("orders allocate --all --priority express")
    assert done.out == "Order 1002 is backordered: 2 short.\nRun 1, allocate: 1 of 1 order; 1 backordered.\n"
    told = waiting.does("orders allocate 1001 1003 NOBODY --json").json
    assert [(one["order"], one["outcome"]) for one in told["results"]] == [
        ("1001", "BACKORDERED"), ("1003", "BACKORDERED"), ("NOBODY", "FAILED"),
    ]  # fmt: skip
    assert told["run"]["outcomes"] == {"BACKORDERED": 2, "FAILED": 1}


def test_runs_are_listed_and_shown(waiting: Terminal) -> None:
    assert "There are no runs" in waiting.does("runs list").err
    waiting.does("orders allocate --all --key K")
    waiting.does("orders allocate --all --key K")
    listed = waiting.does("runs list").out.splitlines()
    assert len(listed) == 2
    assert listed[1].split()[:5] == ["1", "allocate", "done", "3", "3"]
    assert waiting.does("runs show 1 --outcome backordered --limit 1").out.startswith("Order 1002")
    assert waiting.does("runs show 1 --json").json["run"]["asked_by"] == "ann"
    assert waiting.runs("runs", "cancel", "1").code == 4
    assert waiting.runs("runs", "show", "2").code == 3


def test_orders_must_be_named_or_chosen(waiting: Terminal) -> None:
    assert "Name orders, or say --all" in waiting.runs("orders", "allocate").err
    assert "Filters go with --all" in waiting.runs("orders", "allocate", "1001", "--sku", "MUG").err


def test_other_warehouses_send_what_one_lacks(waiting: Terminal) -> None:
    waiting.does("warehouses add WEST --rank 2")
    waiting.does("locations add B-01 --warehouse WEST")
    waiting.does("receive D-1 MUG=3 --at B-01 --warehouse WEST")
    shown = waiting.does("orders divide-network --all --dry-run")
    assert shown.out.splitlines()[:2] == [
        "Order 1002 would be allocated: 2 from WEST as 1002.",
        "Order 1001 would be backordered: 1 from WEST as 1001-BO1, 1 short.",
    ]
    done = waiting.does("orders divide-network 1002")
    assert done.out.startswith("Order 1002 is allocated: 2 from WEST as 1002.\n")
    assert waiting.does("orders merge 1002").out == (
        "Order 1002 is backordered, served by its own warehouse again.\n"
    )
