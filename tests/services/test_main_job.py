"""The main job in small stories: orders wait, stock arrives, the right orders get it."""

from datetime import timedelta

from makegood.domain.orders import NewLine
from tests.shop import MONDAY, Shop


def test_an_order_takes_what_is_there(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 5).check()
    assert shop.order("A", MUG=3).after.status == "ALLOCATED"
    assert shop.free("MUG") == 2


def test_a_short_order_waits_and_gets_the_next_receipt(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 2).check()
    shop.order("A", MUG=5)
    assert shop.status("A") == "PARTIALLY_ALLOCATED"
    shop.gets("MUG", 10, source="receiving:7").check()
    assert shop.status("A") == "ALLOCATED"
    assert shop.has("A") == {"MUG": 5}
    assert shop.free("MUG") == 7
    assert "order:backorder_resolved" in shop.events("A")
    unblocked = shop.value("SELECT trigger_sources FROM attempts ORDER BY attempt_id DESC LIMIT 1")
    assert unblocked == ["receiving:7"]


def test_express_is_served_before_the_older_standard(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("OLD", placed=MONDAY - timedelta(days=9), MUG=5)
    shop.order("FAST", priority="EXPRESS", MUG=5)
    shop.gets("MUG", 6).check()
    assert (shop.has("FAST"), shop.has("OLD")) == ({"MUG": 5}, {"MUG": 1})


def test_a_new_order_does_not_overtake_one_whose_stock_has_just_come(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("OLD", MUG=5)
    shop.gets("MUG", 6).later(minutes=1)
    shop.order("NEW", MUG=3)
    assert (shop.has("OLD"), shop.has("NEW")) == ({"MUG": 5}, {"MUG": 1})
    assert shop.value("SELECT count(*) FROM marks") == 0


def test_a_complete_order_waits_for_all_its_lines_and_then_is_served_at_its_rank(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    shop.order("SET", ship_policy="COMPLETE", MUG=2, LID=2)
    shop.later(minutes=1).order("LIDS", LID=2)
    shop.gets("MUG", 2).check()
    assert shop.status("SET") == "BACKORDERED"
    shop.gets("LID", 3).check()
    assert (shop.status("SET"), shop.has("LIDS")) == ("ALLOCATED", {"LID": 1})


def test_an_unmatched_line_holds_the_order(shop: Shop) -> None:
    shop.sells("MUG")
    made = shop.order("A", lines=[NewLine("NO-SUCH", 2), NewLine("mug ", 1)])
    assert made.after.status == "ON_HOLD"
    assert "NO-SUCH" in str(made.after.reason)


def test_a_check_in_pieces_gives_what_one_piece_would(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    for number in range(40):
        policy = ("PARTIAL", "COMPLETE", "COMPLETE_LINES")[number % 3]
        shop.order(f"O{number}", ship_policy=policy, MUG=1 + number % 3, LID=1 + number % 2)
    shop.gets("MUG", 50).gets("LID", 20)
    assert len(shop.check(most=5)) > 3
    assert shop.free("MUG") + shop.free("LID") >= 0
