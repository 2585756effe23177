"""Alternatives at the command line: kept, shown first, applied, seen with the order, and undone."""

from .conftest import Terminal

AGREED = ("--agreed-by", "Ann Lee", "--how", "e-mail")


def test_a_substitute_is_shown_applied_seen_and_undone(clerk: Terminal) -> None:
    assert "There are no alternatives yet" in clerk.does("alternatives list").err
    clerk.does("alternatives add MUG LID --units 2 --kind downgrade")
    row = clerk.does("alternatives list MUG").out.splitlines()[1].split()
    assert row == ["MUG", "1", "LID", "2", "downgrade", "1", "no", "yes"]
    clerk.does("orders place 1001 MUG=2")
    clerk.does("receive D-1 LID=4 --at A-01")
    shown = clerk.does("orders apply-alternatives 1001 --dry-run")
    assert shown.out == "Order 1001 would be allocated: 4 LID for 2 MUG.\n"
    left = clerk.does("orders apply-alternatives --all")
    assert left.out.startswith("Skipped: Order 1001 stays as it is: LID could be sent if the customer agrees.\n")
    done = clerk.does("orders apply-alternatives 1001", *AGREED)
    assert done.out.startswith("Order 1001 is allocated: 4 LID for 2 MUG.\n")
    assert "LID (for MUG)" in clerk.does("orders show 1001").out
    undone = clerk.does("orders undo-alternatives 1001")
    assert undone.out == "Order 1001 is backordered: 0 reserved, 2 short.\n"
    assert clerk.runs("orders", "undo-alternatives", "1001").code == 4
    clerk.does("alternatives remove MUG LID")
    assert clerk.runs("alternatives", "remove", "MUG", "LID").code == 3
