"""Units reserved on supply that is due: they cover, they never overtake stock, and each unit is promised once."""

from datetime import date

import pytest

from makegood.domain.alternatives import NewAlternative
from makegood.domain.errors import InboundClosed, InboundNotFound, InboundUnfit, InvalidValue, NotEnoughDue
from makegood.domain.splits import Consent
from makegood.services.adjust_stock import adjust_stock
from makegood.services.alternatives.apply_alternatives import apply_alternatives
from makegood.services.alternatives.keep_alternatives import add_alternatives
from makegood.services.backorders.cancel_backorder import cancel_backorder
from makegood.services.backorders.source_backorder import release_sourced, source_backorder
from makegood.services.backorders.summarize_backorders import summarize_backorders
from makegood.services.cancel_order import cancel_order
from makegood.services.edit_order import edit_order
from makegood.services.expire_allocations import expire_allocations
from makegood.services.explain_order import explain_order
from makegood.services.hold_order import hold_order
from makegood.services.inbound.cancel_inbound import cancel_inbound
from makegood.services.inbound.update_inbound import update_inbound
from makegood.services.merge_order import merge_order
from makegood.services.move_stock import move_stock
from makegood.services.network.divide_network import divide_network
from makegood.services.split_order import split_order
from tests.services.backorder_stories import backorder, is_sound, lapses, number_of
from tests.services.inbound_stories import announce, comes, figures, in_days, inbound, opens_west, sources
from tests.shop import Shop


def five_wanted(shop: Shop, due: int = 10) -> str:
    """A wants five mugs; so many are due with PO-7."""
    shop.sells("MUG", "LID").order("A", MUG=5)
    announce(shop, "PO-7", "MUG", due)
    return number_of(shop, "A")


def test_what_is_sourced_is_covered_but_still_short(shop: Shop) -> None:
    number = five_wanted(shop)
    made = shop.do(source_backorder, number, "PO-7", quantity=3)
    assert (made.sourced, made.uncovered, made.allocated, made.status) == (3, 2, 0, "PENDING")
    assert (made.source, shop.status("A")) == ("PURCHASE_ORDER", "BACKORDERED")
    assert figures(shop, "PO-7") == ("OPEN", 0, 0, 10, 3)
    assert shop.value("SELECT waiting FROM order_lines") is True
    assert "backorder:sourced" in shop.events("A")
    assert is_sound(shop)


def test_without_a_number_it_takes_what_is_uncovered_and_nobody_s(shop: Shop) -> None:
    number = five_wanted(shop, due=7)
    shop.do(source_backorder, number, "PO-7", quantity=1)
    assert shop.do(source_backorder, number, "po-7/1").sourced == 5
    shop.order("B", MUG=5)
    assert shop.do(source_backorder, number_of(shop, "B"), "PO-7").sourced == 2
    assert figures(shop, "PO-7")[3:] == (7, 7)
    with pytest.raises(NotEnoughDue) as refused:
        shop.do(source_backorder, number_of(shop, "B"), "PO-7")
    assert refused.value.facts["outstanding"] == refused.value.facts["sourced"] == 7
    assert is_sound(shop)


def test_what_does_not_fit_is_refused_with_the_facts(shop: Shop) -> None:
    number = five_wanted(shop)
    announce(shop, "PO-8", "LID", 5)
    opens_west(shop)
    announce(shop, "PO-9", "MUG", 5, warehouse="WEST")
    for name, field in (("PO-8", "SKU"), ("PO-9", "warehouse")):
        with pytest.raises(InboundUnfit) as refused:
            shop.do(source_backorder, number, name)
        assert refused.value.facts["field"] == field
    with pytest.raises(InboundNotFound):
        shop.do(source_backorder, number, "PO-10")
    with pytest.raises(InvalidValue, match="from 1 to 5"):
        shop.do(source_backorder, number, "PO-7", quantity=6)
    announce(shop, "PO-11", "MUG", 2)
    with pytest.raises(NotEnoughDue):
        shop.do(source_backorder, number, "PO-11", quantity=3)
    shop.do(cancel_inbound, "PO-7")
    with pytest.raises(InboundClosed):
        shop.do(source_backorder, number, "PO-7")


