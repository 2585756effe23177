"""Bugs that others had, and the table of small cases: each told as one planner-level story."""

import pytest

from makegood.domain.rank import Priority
from makegood.domain.states import ShipPolicy
from makegood.planner.book import Book, Plan, UsableUnit, WaitingOrder
from makegood.planner.laws import broken_laws
from makegood.planner.plan import plan
from makegood.planner.shelves import NAMED_AT_MOST
from tests.build import TODAY, a_book, a_keeper, a_rank, a_unit, an_order

COMPLETE, COMPLETE_LINES = ShipPolicy.COMPLETE, ShipPolicy.COMPLETE_LINES


def served(book: Book, *, bound: int | None = None) -> dict[int, int]:
    """Units by line that a lawful plan gives."""
    return units_by_line(lawful(book, bound=bound))


def lawful(book: Book, *, bound: int | None = None) -> Plan:
    made = plan(book, as_of=TODAY, bound=bound)
    assert broken_laws(book, made, as_of=TODAY) == []
    return made


def units_by_line(made: Plan) -> dict[int, int]:
    found: dict[int, int] = {}
    for grant in made.grants:
        found[grant.line_id] = found.get(grant.line_id, 0) + grant.units
    return found


def test_a_one_shot_iterator_does_not_blind_the_laws() -> None:
    """Row 2: a guard that reads what was read up already lets everything pass."""
    orders: list[WaitingOrder] = [an_order(1, (1, 2)), an_order(2, (1, 2))]
    units: list[UsableUnit] = [a_unit(3)]
    book = Book(orders=iter(orders), units=iter(units))  # type: ignore[arg-type]
    made = plan(book, as_of=TODAY)
    assert made.grants
    assert broken_laws(book, made, as_of=TODAY) == []
    wrong = plan(a_book(list(reversed(orders)), [a_unit(4)]), as_of=TODAY)
    assert "unit 1 gives 4 and has 3 free" in broken_laws(book, wrong, as_of=TODAY)


def test_two_lines_of_one_order_do_not_both_see_all_of_a_variant() -> None:
    """Row 3: same SKU twice in an order."""
    assert served(a_book([an_order(1, (1, 3), (1, 3))], [a_unit(4)])) == {1001: 3, 1002: 1}


def test_two_orders_of_one_batch_do_not_both_see_all_of_a_variant() -> None:
    """Row 3: same SKU twice in a batch."""
    assert served(a_book([an_order(1, (1, 3)), an_order(2, (1, 3))], [a_unit(4)])) == {1001: 3, 2001: 1}


def test_a_complete_order_needs_the_sum_of_its_lines_of_one_variant() -> None:
    order = an_order(1, (1, 3), (1, 3), policy=COMPLETE)
    assert served(a_book([order], [a_unit(5)])) == {}
    assert served(a_book([order], [a_unit(6)])) == {1001: 3, 1002: 3}


def test_thirteen_over_two_locations_is_thirteen() -> None:
    """Row 7: the full quantity was taken at each location."""
    shelves = [a_unit(10, unit_id=1), a_unit(20, unit_id=2, day=1)]
    made = lawful(a_book([an_order(1, (1, 13))], shelves))
    assert [(grant.unit_id, grant.units) for grant in made.grants] == [(1, 10), (2, 3)]


def test_thousands_who_cannot_use_the_stock_do_not_hide_the_one_who_can() -> None:
    """Row 13: the first N waiters were fetched and then filtered."""
    greedy = [an_order(number, (1, 5), policy=COMPLETE_LINES) for number in range(1, 3001)]
    modest = an_order(9999, (1, 2))
    assert served(a_book([*greedy, modest], [a_unit(3)]), bound=1) == {9999001: 2}


def test_an_unfillable_complete_order_holds_nothing_and_the_next_is_served() -> None:
    """Row 19, skip: scarce stock is not scattered over orders that cannot ship."""
    whole = an_order(1, (1, 3), (2, 1), policy=COMPLETE)
    made = lawful(a_book([whole, an_order(2, (1, 2))], [a_unit(4)]))
    assert units_by_line(made) == {2001: 2}
    assert (made.spare, made.kept_back) == ({1: 2}, {})


def test_an_unfillable_complete_order_that_keeps_back_keeps_what_it_needs() -> None:
    """Row 19, reserve: nobody behind gets what it needs."""
    whole = an_order(1, (1, 3), (2, 1), policy=COMPLETE, keeps_back=True)
    made = lawful(a_book([whole, an_order(2, (1, 2))], [a_unit(4)]))
    assert units_by_line(made) == {2001: 1}
    assert (made.spare, made.kept_back) == ({1: 0}, {1: 3})
    behind = made.short[-1]
    assert (behind.units, behind.kept_back, behind.kept_for) == (1, 3, (1,))


def test_those_behind_are_told_who_got_what_the_complete_order_needed() -> None:
    whole = an_order(1, (1, 3), policy=COMPLETE)
    made = lawful(a_book([an_order(2, (1, 2), minute=0), whole], [a_unit(4)]))
    short = made.short[0]
    assert (short.order_id, short.spare, short.orders_served, short.units_served) == (1, 2, 1, 2)


