"""Dividing over the network: what one warehouse lacks comes from others, in its turn there, and it is undone."""

import pytest

from makegood.domain.catalogue import NewLocation, NewWarehouse
from makegood.domain.errors import InvalidValue, NothingToDivide, WrongState
from makegood.domain.runs import OrderChoice
from makegood.services.add_catalogue import add_locations, add_warehouses
from makegood.services.network.divide_network import DividedOrder, divide_network
from makegood.services.pick_order import release_to_pick
from makegood.services.runs.show_runs import run_results
from makegood.services.runs.start_run import start_run
from tests.services.split_stories import AGREED, insist_sound, lines, merge
from tests.services.test_runs import serve
from tests.shop import Shop


@pytest.fixture
def network(shop: Shop) -> Shop:
    """EAST is where the orders come; WEST is preferred before NORTH, and SOUTH serves its own orders only."""
    sites = [
        NewWarehouse("WEST", network_rank=2),
        NewWarehouse("NORTH", network_rank=3),
        NewWarehouse("SOUTH", network_rank=4, shares_stock=False),
    ]
    shop.do(add_warehouses, sites)
    shop.do(add_locations, [NewLocation("B-01", site.code, "PICKING") for site in sites])
    return shop.sells("MUG", "LID")


def has(shop: Shop, warehouse: str, **units: int) -> Shop:
    """Let a warehouse of the network have units, all of them looked at."""
    for sku, count in units.items():
        shop.gets(sku, count, bin="A-01" if warehouse == "EAST" else "B-01", warehouse=warehouse)
    shop.check()
    return shop


def divide(shop: Shop, number: str) -> DividedOrder:
    made = shop.do(divide_network, number)
    shop.check()
    insist_sound(shop)
    return made


def parts(made: DividedOrder) -> list[tuple[str, str, int]]:
    return [(one.warehouse, one.status, one.units) for one in made.parts]


def test_what_is_lacking_comes_from_the_fewest_warehouses(network: Shop) -> None:
    has(network, "EAST", MUG=1)
    has(network, "WEST", MUG=2, LID=1)
    has(network, "NORTH", MUG=9, LID=9)
    network.order("A", MUG=4, LID=2)
    made = divide(network, "A")
    assert (made.status, made.short, parts(made)) == ("ALLOCATED", 0, [("NORTH", "ALLOCATED", 5)])
    assert lines(network, "A") == [(1, "MUG", 1, 1)]
    assert lines(network, "A-BO1") == [(1, "MUG", 3, 3), (2, "LID", 2, 2)]
    same = "SELECT count(DISTINCT (placed_at, root_order_id, priority, backordered_since IS NULL)) FROM orders"
    assert network.value(same) == 1


def test_of_two_ways_the_preferred_warehouses_send(network: Shop) -> None:
    has(network, "EAST", LID=1)
    has(network, "NORTH", MUG=3)
    has(network, "WEST", MUG=3)
    network.order("A", MUG=3, LID=1)
    assert parts(divide(network, "A")) == [("WEST", "ALLOCATED", 3)]


def test_several_send_where_one_is_not_enough_and_the_rest_waits_on(network: Shop) -> None:
    has(network, "EAST", LID=1)
    has(network, "WEST", MUG=3)
    has(network, "NORTH", MUG=2)
    has(network, "SOUTH", MUG=50)
    network.order("A", MUG=7, LID=1)
    made = divide(network, "A")
    assert (made.status, made.short) == ("PARTIALLY_ALLOCATED", 2)
    assert parts(made) == [("WEST", "ALLOCATED", 3), ("NORTH", "ALLOCATED", 2)]
    assert lines(network, "A") == [(1, "MUG", 2, 0), (2, "LID", 1, 1)]


def test_an_order_of_which_nothing_stays_goes_to_the_other_warehouse_as_it_is(network: Shop) -> None:
    has(network, "WEST", MUG=4)
    has(network, "NORTH", LID=1)
    network.order("A", MUG=4, LID=1)
    made = divide(network, "A")
    assert (made.order_number, made.status) == ("A", "ALLOCATED")
    assert [(one.order_number, one.warehouse) for one in made.parts] == [("A", "WEST"), ("A-BO1", "NORTH")]
    for name in ("A", "A"):
        merge(network, name)
        network.check()
        insist_sound(network)
    assert network.status("A") == "BACKORDERED"
    assert lines(network, "A") == [(1, "MUG", 4, 0), (2, "LID", 1, 0)]
    where = "SELECT code, home_warehouse_id FROM orders JOIN warehouses USING (warehouse_id) WHERE number = 'A'"
    assert network.rows(where) == [("EAST", None)]
    with pytest.raises(WrongState):
        merge(network, "A-BO1")


