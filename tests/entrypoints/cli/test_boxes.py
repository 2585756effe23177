"""Boxes at the command line: kept, and shown with what they hold."""

from .conftest import Terminal


def test_an_order_shows_its_boxes(clerk: Terminal) -> None:
    assert "There are no boxes yet" in clerk.does("boxes list").err
    clerk.does("boxes add M 350x250x150 --max-weight 10000 --weight 200")
    assert clerk.runs("boxes", "add", "X", "350x250", "--max-weight", "1").code == 2
    assert clerk.does("boxes list").out.splitlines()[1].split() == [
        "EAST",
        "M",
        "350x250x150",
        "10,000",
        "200",
        "yes",
    ]
    clerk.does("receive D-1 MUG=3 --at A-01")
    clerk.does("orders place 1001 MUG=2")
    told = clerk.does("orders packages 1001")
    assert told.out == "Order 1001: unknown dimensions: dimensions or weight are unknown of MUG.\n"
    clerk.does("variants add MUG --size 100x80x90 --weight 350")
    shown = clerk.does("orders packages 1001 --again").out.splitlines()
    assert shown[1].split() == ["1", "M", "350x250x150", "900", "2", "MUG"]
    clerk.does("boxes retire M")
    assert clerk.does("orders packages 1001 --json").json["outcome"] == "PACKED"
