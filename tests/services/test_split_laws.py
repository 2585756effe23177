"""Splits and merges over random orders keep totals, states, age and rank; managers who race get one outcome."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.domain.errors import NothingShort, NothingToShip, WrongState
from makegood.domain.orders import NewLine
from makegood.services.adjust_stock import adjust_stock
from makegood.services.allocate_order import allocate_order
from makegood.services.cancel_order import cancel_order
from makegood.services.split_order import split_order
from makegood.store.database import Database
from tests.clean_books import fresh_books
from tests.services.split_stories import AGREED, insist_sound, merge, split
from tests.shop import Shop

SKUS = ("MUG", "LID", "CUP")
PRIORITIES = st.sampled_from([None, "LOW", "NORMAL", "HIGH", "CRITICAL"])
LINES = st.lists(
    st.tuples(st.sampled_from([*SKUS, *SKUS, "WHAT?"]), st.integers(1, 5), PRIORITIES).map(
        lambda line: NewLine(line[0], line[1], priority=line[2])
    ),
    min_size=2,
    max_size=4,
)
POLICIES = st.sampled_from(["PARTIAL", "COMPLETE_LINES", "COMPLETE"])


@pytest.fixture(scope="module")
def lasting(embedded: str) -> Iterator[Shop]:
    """One shop for all examples of a property; each brings orders and stock of its own."""
    with fresh_books(embedded) as books:
        yield Shop(books).sells(*SKUS)


def totals(shop: Shop, name: str) -> Counter[str]:
    """Sum the units that an order and all its parts want, by SKU text."""
    rows = shop.rows(
        "SELECT sku_text, sum(quantity) FROM order_lines JOIN orders USING (order_id) "
        "WHERE number = %s OR starts_with(number, %s) GROUP BY 1",
        name,
        f"{name}-BO",
    )
    return Counter(dict(rows))


def ranks(shop: Shop, name: str) -> set[tuple[Any, ...]]:
    """Give the place of each wanted line in the queue, but for the order that it stands in now."""
    rows = shop.rows(
        "SELECT root_line_number, sku_text, rank_priority, l.placed_at, l.root_order_id "
        "FROM order_lines l JOIN orders USING (order_id) "
        "WHERE quantity > 0 AND (number = %s OR starts_with(number, %s))",
        name,
        f"{name}-BO",
    )
    return set(rows)


def standing(shop: Shop, name: str) -> tuple[Any, ...]:
    """Give status and age of an order, and what each line wants and has."""
    (state,) = shop.rows(
        "SELECT status, hold_kind, hold_reason, backordered_since, priority, ship_policy FROM orders "
        "WHERE number = %s",
        name,
    )
    rows = shop.rows(
        "SELECT line_number, sku_text, quantity, allocated, waiting FROM order_lines "
        "JOIN orders USING (order_id) WHERE number = %s ORDER BY line_number",
        name,
    )
    return (state, rows)


SPLITS: list[str] = []


@settings(max_examples=60)
@given(
    wanted=LINES,
    policy=POLICIES,
    mode=st.sampled_from(["lines", "quantities"]),
    stock=st.lists(st.integers(1, 6), min_size=3, max_size=3),
    rival=st.integers(0, 2),
)
def live_through(
    lasting: Shop, wanted: list[NewLine], policy: str, mode: str, stock: list[int], rival: int
) -> None:
    """Place an order that competes with a rival for little stock, split it and merge it again."""
    shop = lasting.later(hours=1)
    name = f"O{shop.clock:%j%H}"
    for sku, units in zip(SKUS, stock, strict=True):
        if units:
            shop.gets(sku, units)
    shop.order(f"R{name}", MUG=rival + 1)
    shop.order(name, lines=wanted, ship_policy=policy, priority="RUSH")
    shop.check()
    try:
        split_and_merge(shop, name, mode, policy)
    finally:
        clear(shop)


def split_and_merge(shop: Shop, name: str, mode: str, policy: str) -> None:
    """Split an order and undo it, insisting at each step on what must not change; a refusal changes nothing."""
    before, wants, rank = standing(shop, name), totals(shop, name), ranks(shop, name)
    try:
        made = split(shop, name, mode)
    except (WrongState, NothingToShip, NothingShort):
        assert standing(shop, name) == before
        return
    SPLITS.append(f"{policy} by {mode}")
    assert totals(shop, name) == wants
    # A COMPLETE order queues as its best line, and its parts do so each by itself.
    assert policy == "COMPLETE" or ranks(shop, name) == rank
    assert standing(shop, made.backorder_order_number)[0][3] == before[0][3]
    insist_sound(shop)
    merge(shop, name)
    assert (totals(shop, name), ranks(shop, name), standing(shop, name)) == (wants, rank, before)
    insist_sound(shop)


def clear(shop: Shop) -> None:
    """Cancel what is open and take the stock away, so that the next example begins with an empty shop."""
    for number, status in shop.rows("SELECT number, status FROM orders"):
        if status not in ("CANCELLED", "SHIPPED"):
            shop.do(cancel_order, number)
    shop.check()
    for sku in SKUS:
        if free := shop.free(sku):
            shop.do(adjust_stock, sku, -free, location="A-01", reason="the example is over")


def test_a_split_and_its_merge_keep_totals_states_age_and_rank(lasting: Shop) -> None:
    live_through(lasting)
    # A property that saw hardly a split would say nothing.
    assert len(SPLITS) >= 20
    assert {kind.split(" ")[0] for kind in SPLITS} == {"PARTIAL", "COMPLETE_LINES", "COMPLETE"}
    assert {kind.split(" ")[-1] for kind in SPLITS} == {"lines", "quantities"}


def race(shop: Shop, *verbs: Callable[[], Any]) -> list[Any]:
    """Do several things at once; a refusal is a result as well."""

    def done(verb: Callable[[], Any]) -> Any:
        try:
            return verb()
        except (WrongState, NothingToShip) as refused:
            return refused

    with ThreadPoolExecutor(len(verbs)) as managers:
        return list(managers.map(done, verbs))


@pytest.mark.parametrize("mode", ["lines", "quantities"])
def test_managers_who_split_at_once_get_one_split(books: Database, mode: str) -> None:
    shop = Shop(books).sells("MUG", "LID").gets("MUG", 3)
    shop.order("A", MUG=3, LID=5)
    came_to = race(shop, *[lambda: shop.do(split_order, "A", mode=mode, consent=AGREED)] * 4)
    refused = [one for one in came_to if isinstance(one, WrongState)]
    assert len(refused) == 3
    assert all("cannot be split (status: ALLOCATED)" in str(one) for one in refused)
    assert shop.value("SELECT count(*) FROM orders") == 2
    shop.check()
    insist_sound(shop)


def test_managers_who_split_cancel_and_retry_at_once_leave_sound_books(books: Database) -> None:
    shop = Shop(books).sells("MUG", "LID")
    for number in range(8):
        name = f"A{number}"
        shop.gets("MUG", 3).check()
        shop.order(name, MUG=3, LID=5)
        came_to = race(
            shop,
            partial(shop.do, split_order, name, consent=AGREED),
            partial(shop.do, cancel_order, name),
            partial(shop.do, allocate_order, name),
            partial(shop.do, split_order, name, mode="quantities", consent=AGREED),
        )
        splits = [one for one in came_to[::3] if not isinstance(one, Exception)]
        assert len(splits) <= 1
        # Whoever came second is told the state that the first one left.
        assert all("(status: " in str(one) for one in came_to if isinstance(one, Exception))
        assert shop.status(name) == "CANCELLED"
        shop.check()
        insist_sound(shop)