def test_stock_that_comes_before_is_taken_and_what_is_due_last_given_back(shop: Shop) -> None:
    number = five_wanted(shop)
    announce(shop, "PO-8", "MUG", 9, due=in_days(shop, 30))
    shop.do(source_backorder, number, "PO-7", quantity=2)
    shop.do(source_backorder, number, "PO-8", quantity=3)
    shop.gets("MUG", 1).check()
    assert (shop.has("A"), backorder(shop, "A").sourced) == ({"MUG": 1}, 4)
    assert (inbound(shop, "PO-7").sourced, inbound(shop, "PO-8").sourced) == (2, 2)
    shop.gets("MUG", 9).check()
    made = backorder(shop, "A")
    assert (made.allocated, made.sourced, made.status, shop.status("A")) == (5, 0, "ALLOCATED", "ALLOCATED")
    assert (inbound(shop, "PO-7").sourced, inbound(shop, "PO-8").sourced) == (0, 0)
    assert "backorder:sourcing_released" in shop.events("A")
    assert is_sound(shop)


@pytest.mark.parametrize("how", ["cancelled", "edited", "in part"])
def test_a_line_that_wants_less_gives_back_the_rest(shop: Shop, how: str) -> None:
    number = five_wanted(shop)
    shop.do(source_backorder, number, "PO-7")
    if how == "cancelled":
        shop.do(cancel_order, "A")
    elif how == "edited":
        shop.do(edit_order, "A", quantities={1: 2})
    else:
        shop.do(cancel_backorder, number, quantity=3)
    assert inbound(shop, "PO-7").sourced == (0 if how == "cancelled" else 2)
    assert is_sound(shop)


def test_sourced_units_are_given_back_by_hand(shop: Shop) -> None:
    number = five_wanted(shop)
    shop.do(source_backorder, number, "PO-7")
    assert shop.do(release_sourced, number, quantity=2).sourced == 3
    made = shop.do(release_sourced, number, inbound="PO-7", because="it is late")
    assert (made.sourced, made.uncovered, made.source) == (0, 5, "INVENTORY")
    with pytest.raises(InvalidValue):
        shop.do(release_sourced, number)
    states = shop.rows("SELECT quantity, state, because FROM sourcings ORDER BY sourcing_id")
    assert states == [(3, "RELEASED", "it is late"), (2, "RELEASED", "it was released by hand")]
    assert is_sound(shop)


def test_a_cancelled_or_smaller_inbound_line_takes_from_the_worst_rank_first(shop: Shop) -> None:
    shop.sells("MUG").order("LATE", MUG=4)
    shop.order("FIRST", priority="EXPRESS", MUG=4)
    announce(shop, "PO-7", "MUG", 9)
    sources(shop, "FIRST", "PO-7")
    sources(shop, "LATE", "PO-7")
    shop.do(update_inbound, "PO-7", quantity=6)
    assert (backorder(shop, "FIRST").sourced, backorder(shop, "LATE").sourced) == (4, 2)
    shop.do(cancel_inbound, "PO-7", quantity=3, because="sold out")
    assert (backorder(shop, "FIRST").sourced, backorder(shop, "LATE").sourced) == (3, 0)
    assert figures(shop, "PO-7") == ("OPEN", 0, 3, 3, 3)
    shop.do(cancel_inbound, "PO-7")
    assert (figures(shop, "PO-7"), backorder(shop, "FIRST").uncovered) == (("CANCELLED", 0, 6, 0, 0), 4)
    assert shop.events("FIRST").count("backorder:sourcing_released") == 2
    assert is_sound(shop)


def test_when_it_comes_the_sourced_have_their_part_before_the_queue(shop: Shop) -> None:
    shop.sells("MUG").order("SOURCED", MUG=5)
    shop.order("FAST", priority="EXPRESS", MUG=9)
    announce(shop, "PO-7", "MUG", 10)
    sources(shop, "SOURCED", "PO-7", 4)
    made = comes(shop, "PO-7")
    assert (made.delivery.added, made.inbound.status, made.given) == (10, "RECEIVED", [("SOURCED", 4)])
    assert shop.has("SOURCED") == {"MUG": 4}
    shop.check()
    assert (shop.has("FAST"), shop.has("SOURCED")) == ({"MUG": 6}, {"MUG": 4})
    assert (backorder(shop, "SOURCED").sourced, shop.status("SOURCED")) == (0, "PARTIALLY_ALLOCATED")
    (entry,) = shop.rows("SELECT state, quantity FROM sourcings")
    assert entry == ("RECEIVED", 4)
    created = shop.value(
        "SELECT trigger_sources FROM fulfillment_events JOIN orders USING (order_id) "
        "WHERE number = 'SOURCED' AND type = 'allocation:created'"
    )
    assert created == ["receiving:D-0"]
    assert is_sound(shop)


