"""Alternatives: something else is sent instead, in its turn of the other queue, on record, and can be undone."""

import pytest

from makegood.domain.alternatives import NewAlternative
from makegood.domain.errors import (
    AlternativeNotFound,
    ConsentNeeded,
    InvalidValue,
    LineNotFound,
    NothingToRestore,
    NothingToSubstitute,
    VariantNotFound,
    WrongState,
)
from makegood.domain.runs import OrderChoice
from makegood.services.adjust_stock import adjust_stock
from makegood.services.alternatives.apply_alternatives import Substituted, apply_alternatives
from makegood.services.alternatives.keep_alternatives import (
    add_alternatives,
    list_alternatives,
    remove_alternative,
)
from makegood.services.alternatives.undo_alternatives import Restored, undo_alternatives
from makegood.services.hold_order import hold_order
from makegood.services.pick_order import release_to_pick
from makegood.services.runs.show_runs import run_results
from makegood.services.runs.start_run import start_run
from tests.services.split_stories import AGREED, insist_sound, split
from tests.services.test_runs import serve
from tests.shop import Shop


def alternative(shop: Shop, sku: str, substitute: str, **facts: object) -> Shop:
    """Let one SKU stand for another; customers need not be asked unless the story says so."""
    new = NewAlternative(sku, substitute, **{"needs_consent": False} | facts)  # type: ignore[arg-type]
    shop.do(add_alternatives, [new])
    return shop


def apply(shop: Shop, number: str) -> Substituted:
    made = shop.do(apply_alternatives, number)
    shop.check()
    insist_sound(shop)
    return made


def undo(shop: Shop, number: str, line: int | None = None) -> Restored:
    made = shop.do(undo_alternatives, number, line_number=line)
    shop.check()
    insist_sound(shop)
    return made


def lines(shop: Shop, number: str) -> list[tuple[str, str, int, int]]:
    """Give what was asked for, what is sent, units and reserved units of each line that wants something."""
    return shop.rows(
        "SELECT l.sku_text, v.sku, l.quantity, l.allocated FROM order_lines l JOIN orders USING (order_id) "
        "JOIN variants v USING (variant_id) WHERE number = %s AND quantity > 0 ORDER BY line_number",
        number,
    )


@pytest.fixture
def mugs(shop: Shop) -> Shop:
    """White mugs are gone; red ones are as good, gold ones are better."""
    shop.sells("MUG", "RED", "GOLD")
    alternative(shop, "MUG", "GOLD", kind="UPGRADE", position=2)
    return alternative(shop, "MUG", "RED")


def test_what_is_there_is_sent_instead_in_the_order_of_preference(mugs: Shop) -> None:
    mugs.gets("MUG", 1).gets("RED", 2).gets("GOLD", 9).check()
    mugs.order("A", MUG=5)
    made = apply(mugs, "A")
    assert (made.status, made.allocated, made.short) == ("ALLOCATED", 5, 0)
    assert [(one.substitute, one.units, one.becomes) for one in made.lines] == [("RED", 2, 2), ("GOLD", 2, 3)]
    assert lines(mugs, "A") == [("MUG", "MUG", 1, 1), ("MUG", "RED", 2, 2), ("MUG", "GOLD", 2, 2)]
    assert mugs.events("A").count("order:substituted") == 1
    assert mugs.events("A")[-2:] == ["order:allocated", "order:backorder_resolved"]


def test_a_line_that_has_nothing_becomes_its_substitute_and_keeps_its_record(mugs: Shop) -> None:
    mugs.gets("RED", 5).check()
    mugs.order("A", MUG=5)
    record = mugs.value("SELECT number FROM backorders WHERE closed_at IS NULL")
    assert apply(mugs, "A").status == "ALLOCATED"
    assert lines(mugs, "A") == [("MUG", "RED", 5, 5)]
    assert mugs.rows("SELECT number FROM backorders") == [(record,)]


def test_nobody_is_overtaken_in_the_other_queue(mugs: Shop) -> None:
    mugs.order("FIRST", RED=3, priority="EXPRESS", ship_policy="COMPLETE", when_short="reserve", GOLD=99)
    mugs.gets("RED", 4).check()
    mugs.order("A", MUG=3)
    # Three red mugs are kept back for whoever ships complete: one is left.
    made = apply(mugs, "A")
    assert [(one.substitute, one.units) for one in made.lines] == [("RED", 1)]
    assert mugs.has("FIRST") == {"RED": 0, "GOLD": 0}
    assert (made.allocated, made.short) == (1, 2)


def test_a_queue_that_is_to_be_looked_at_gives_nothing_yet(mugs: Shop) -> None:
    mugs.order("RIVAL", RED=4, placed=mugs.clock)
    mugs.order("A", MUG=3, placed=mugs.clock)
    mugs.gets("RED", 5)
    with pytest.raises(NothingToSubstitute, match="none of its alternatives is there for it"):
        mugs.do(apply_alternatives, "A")
    mugs.check()
    assert [(one.substitute, one.units) for one in apply(mugs, "A").lines] == [("RED", 1)]
    assert mugs.has("RIVAL") == {"RED": 4}


