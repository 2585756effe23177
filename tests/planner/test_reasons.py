"""Every short line has a reason, the most telling first, and every reason has a sentence."""

import pytest
from hypothesis import given

from makegood.domain.reasons import Ahead, Reason, ReasonCode, StockFacts
from makegood.domain.states import ShipPolicy
from makegood.planner.book import Book, Short
from makegood.planner.plan import plan
from makegood.planner.reasons import SENTENCES, lacking_lines, sentence, why_short
from tests.build import TODAY, a_book, a_keeper, a_unit, an_order
from tests.strategies import books

NOTHING = StockFacts()


def a_short(units: int = 5, *, spare: int = 0) -> Short:
    """A line that lacks `units`, with nothing there unless told."""
    return Short(1001, 1, 1, units, spare, 0, (), 0, 0)


def why(short: Short | None, facts: StockFacts = NOTHING) -> list[str]:
    wanted = short.units if short else 5
    reasons = why_short(short, wanted=wanted, facts=facts, policy=ShipPolicy.PARTIAL)
    return [reason.code.value for reason in reasons]


def test_nothing_anywhere_is_no_stock() -> None:
    reasons = why_short(a_short(5), wanted=5, facts=NOTHING, policy=ShipPolicy.PARTIAL)
    assert reasons == [Reason(code=ReasonCode.NO_STOCK, facts={"wanted": 5, "free": 0})]


def test_a_line_that_ships_whole_tells_how_little_is_free() -> None:
    line = a_short(5, spare=2)
    reasons = why_short(line, wanted=5, facts=NOTHING, policy=ShipPolicy.COMPLETE_LINES)
    assert reasons == [Reason(code=ReasonCode.NO_STOCK, facts={"wanted": 5, "free": 2})]


def test_units_that_nobody_can_have_are_named_before_there_being_none() -> None:
    facts = StockFacts(
        not_pickable=3, places={"RECV-1": 3}, quarantined=2, expired=1, elsewhere={"NORTH": 4, "SOUTH": 1}
    )
    assert why(a_short(), facts) == [
        "STOCK_NOT_PICKABLE",
        "STOCK_QUARANTINED",
        "OTHER_WAREHOUSE_ONLY",
        "STOCK_EXPIRED",
        "NO_STOCK",
    ]


def test_those_ahead_and_those_kept_for_are_named() -> None:
    made = plan(
        a_book([an_order(1, (1, 3)), an_order(2, (1, 5))], [a_unit(5)], keepers=[a_keeper(9, 2, minute=0)]),
        as_of=TODAY,
    )
    reasons = why_short(made.short[0], wanted=5, facts=NOTHING, policy=ShipPolicy.PARTIAL)
    assert reasons == [
        Reason(code=ReasonCode.KEPT_BACK, facts={"units": 2, "for": [9]}),
        Reason(code=ReasonCode.AHEAD_IN_QUEUE, facts={"orders": 1, "units": 3}),
    ]


def test_the_next_in_line_is_named_where_it_is_known() -> None:
    ahead = Ahead(orders=2, units=7, next_order="SO-7")
    reasons = why_short(None, wanted=1, facts=NOTHING, policy=ShipPolicy.PARTIAL, ahead=ahead)
    assert reasons == [Reason(code=ReasonCode.AHEAD_IN_QUEUE, facts={"orders": 2, "units": 7, "next": "SO-7"})]


def test_a_line_of_a_complete_order_that_could_be_filled_waits_for_the_others() -> None:
    order = an_order(1, (1, 2), (2, 2), (2, 2), policy=ShipPolicy.COMPLETE)
    made = plan(a_book([order], [a_unit(2), a_unit(3, 2, unit_id=2)]), as_of=TODAY)
    shorts = {short.line_id % 1000: short for short in made.short}
    others = lacking_lines(shorts)
    reasons = why_short(shorts[1], wanted=2, facts=NOTHING, policy=ShipPolicy.COMPLETE, short_lines=others)
    assert others == [2, 3]
    assert reasons == [Reason(code=ReasonCode.WAITING_FOR_COMPLETE, facts={"lines": [2, 3]})]