def test_three_part_deliveries_fill_the_sourced_line_three_times(shop: Shop) -> None:
    number = five_wanted(shop, due=5)
    shop.do(source_backorder, number, "PO-7")
    seen = []
    for units in (2, 1, 2):
        comes(shop, "PO-7", units)
        seen.append((shop.has("A")["MUG"], backorder(shop, "A").sourced, shop.status("A")))
    assert seen == [
        (2, 3, "PARTIALLY_ALLOCATED"),
        (3, 2, "PARTIALLY_ALLOCATED"),
        (5, 0, "ALLOCATED"),
    ]
    assert "order:backorder_resolved" in shop.events("A")
    assert is_sound(shop)


def test_units_that_come_onto_the_dock_are_the_sourced_line_s_and_go_along_when_put_away(shop: Shop) -> None:
    number = five_wanted(shop, due=8)
    shop.do(source_backorder, number, "PO-7")
    shop.order("FAST", priority="EXPRESS", MUG=9)
    comes(shop, "PO-7", location="DOCK")
    assert (shop.has("A"), shop.status("A"), shop.free("MUG")) == ({"MUG": 5}, "ALLOCATED", 0)
    shop.check()
    assert is_sound(shop)
    shop.do(move_stock, "MUG", 8, from_location="DOCK", to_location="A-01")
    shop.check()
    assert (shop.has("A"), shop.has("FAST")) == ({"MUG": 5}, {"MUG": 3})
    assert is_sound(shop)


def test_damaged_or_expired_units_serve_nobody_and_the_sourced_part_is_given_back(shop: Shop) -> None:
    shop.sells("EGG", expiry_tracked=True).order("A", EGG=5)
    announce(shop, "PO-7", "EGG", 5)
    sources(shop, "A", "PO-7")
    comes(shop, "PO-7", 3, damaged=2, expires_on=in_days(shop, 9))
    assert (shop.has("A"), backorder(shop, "A").sourced) == ({"EGG": 1}, 2)
    comes(shop, "PO-7", 2, expires_on=date(2026, 1, 1))
    assert (shop.has("A"), backorder(shop, "A").sourced) == ({"EGG": 1}, 0)
    assert is_sound(shop)


def test_a_complete_order_keeps_what_came_for_it_by_name(shop: Shop) -> None:
    shop.sells("MUG", "LID").order("SET", ship_policy="COMPLETE", MUG=2, LID=2)
    announce(shop, "PO-7", "MUG", 2)
    sources(shop, "SET", "PO-7")
    comes(shop, "PO-7")
    assert (shop.has("SET"), shop.status("SET")) == ({"MUG": 2, "LID": 0}, "PARTIALLY_ALLOCATED")
    assert is_sound(shop)
    shop.gets("LID", 2).check()
    assert shop.status("SET") == "ALLOCATED"
    assert is_sound(shop)


def test_a_held_order_gets_what_it_sourced_and_stays_held(shop: Shop) -> None:
    number = five_wanted(shop)
    shop.do(source_backorder, number, "PO-7")
    shop.do(hold_order, "A", because="ask")
    comes(shop, "PO-7")
    assert (shop.has("A"), shop.status("A")) == ({"MUG": 5}, "ON_HOLD")
    assert is_sound(shop)