def test_a_complete_order_with_an_unmatched_line_gets_nothing() -> None:
    assert served(a_book([an_order(1, (1, 1), policy=COMPLETE, fillable=False)], [a_unit(4)])) == {}


def test_a_complete_order_is_served_at_the_rank_of_its_best_line() -> None:
    plain = an_order(1, (1, 1), (2, 1), policy=COMPLETE, minute=5)
    urgent = plain.lines[1]._replace(rank=a_rank(1, 2, priority=Priority.CRITICAL, minute=5))
    whole = WaitingOrder(order_id=1, policy=COMPLETE, lines=[plain.lines[0], urgent])
    assert served(a_book([an_order(2, (1, 1), minute=0), whole], [a_unit(1), a_unit(1, 2, unit_id=2)])) == {
        1001: 1,
        1002: 1,
    }


def test_an_order_does_not_stand_ahead_of_itself() -> None:
    made = lawful(a_book([an_order(1, (1, 3), (1, 3))], [a_unit(4)]))
    assert (made.short[0].orders_served, made.short[0].units_served) == (0, 0)


def test_two_lines_of_one_order_count_as_one_order_ahead() -> None:
    made = lawful(a_book([an_order(1, (1, 1), (1, 1)), an_order(2, (1, 1))], [a_unit(2)]))
    assert (made.short[0].orders_served, made.short[0].units_served) == (1, 2)


def test_those_that_stock_is_kept_for_are_named_up_to_a_limit() -> None:
    keepers = [a_keeper(number, 1, minute=0) for number in range(1, 51)]
    made = lawful(a_book([an_order(99, (1, 1))], [a_unit(50)], keepers=keepers))
    assert made.short[0].kept_back == 50
    assert made.short[0].kept_for == tuple(range(1, NAMED_AT_MOST + 1))


def test_the_express_order_that_came_last_is_served_first() -> None:
    late = an_order(2, (1, 2), priority=Priority.CRITICAL, minute=9)
    assert served(a_book([an_order(1, (1, 2), minute=0), late], [a_unit(3)])) == {2001: 2, 1001: 1}


def test_what_expires_first_leaves_first_and_what_has_expired_never() -> None:
    shelves = [
        a_unit(1, unit_id=1),
        a_unit(1, unit_id=2, expires_on=TODAY.replace(day=20)),
        a_unit(1, unit_id=3, expires_on=TODAY),
        a_unit(1, unit_id=4, expires_on=TODAY.replace(day=9)),
        a_unit(1, unit_id=5, expires_on=TODAY.replace(day=12), usable_until=TODAY.replace(day=8)),
    ]
    made = lawful(a_book([an_order(1, (1, 9))], shelves))
    assert [grant.unit_id for grant in made.grants] == [3, 2, 1]


def test_an_expired_lot_is_not_given_out_for_lack_of_a_shelf_life() -> None:
    """A missing `usable_until` does not make an expired unit usable."""
    lot = UsableUnit(
        unit_id=1, variant_id=1, free=5, received_at=a_rank().placed_at, expires_on=TODAY.replace(day=9)
    )
    assert served(a_book([an_order(1)], [lot])) == {}


def test_a_plan_pauses_between_roots_only() -> None:
    parent, child = an_order(1, (1, 1), minute=0), an_order(5, (1, 1), root=1, minute=0)
    made = lawful(a_book([parent, child, an_order(2, (1, 1))], [a_unit(9)]), bound=1)
    assert units_by_line(made) == {1001: 1, 5001: 1}
    assert made.reach == a_rank(1, minute=0).reach


def test_a_bound_that_nothing_fits_into_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 0"):
        plan(a_book(), as_of=TODAY, bound=0)


def test_a_plan_pauses_where_a_queue_with_stock_left_was_not_read_on() -> None:
    first, second = an_order(1, (1, 1)), an_order(2, (2, 1))
    book = a_book([first, second], [a_unit(5), a_unit(5, 2, unit_id=2)], horizons={1: first.lines[0].rank.reach})
    made = lawful(book)
    assert units_by_line(made) == {1001: 1}
    assert made.reach == first.lines[0].rank.reach


def test_a_horizon_whose_stock_is_spoken_for_stops_nobody() -> None:
    first, second = an_order(1, (1, 1)), an_order(2, (2, 1))
    book = a_book([first, second], [a_unit(1), a_unit(5, 2, unit_id=2)], horizons={1: first.lines[0].rank.reach})
    assert lawful(book).reach is None


def test_a_pause_before_the_first_turn_is_no_finished_plan() -> None:
    early = a_rank(1, minute=0).reach
    made = plan(a_book([an_order(2, (2, 1), minute=3)], [a_unit(1)], horizons={1: early}), as_of=TODAY)
    assert (made.reach, made.considered) == (early, frozenset())
