"""What an explanation offers is carried out as it stands, typed at the terminal, and it helps."""

from collections.abc import Sequence

import pytest

from makegood.domain.alternatives import NewAlternative
from makegood.domain.catalogue import NewLocation, NewWarehouse
from makegood.domain.explanation import Action
from makegood.services.add_catalogue import add_locations, add_warehouses
from makegood.services.alternatives.keep_alternatives import add_alternatives
from makegood.services.explain_order import explain_order
from makegood.services.hold_order import hold_order
from makegood.services.work import now
from tests.entrypoints.cli.conftest import Terminal
from tests.services.split_stories import insist_sound
from tests.shop import Shop

# What only the person knows who types it.
FILL = {"NAME": "Ann", "HOW": "phone", "REASON": "urgent", "SKU": "MUG"}


@pytest.fixture
def today(shop: Shop) -> Shop:
    """EAST and WEST, at the terminal's time; MUG has an alternative that needs consent, LID one that does not."""
    shop.clock = now()
    shop.do(add_warehouses, [NewWarehouse("WEST", network_rank=2)])
    shop.do(add_locations, [NewLocation("B-01", "WEST", "PICKING")])
    shop.sells("MUG", "LID", "RED", "CAP")
    shop.do(add_alternatives, [NewAlternative("MUG", "RED"), NewAlternative("LID", "CAP", needs_consent=False)])
    return shop


def offered(shop: Shop, order: str) -> list[Action]:
    return [action for line in shop.do(explain_order, order).lines for action in line.actions]


def lacking(shop: Shop, order: str) -> int:
    """Sum what an order and its parts lack and have not by name of supply that is due."""
    return int(
        shop.value(
            "SELECT sum(quantity - cancelled - fulfilled - allocated - sourced) FROM order_lines "
            "JOIN orders USING (order_id) WHERE starts_with(number, %s)",
            order,
        )
    )


def carry_out(shop: Shop, order: str) -> Sequence[str]:
    """Type the command of each offer that is there in turn, find that each helps, and say what they were."""
    done: list[str] = []
    while offers := [
        one for one in offered(shop, order) if one.what not in done and "--dry-run" not in one.command
    ]:
        before = lacking(shop, order), shop.status(order)
        words = [FILL.get(word, word) for word in offers[0].command.removeprefix("makegood ").split()]
        answer = Terminal(shop.books.conninfo).types(" ".join(words))
        assert answer.code == 0, (offers[0], answer)
        shop.check()
        assert (lacking(shop, order), shop.status(order)) != before, offers[0]
        done.append(offers[0].what)
    insist_sound(shop)
    return done


def test_substitutes_are_offered_where_they_would_help(today: Shop) -> None:
    today.gets("RED", 2).gets("CAP", 1).check()
    today.order("A", MUG=2, LID=3)
    (first, second) = (one.what for one in offered(today, "A"))
    assert (first, second) == ("send 2 RED instead of 2, if the customer agrees", "send 1 CAP instead of 1")
    assert carry_out(today, "A") == ["send 2 RED instead of 2, if the customer agrees"]
    assert today.has("A") == {"MUG": 2, "LID": 1}


def test_other_warehouses_are_offered_where_they_would_help(today: Shop) -> None:
    today.gets("MUG", 1).gets("MUG", 2, bin="B-01", warehouse="WEST").check()
    today.order("A", MUG=4)
    assert carry_out(today, "A") == ["have 2 from WEST"]
    assert today.has("A-BO1") == {"MUG": 2}


def test_what_is_kept_back_can_be_forced_and_what_is_due_reserved(today: Shop) -> None:
    today.order("FIRST", MUG=5, LID=1, ship_policy="COMPLETE", when_short="reserve")
    today.gets("MUG", 3).check()
    today.order("A", MUG=4)
    today.change(
        "INSERT INTO inbound_lines (merchant_id, kind, reference, variant_id, warehouse_id, quantity, due) "
        "SELECT 1, 'PURCHASE_ORDER', 'PO-7', variant_id, 1, 9, current_date + 7 FROM variants WHERE sku = 'MUG'"
    )
    assert carry_out(today, "A") == [
        "reserve units of PO-7/1 for it",
        "take 3 that are kept back, against the rank",
    ]
    assert today.has("A") == {"MUG": 3}


def test_what_lies_out_of_reach_or_is_not_known_or_is_held_is_offered_a_way(today: Shop) -> None:
    today.gets("MUG", 2, bin="DOCK").check()
    today.order("A", MUG=2)
    assert carry_out(today, "A") == ["put 2 away from DOCK into A-01"]
    today.order("B", PLUM=1)
    assert carry_out(today, "B")[0] == "say which variant is meant"
    today.order("C", LID=1)
    today.do(hold_order, "C", because="a question")
    assert carry_out(today, "C") == ["release the order"]


def test_what_would_not_help_is_not_offered(today: Shop) -> None:
    today.order("FIRST", RED=2, CAP=9, ship_policy="COMPLETE", when_short="reserve")
    today.gets("RED", 2).gets("MUG", 1, bin="B-01", warehouse="WEST").check()
    today.order("A", MUG=2, ship_policy="COMPLETE")
    assert offered(today, "A") == []
