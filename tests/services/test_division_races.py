"""Several managers do different things to one order at once: one outcome, the others are told what it left."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from makegood.domain.alternatives import NewAlternative
from makegood.domain.catalogue import NewLocation, NewWarehouse
from makegood.domain.errors import Conflict
from makegood.domain.runs import OrderChoice
from makegood.jobs.serve_runs import serve_runs
from makegood.jobs.station import Station
from makegood.services.add_catalogue import add_locations, add_warehouses
from makegood.services.allocate_order import allocate_order
from makegood.services.alternatives.apply_alternatives import apply_alternatives
from makegood.services.alternatives.keep_alternatives import add_alternatives
from makegood.services.cancel_order import cancel_order
from makegood.services.network.divide_network import divide_network
from makegood.services.runs.show_runs import run_results
from makegood.services.runs.start_run import start_run
from makegood.services.split_order import split_order
from tests.services.split_stories import AGREED, insist_sound
from tests.shop import Shop


@pytest.fixture
def network(shop: Shop) -> Shop:
    """EAST and WEST; RED stands for MUG."""
    shop.do(add_warehouses, [NewWarehouse("WEST", network_rank=2)])
    shop.do(add_locations, [NewLocation("B-01", "WEST", "PICKING")])
    shop.sells("MUG", "LID", "RED")
    shop.do(add_alternatives, [NewAlternative("MUG", "RED", needs_consent=False)])
    return shop


def race(*verbs: Callable[[], Any]) -> list[Any]:
    """Do several things at once; a conflict is a result as well, anything else fails the test."""

    def done(verb: Callable[[], Any]) -> Any:
        try:
            return verb()
        except Conflict as refused:
            return refused

    with ThreadPoolExecutor(len(verbs)) as managers:
        return list(managers.map(done, verbs))


def wanted(shop: Shop, name: str) -> dict[str, int]:
    """Sum what an order and its parts want, by what was ordered."""
    lines = "SELECT sku_text, sum(quantity) FROM order_lines JOIN orders USING (order_id) "
    return dict(shop.rows(lines + "WHERE starts_with(number, %s) GROUP BY 1", name))


@pytest.mark.parametrize("number", range(3))
def test_whoever_comes_first_decides_and_nothing_is_wanted_twice(network: Shop, number: int) -> None:
    shop, name = network, f"A{number}"
    shop.gets("LID", 1).gets("RED", 2).gets("MUG", 2, bin="B-01", warehouse="WEST").check()
    shop.order(name, MUG=4, LID=1)
    came_to = race(
        partial(shop.do, divide_network, name),
        partial(shop.do, apply_alternatives, name),
        partial(shop.do, split_order, name, mode="quantities", consent=AGREED),
        partial(shop.do, divide_network, name),
        partial(shop.do, allocate_order, name),
    )
    shop.check()
    insist_sound(shop)
    assert wanted(shop, name) == {"MUG": 4, "LID": 1}
    assert any(not isinstance(one, Conflict) for one in came_to[:4])
    # Each refusal says what the first one left: a state, or that nothing is left to be had.
    told = [str(one) for one in came_to if isinstance(one, Conflict)]
    assert all("(status: " in words or "stays as it is" in words or "lacks nothing" in words for words in told), (
        told
    )


def test_a_cancelled_order_is_never_brought_back_by_whoever_divides_it(network: Shop) -> None:
    shop = network
    for number in range(4):
        name = f"C{number}"
        shop.gets("MUG", 2, bin="B-01", warehouse="WEST").gets("RED", 1).check()
        shop.order(name, MUG=4)
        race(
            partial(shop.do, cancel_order, name),
            partial(shop.do, divide_network, name),
            partial(shop.do, apply_alternatives, name),
        )
        shop.check()
        assert shop.status(name) == "CANCELLED"
        insist_sound(shop)


def test_warehouses_that_help_each_other_at_once_do_not_wait_in_a_ring(network: Shop) -> None:
    shop = network
    for number in range(6):
        shop.order(f"E{number}", MUG=2)
        shop.order(f"W{number}", LID=2, warehouse="WEST")
    shop.gets("LID", 12).gets("MUG", 12, bin="B-01", warehouse="WEST").check()
    names = [f"{site}{number}" for number in range(6) for site in ("E", "W")]
    came_to = race(*(partial(shop.do, divide_network, name) for name in names))
    assert [one for one in came_to if isinstance(one, Conflict)] == []
    shop.check()
    assert {shop.status(name) for name in names} == {"ALLOCATED"}
    insist_sound(shop)


def test_runs_over_the_same_orders_leave_sound_books(network: Shop) -> None:
    shop = network
    for number in range(12):
        shop.order(f"A{number}", MUG=2)
    shop.gets("RED", 6).gets("MUG", 8, bin="B-01", warehouse="WEST").check()
    kinds: list[tuple[str, dict[str, object]]] = [
        ("ALLOCATE", {}), ("APPLY_ALTERNATIVES", {}), ("DIVIDE_NETWORK", {}), ("CANCEL", {"because": "closed"}),
    ]  # fmt: skip
    some = OrderChoice(statuses=["BACKORDERED"])
    runs = [shop.do(start_run, kind, choice=some, terms=terms).run_id for kind, terms in kinds]
    with ThreadPoolExecutor(3) as workers:
        list(workers.map(lambda _: serve_runs(Station(shop.books, clock=lambda: shop.clock)), range(3)))
    serve_runs(Station(shop.books, clock=lambda: shop.clock))
    shop.check()
    for run in runs:
        assert "UNTRIED" not in {one.outcome for one in shop.do(run_results, run).results}
    assert {shop.status(f"A{number}") for number in range(12)} == {"CANCELLED"}
    insist_sound(shop)