def test_units_stand_for_units_in_whole_multiples_and_back_again(shop: Shop) -> None:
    shop.sells("SINGLE", "SIXPACK").gets("SIXPACK", 5).check()
    alternative(shop, "SIXPACK", "SINGLE", units=6, two_way=True)
    shop.order("A", lines=None, SINGLE=15)
    made = apply(shop, "A")
    assert [(one.units, one.substitute_units) for one in made.lines] == [(12, 2)]
    assert lines(shop, "A") == [("SINGLE", "SINGLE", 3, 0), ("SINGLE", "SIXPACK", 2, 2)]
    assert undo(shop, "A").lines == [2]
    assert lines(shop, "A") == [("SINGLE", "SINGLE", 15, 0)]
    assert shop.free("SIXPACK") == 5


def test_what_needs_consent_waits_for_it_and_it_is_on_record(shop: Shop) -> None:
    shop.sells("MUG", "RED", "GOLD").gets("RED", 1).gets("GOLD", 9).check()
    alternative(shop, "MUG", "RED")
    alternative(shop, "MUG", "GOLD", needs_consent=True, position=2)
    shop.order("A", MUG=3)
    shown = shop.do(apply_alternatives, "A", dry_run=True)
    assert [(one.substitute, one.units, one.needs_consent) for one in shown.lines] == [
        ("RED", 1, False), ("GOLD", 2, True),
    ]  # fmt: skip
    assert lines(shop, "A") == [("MUG", "MUG", 3, 0)]
    assert [(one.substitute, one.units) for one in apply(shop, "A").lines] == [("RED", 1)]
    with pytest.raises(ConsentNeeded, match="GOLD could be sent if the customer agrees"):
        shop.do(apply_alternatives, "A")
    assert shop.do(apply_alternatives, "A", consent=AGREED).status == "ALLOCATED"
    agreed = "SELECT agreed_to, agreed_by, agreed_how, agreed_at, recorded_by FROM consents"
    assert shop.rows(agreed) == [("SUBSTITUTE", AGREED.by, AGREED.how, AGREED.at, "manager")]
    insist_sound(shop)


def test_who_ships_complete_is_sent_something_else_only_if_that_makes_it_whole(mugs: Shop) -> None:
    mugs.sells("LID").gets("MUG", 2).gets("RED", 2).check()
    mugs.order("A", MUG=5, ship_policy="COMPLETE")
    with pytest.raises(NothingToSubstitute):
        mugs.do(apply_alternatives, "A")
    mugs.gets("GOLD", 1).check()
    assert apply(mugs, "A").status == "ALLOCATED"
    assert lines(mugs, "A") == [("MUG", "MUG", 2, 2), ("MUG", "RED", 2, 2), ("MUG", "GOLD", 1, 1)]


def test_who_ships_whole_lines_gets_whole_lines(mugs: Shop) -> None:
    alternative(mugs.sells("LID", "CAP"), "LID", "CAP")
    mugs.gets("RED", 2).gets("CAP", 4).check()
    mugs.order("A", MUG=3, LID=4, ship_policy="COMPLETE_LINES")
    assert apply(mugs, "A").status == "PARTIALLY_ALLOCATED"
    assert lines(mugs, "A") == [("MUG", "MUG", 3, 0), ("LID", "CAP", 4, 4)]


def test_two_lines_do_not_count_on_the_same_units(mugs: Shop) -> None:
    alternative(mugs.sells("CUP"), "CUP", "RED")
    mugs.gets("RED", 3).check()
    mugs.order("A", MUG=2, CUP=2)
    assert [(one.sku, one.units) for one in apply(mugs, "A").lines] == [("MUG", 2), ("CUP", 1)]


def test_a_held_order_is_sent_something_else_and_stays_held(mugs: Shop) -> None:
    mugs.order("A", MUG=2)
    mugs.do(hold_order, "A", because="too old")
    mugs.gets("RED", 2).check()
    assert apply(mugs, "A").status == "ON_HOLD"
    assert lines(mugs, "A") == [("MUG", "RED", 2, 0)]


def test_undone_a_line_waits_for_what_was_ordered_as_before(mugs: Shop) -> None:
    mugs.gets("RED", 5).check()
    mugs.order("OTHER", MUG=1)
    mugs.order("A", MUG=5)
    mugs.later(days=3)
    apply(mugs, "A")
    mugs.order("B", RED=2)
    # The red ones go at once to whoever waits for them.
    assert undo(mugs, "A").status == "BACKORDERED"
    assert lines(mugs, "A") == [("MUG", "MUG", 5, 0)]
    assert mugs.has("B") == {"RED": 2}
    assert mugs.events("A")[-3:] == ["allocation:released", "order:substitution_undone", "order:backordered"]
    prices = "SELECT instead_of, instead_units, instead_per FROM order_lines JOIN orders USING (order_id) "
    assert mugs.rows(prices + "WHERE number = 'A'") == [(None, None, None)]