def test_a_pending_check_comes_first() -> None:
    assert why(a_short(), StockFacts(check_pending=True)) == ["CHECK_PENDING", "NO_STOCK"]


def test_a_line_without_a_turn_waits_for_the_check_when_units_are_free() -> None:
    assert why(None, StockFacts(free=4)) == ["CHECK_PENDING"]
    assert why(None, StockFacts(free=4, kept_back=4)) == ["KEPT_BACK"]
    assert why(None) == ["NO_STOCK"]


@given(books(contested=True))
def test_every_short_line_of_every_plan_has_a_reason_with_a_sentence(book: Book) -> None:
    policies = {order.order_id: order.policy for order in book.orders}
    for short in plan(book, as_of=TODAY).short:
        policy = policies[short.order_id]
        reasons = why_short(short, wanted=short.units, facts=NOTHING, policy=policy)
        assert reasons
        assert all(sentence(reason).endswith(".") for reason in reasons)


def test_every_code_has_a_sentence() -> None:
    assert set(SENTENCES) == set(ReasonCode)


@pytest.mark.parametrize(
    ("code", "facts", "said"),
    [
        ("NO_STOCK", {"wanted": 1, "free": 0}, "1 unit is wanted and none is free."),
        ("NO_STOCK", {"wanted": 5, "free": 1}, "5 units are wanted and 1 is free."),
        (
            "STOCK_NOT_PICKABLE",
            {"units": 5, "places": {"RECV-1": 3, "R-2": 2}},
            "5 units are where nothing can be picked: RECV-1 (3) and R-2 (2).",
        ),
        ("STOCK_EXPIRED", {"units": 2}, "2 units are expired or too close to it."),
        ("STOCK_QUARANTINED", {"units": 1}, "1 unit is in quarantine."),
        (
            "OTHER_WAREHOUSE_ONLY",
            {"warehouses": {"A": 1, "B": 2, "C": 3}},
            "Only other warehouses have it: A (1), B (2) and C (3).",
        ),
        ("AHEAD_IN_QUEUE", {"orders": 1, "units": 1}, "1 order is ahead in the queue, with 1 unit."),
        (
            "AHEAD_IN_QUEUE",
            {"orders": 3, "units": 9, "next": "SO-7"},
            "3 orders are ahead in the queue, with 9 units; order SO-7 is next.",
        ),
        ("KEPT_BACK", {"units": 4, "for": [7]}, "4 units are kept back for order 7, to ship complete."),
        (
            "KEPT_BACK",
            {"units": 1, "for": [7, 8]},
            "1 unit is kept back for orders 7 and 8, to ship complete.",
        ),
        ("KEPT_BACK", {"units": 4, "for": []}, "4 units are kept back for orders, to ship complete."),
        ("WAITING_FOR_COMPLETE", {"lines": [2]}, "The order ships complete and waits for line 2."),
        (
            "WAITING_FOR_COMPLETE",
            {"lines": [2], "went_to": {"B": 4, "C": 1}},
            "The order ships complete and waits for line 2; meanwhile units went to B (4) and C (1).",
        ),
        ("WAITING_FOR_COMPLETE", {"lines": []}, "The order ships complete and waits for the rest of it."),
        ("UNMATCHED", {"text": "BLU-1"}, "No variant matches “BLU-1”."),
        ("ON_HOLD", {"kind": "STALE", "reason": "Too old."}, "The order is on hold (STALE): Too old."),
        ("ON_HOLD", {}, "The order is on hold."),
        ("CHECK_PENDING", {}, "Something has changed and the queue is about to be checked."),
    ],
)
def test_sentences(code: str, facts: dict[str, object], said: str) -> None:
    assert sentence(Reason(code=ReasonCode(code), facts=facts)) == said