def test_the_explanation_names_what_is_sourced_and_what_comes_next(shop: Shop) -> None:
    number = five_wanted(shop, due=3)
    announce(shop, "PO-8", "MUG", 9, due=in_days(shop, 20))
    shop.do(source_backorder, number, "PO-7")
    line = shop.do(explain_order, "A").lines[0]
    assert [(one.reference, one.units, one.due) for one in line.sourced] == [("PO-7/1", 3, in_days(shop, 5))]
    assert line.next_inbound is not None
    assert (line.next_inbound.reference, line.next_inbound.units) == ("PO-8/1", 9)
    assert [one.command for one in line.actions] == [f"makegood backorders source {number} PO-8/1 --apply"]
    found = shop.do(summarize_backorders)
    assert (found.units_covered, found.units_sourced, found.units_uncovered) == (0, 3, 2)


def test_what_is_sourced_goes_along_with_a_split_and_comes_back_with_a_merge(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 2).check()
    shop.order("A", MUG=5)
    announce(shop, "PO-7", "MUG", 9)
    sources(shop, "A", "PO-7", 2)
    consent = Consent(by="Ada", how="by phone", at=shop.clock)
    child = shop.do(split_order, "A", mode="quantities", consent=consent).backorder_order_number
    assert (backorder(shop, child).sourced, inbound(shop, "PO-7").sourced) == (2, 2)
    assert is_sound(shop)
    shop.do(merge_order, child)
    assert (backorder(shop, "A").sourced, inbound(shop, "PO-7").sourced) == (2, 2)
    assert is_sound(shop)


def test_a_sourced_reservation_that_lapses_goes_to_the_queue_and_strands_nobody(shop: Shop) -> None:
    number = five_wanted(shop, due=5)
    shop.do(source_backorder, number, "PO-7")
    comes(shop, "PO-7")
    lapses(shop, "A", shop.clock)
    shop.order("FAST", priority="EXPRESS", MUG=2)
    shop.do(expire_allocations)
    shop.check()
    assert (shop.has("FAST"), shop.has("A")) == ({"MUG": 2}, {"MUG": 3})
    assert (backorder(shop, "A").status, backorder(shop, "A").uncovered) == ("PENDING", 2)
    assert is_sound(shop)


def test_what_is_sourced_stays_here_when_the_rest_comes_from_another_warehouse(shop: Shop) -> None:
    five_wanted(shop)
    sources(shop, "A", "PO-7", 2)
    opens_west(shop).gets("MUG", 9, warehouse="WEST", bin="W-01").check()
    part = shop.do(divide_network, "A").parts[0].order_number
    shop.check()
    assert (backorder(shop, "A").sourced, shop.has(part)) == (2, {"MUG": 3})
    assert is_sound(shop)
    shop.gets("MUG", 3, warehouse="WEST", bin="W-01")
    shop.order("W", warehouse="WEST", MUG=1)
    shop.do(merge_order, part)
    assert (backorder(shop, "A").sourced, inbound(shop, "PO-7").sourced) == (2, 2)
    assert is_sound(shop)


def test_what_another_warehouse_had_by_name_is_given_back_when_it_does_not_serve_any_more(shop: Shop) -> None:
    shop.sells("MUG").order("A", MUG=3)
    opens_west(shop).gets("MUG", 3, warehouse="WEST", bin="W-01").check()
    shop.do(divide_network, "A")
    shop.check()
    assert backorder(shop, "A").warehouse == "WEST"
    shop.do(adjust_stock, "MUG", -3, location="W-01", reason="lost", warehouse="WEST")
    announce(shop, "PO-9", "MUG", 5, warehouse="WEST")
    shop.do(source_backorder, number_of(shop, "A"), "PO-9")
    shop.do(merge_order, "A")
    assert (backorder(shop, "A").warehouse, backorder(shop, "A").sourced) == ("EAST", 0)
    assert inbound(shop, "PO-9").sourced == 0
    assert is_sound(shop)


def test_what_is_sourced_waits_for_what_was_ordered_when_the_rest_is_sent_as_something_else(shop: Shop) -> None:
    five_wanted(shop)
    sources(shop, "A", "PO-7", 2)
    shop.do(add_alternatives, [NewAlternative("MUG", "LID", needs_consent=False)])
    shop.gets("LID", 9).check()
    shop.do(apply_alternatives, "A")
    shop.check()
    assert (shop.has("A")["MUG"], backorder(shop, "A").sourced, inbound(shop, "PO-7").sourced) == (3, 2, 2)
    assert is_sound(shop)