def test_one_line_is_undone_by_its_number(mugs: Shop) -> None:
    mugs.gets("RED", 2).gets("GOLD", 2).check()
    mugs.order("A", MUG=4)
    apply(mugs, "A")
    with pytest.raises(LineNotFound):
        undo(mugs, "A", 9)
    assert undo(mugs, "A", 2).lines == [2]
    assert lines(mugs, "A") == [("MUG", "RED", 2, 2), ("MUG", "MUG", 2, 0)]


def test_what_is_in_picking_or_was_never_substituted_stays(mugs: Shop) -> None:
    mugs.gets("RED", 2).check()
    mugs.order("A", MUG=2)
    with pytest.raises(NothingToRestore, match="nothing of it is sent as something else"):
        mugs.do(undo_alternatives, "A")
    apply(mugs, "A")
    mugs.do(release_to_pick, ["A"])
    for verb in (undo_alternatives, apply_alternatives):
        with pytest.raises(WrongState):
            mugs.do(verb, "A")


def test_a_part_that_stands_for_no_whole_number_cannot_be_undone(shop: Shop) -> None:
    shop.sells("SINGLE", "SIXPACK").gets("SINGLE", 12).check()
    alternative(shop, "SIXPACK", "SINGLE", units=6)
    shop.order("A", SIXPACK=2)
    apply(shop, "A")
    shop.do(adjust_stock, "SINGLE", -4, location="A-01", reason="broken")
    split(shop, "A", "quantities")
    insist_sound(shop)
    with pytest.raises(NothingToRestore, match="no whole number"):
        shop.do(undo_alternatives, "A-BO1")


def test_a_substitute_keeps_a_raised_rank_and_the_age(mugs: Shop) -> None:
    mugs.gets("MUG", 1).check()
    mugs.order("A", MUG=3)
    mugs.change("UPDATE backorders SET priority = 10")
    mugs.change("UPDATE order_lines SET rank_priority = 10")
    mugs.gets("RED", 1).check()
    apply(mugs, "A")
    ranks = "SELECT DISTINCT rank_priority, placed_at, root_line_number FROM order_lines"
    assert mugs.rows(ranks) == [(10, mugs.clock, 1)]


def test_many_are_sent_something_else_as_a_run(mugs: Shop) -> None:
    mugs.gets("RED", 3).check()
    mugs.order("A", MUG=2, priority="LOW")
    mugs.order("B", MUG=2)
    mugs.order("C", MUG=2, priority="LOW")
    run = mugs.do(start_run, "apply-alternatives", choice=OrderChoice()).run_id
    serve(mugs)
    found = {one.order: (one.outcome, one.facts.get("substituted")) for one in mugs.do(run_results, run).results}
    assert found == {"B": ("DONE", "2 RED for 2 MUG"), "A": ("DONE", "1 RED for 1 MUG"), "C": ("SKIPPED", None)}
    insist_sound(mugs)


def test_alternatives_are_listed_each_way_brought_up_to_date_and_removed(mugs: Shop) -> None:
    alternative(mugs, "MUG", "RED", kind="UPGRADE", two_way=True, units=2, position=3)
    shown = mugs.do(list_alternatives)
    assert [(one.sku, one.substitute, one.kind, one.units, one.per) for one in shown.alternatives] == [
        ("MUG", "GOLD", "UPGRADE", 1, 1), ("MUG", "RED", "UPGRADE", 2, 1), ("RED", "MUG", "DOWNGRADE", 1, 2),
    ]  # fmt: skip
    first = mugs.do(list_alternatives, most=1)
    assert len(mugs.do(list_alternatives, after=first.next).alternatives) == 2
    mugs.do(remove_alternative, "MUG", "RED")
    assert [one.substitute for one in mugs.do(list_alternatives, sku="MUG").alternatives] == ["GOLD"]
    with pytest.raises(AlternativeNotFound):
        mugs.do(remove_alternative, "MUG", "RED")


@pytest.mark.parametrize(
    ("new", "error"),
    [
        (NewAlternative("MUG", "MUG"), InvalidValue),
        (NewAlternative("MUG", "RED", kind="WORSE"), InvalidValue),
        (NewAlternative("MUG", "RED", units=0), InvalidValue),
        (NewAlternative("MUG", "NOSUCH"), VariantNotFound),
    ],
)
def test_what_makes_no_sense_is_no_alternative(mugs: Shop, new: NewAlternative, error: type[Exception]) -> None:
    with pytest.raises(error):
        mugs.do(add_alternatives, [new])