def test_nobody_is_overtaken_in_the_other_warehouse(network: Shop) -> None:
    has(network, "EAST", LID=1)
    network.order("FIRST", MUG=4, warehouse="WEST", ship_policy="COMPLETE", when_short="reserve", LID=9)
    has(network, "WEST", MUG=5)
    network.order("A", MUG=3, LID=1)
    assert parts(divide(network, "A")) == [("WEST", "ALLOCATED", 1)]
    network.gets("MUG", 2, bin="B-01", warehouse="NORTH")
    with pytest.raises(NothingToDivide, match="NORTH could send does not make it whole, or is spoken for"):
        network.do(divide_network, "A")


def test_who_ships_complete_gets_all_from_one_warehouse_or_stays(network: Shop) -> None:
    has(network, "EAST", MUG=1)
    has(network, "WEST", MUG=9)
    has(network, "NORTH", MUG=2, LID=1)
    network.order("A", MUG=2, LID=1, ship_policy="COMPLETE")
    network.order("B", MUG=2, LID=3, ship_policy="COMPLETE")
    with pytest.raises(NothingToDivide):
        network.do(divide_network, "B")
    assert parts(divide(network, "A")) == [("NORTH", "ALLOCATED", 3)]


def test_who_ships_whole_lines_gets_each_from_one_warehouse(network: Shop) -> None:
    has(network, "EAST", LID=1)
    has(network, "WEST", MUG=2)
    has(network, "NORTH", MUG=3)
    network.order("A", MUG=4, LID=1, ship_policy="COMPLETE_LINES")
    with pytest.raises(NothingToDivide):
        network.do(divide_network, "A")
    has(network, "NORTH", MUG=1)
    assert parts(divide(network, "A")) == [("NORTH", "ALLOCATED", 4)]


def test_a_merge_puts_it_together_again_and_frees_what_the_others_had(network: Shop) -> None:
    has(network, "EAST", MUG=1)
    has(network, "WEST", MUG=2)
    has(network, "NORTH", MUG=1)
    network.order("A", MUG=5)
    record = network.value("SELECT number FROM backorders")
    divide(network, "A")
    network.order("WAITS", MUG=2, warehouse="WEST")
    for child in ("A-BO1", "A-BO2"):
        merge(network, child)
        network.check()
        insist_sound(network)
    assert lines(network, "A") == [(1, "MUG", 5, 1)]
    assert network.has("WAITS") == {"MUG": 2}
    open_records = (
        "SELECT b.number FROM backorders b JOIN order_lines USING (line_id) JOIN orders o USING (order_id) "
    )
    assert network.rows(open_records + "WHERE o.number = 'A' AND closed_at IS NULL") == [(record,)]


def test_what_is_in_picking_is_neither_divided_nor_merged(network: Shop) -> None:
    has(network, "EAST", LID=1)
    has(network, "WEST", MUG=2)
    network.order("A", MUG=2, LID=1)
    divide(network, "A")
    network.do(release_to_pick, ["A-BO1"])
    with pytest.raises(WrongState):
        merge(network, "A")
    with pytest.raises(WrongState, match="can be divided"):
        network.do(divide_network, "A")


def test_a_preview_divides_nothing_and_a_consent_is_kept(network: Shop) -> None:
    has(network, "EAST", LID=1)
    has(network, "WEST", MUG=2)
    network.order("A", MUG=2, LID=1)
    assert parts(network.do(divide_network, "A", dry_run=True)) == [("WEST", "ALLOCATED", 2)]
    assert network.value("SELECT count(*) FROM orders") == 1
    network.do(divide_network, "A", consent=AGREED)
    assert network.rows("SELECT agreed_to, agreed_by FROM consents") == [("DIVIDE_NETWORK", AGREED.by)]


def test_many_are_divided_as_a_run_of_at_most_two_hundred(network: Shop) -> None:
    has(network, "WEST", MUG=3)
    for number in ("A", "B", "C"):
        network.order(number, MUG=2, priority="RUSH" if number == "B" else "STANDARD")
    run = network.do(start_run, "divide-network", choice=OrderChoice()).run_id
    serve(network)
    found = {one.order: (one.outcome, one.facts.get("divided")) for one in network.do(run_results, run).results}
    assert found == {
        "B": ("DONE", "2 from WEST as B"), "A": ("DONE", "1 from WEST as A-BO1"), "C": ("SKIPPED", None),
    }  # fmt: skip
    insist_sound(network)
    for n in range(199):
        network.order(f"N{n}", MUG=1)
    with pytest.raises(InvalidValue, match="at most 200 orders in one run"):
        network.do(start_run, "DIVIDE_NETWORK", choice=OrderChoice())
