"""The queue is served to its end, and no single order keeps the others from being served."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from makegood.domain.catalogue import NewLocation, NewWarehouse
from makegood.jobs.drain import at_once, drain
from makegood.jobs.site import Site
from makegood.jobs.station import Station
from makegood.services.add_catalogue import add_locations, add_warehouses
from makegood.services.list_queue import QueueState, list_queue
from makegood.services.note_runs import Crew, sign_on
from makegood.services.park_job import retry_job
from makegood.services.set_aside import retry_set_aside
from makegood.store.database import Database
from tests.jobs.corrupt import sql, unreadable, unwritable
from tests.meanwhile import held_up, soon
from tests.shop import Shop

pytestmark = pytest.mark.usefixtures("long_pauses")


def at(shop: Shop, *, worker: int | None = None) -> Station:
    return Station(shop.books, worker=worker, clock=lambda: shop.clock)


def queue(shop: Shop) -> QueueState:
    return shop.do(list_queue)


def marks(shop: Shop) -> int:
    return int(shop.value("SELECT count(*) FROM marks"))


def works(shop: Shop, name: str) -> Station:
    """Give the place of a worker who is on the list."""
    return at(shop, worker=shop.do(sign_on, Crew(name, 1, "")))


@pytest.fixture
def two_marked(shop: Shop) -> Shop:
    """Warehouse WEST besides EAST; in each an order waits for MUG, which has come."""
    shop.do(add_warehouses, [NewWarehouse("WEST")])
    shop.do(add_locations, [NewLocation("B-01", "WEST", "PICKING")])
    shop.sells("MUG")
    shop.order("E", MUG=2)
    shop.order("W", warehouse="WEST", MUG=2)
    return shop.gets("MUG", 5).gets("MUG", 5, warehouse="WEST", bin="B-01")


def test_all_marked_warehouses_are_served(two_marked: Shop) -> None:
    shop = two_marked
    assert sum(piece.units for piece in drain(at(shop))) == 4
    assert (shop.status("E"), shop.status("W"), marks(shop)) == ("ALLOCATED", "ALLOCATED", 0)


def test_a_worker_leaves_another_its_warehouse(two_marked: Shop) -> None:
    """One waits for a gate of EAST: the other finds WEST unserved, and would have stood idle before."""
    shop = two_marked
    one, other = works(shop, "one"), works(shop, "other")
    with ThreadPoolExecutor(1) as meanwhile:
        with psycopg.connect(shop.books.conninfo) as holding:
            holding.execute(
                "SELECT FROM gates g JOIN warehouses w USING (warehouse_id) WHERE code = 'EAST' FOR UPDATE"
            )
            first = meanwhile.submit(drain, one)
            soon(lambda: held_up(shop) == 1)
            assert sum(piece.units for piece in drain(other)) == 2
            assert (shop.status("E"), shop.status("W")) == ("BACKORDERED", "ALLOCATED")
        assert sum(piece.units for piece in first.result()) == 2


@pytest.mark.parametrize(
    ("workers", "sites", "served"), [(0, 2, 2), (1, 1, 1), (1, 2, 2), (2, 2, 1), (2, 3, 2), (3, 2, 1)]
)
def test_a_worker_serves_two_warehouses_at_once_if_there_are_more_than_workers(
    shop: Shop, workers: int, sites: int, served: int
) -> None:
    stations = [works(shop, str(number)) for number in range(workers)]
    shop.do(sign_on, Crew("silent", 1, ""))
    shop.change("UPDATE workers SET beat_at = beat_at - interval '1 minute' WHERE host = 'silent'")
    marked = [Site(number, str(number), deaths=0) for number in range(sites)]
    assert at_once(stations[0] if stations else at(shop), marked) == served


def test_where_workers_died_warehouses_are_served_one_by_one(shop: Shop) -> None:
    assert at_once(at(shop), [Site(1, "EAST", deaths=1), Site(2, "WEST", deaths=0)]) == 1


def test_nothing_is_left_behind_by_a_drain_that_comes_through(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("A", MUG=2)
    shop.gets("MUG", 5)
    drain(at(shop))
    found = queue(shop)
    assert (found.parked, found.failures, found.aside) == ([], [], [])


@pytest.mark.parametrize("damage", [unwritable, unreadable])
def test_one_damaged_order_is_put_aside_and_the_rest_is_served(
    shop: Shop, damage: Callable[[Shop, str], None]
) -> None:
    shop.sells("MUG", "LID")
    for number in ("A", "BAD", "C", "D"):
        shop.order(number, MUG=2)
        shop.later(minutes=1)
    shop.order("LIDS", LID=1)
    damage(shop, "BAD")
    shop.gets("MUG", 6).gets("LID", 1)
    drain(at(shop))
    assert [shop.status(number) for number in ("A", "C", "D", "LIDS")] == ["ALLOCATED"] * 4
    assert [order.order for order in queue(shop).aside] == ["BAD"]
    assert marks(shop) == 0


def test_later_inflows_pass_the_order_that_was_put_aside_and_it_is_reported_once(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("BAD", MUG=2)
    unwritable(shop, "BAD")
    shop.gets("MUG", 1)
    drain(at(shop))
    reported = queue(shop).aside
    shop.order("A", MUG=2)
    shop.gets("MUG", 5)
    drain(at(shop))
    assert shop.status("A") == "ALLOCATED"
    assert queue(shop).aside == reported
    assert [(one.order, one.error) for one in reported] == [("BAD", "CheckViolation")]


def test_two_damaged_orders_in_one_piece_are_both_found(shop: Shop) -> None:
    shop.sells("MUG")
    for number in range(12):
        shop.order(f"O{number}", MUG=1)
        shop.later(minutes=1)
    unwritable(shop, "O3")
    unwritable(shop, "O8")
    shop.gets("MUG", 10)
    drain(at(shop))
    assert sorted(order.order for order in queue(shop).aside) == ["O3", "O8"]
    assert shop.free("MUG") == 0


def test_an_order_that_was_mended_is_taken_back_and_served(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("BAD", MUG=2)
    unwritable(shop, "BAD")
    shop.gets("MUG", 5)
    drain(at(shop))
    sql(shop, "UPDATE order_lines SET allocated = 0")
    assert shop.do(retry_set_aside, "BAD")
    assert not shop.do(retry_set_aside, "BAD")
    drain(at(shop))
    assert (shop.status("BAD"), queue(shop).aside) == ("ALLOCATED", [])


def test_what_no_order_explains_rests_for_a_while_and_other_warehouses_go_on(shop: Shop) -> None:
    shop.do(add_warehouses, [NewWarehouse("WEST")])
    shop.do(add_locations, [NewLocation("B-01", "WEST", "PICKING")])
    shop.sells("MUG")
    shop.order("E", MUG=2)
    shop.order("W", warehouse="WEST", MUG=2)
    shop.gets("MUG", 5).gets("MUG", 5, warehouse="WEST", bin="B-01")
    sql(shop, "ALTER TABLE checks ADD CONSTRAINT broken CHECK (warehouse_id <> 1 OR after_priority IS NULL)")
    drain(at(shop))
    assert (shop.status("E"), shop.status("W")) == ("BACKORDERED", "ALLOCATED")
    found = queue(shop)
    assert [(one.subject, one.times) for one in found.parked] == [("EAST", 1)]
    assert [(one.subject, one.error) for one in found.failures] == [("EAST", "CheckViolation")]
    assert found.aside == []
    sql(shop, "ALTER TABLE checks DROP CONSTRAINT broken")
    assert shop.do(retry_job, "check_backorders", "EAST")
    drain(at(shop))
    assert (shop.status("E"), queue(shop).parked) == ("ALLOCATED", [])


def test_a_damaged_stock_row_lets_its_own_queue_rest_and_the_others_go_on(shop: Shop) -> None:
    shop.sells("MUG", "LID", "CUP")
    for number in range(8):
        shop.order(f"M{number}", MUG=1)
    shop.order("L", LID=1)
    shop.order("C", CUP=1)
    shop.gets("MUG", 8).gets("LID", 1).gets("CUP", 1)
    mug = shop.variant("MUG")
    sql(shop, "UPDATE inventory_units SET received_at = 'infinity' WHERE variant_id = %s", mug)
    drain(at(shop))
    assert (shop.status("L"), shop.status("C"), shop.status("M0")) == ("ALLOCATED", "ALLOCATED", "BACKORDERED")
    found = queue(shop)
    assert [one.subject for one in found.parked] == [f"EAST/MUG#{mug}"]
    assert (found.aside, [one.marks for one in found.marks]) == ([], [1])
    shop.order("L2", LID=2)
    shop.gets("LID", 2)
    drain(at(shop))
    assert shop.status("L2") == "ALLOCATED"
    sql(shop, "UPDATE inventory_units SET received_at = now()")
    shop.do(retry_job, "check_backorders", f"EAST/MUG#{mug}")
    drain(at(shop))
    assert (shop.status("M0"), shop.free("MUG"), marks(shop)) == ("ALLOCATED", 0, 0)


def test_an_order_that_kills_every_worker_is_found_by_the_notes_of_the_dead(shop: Shop) -> None:
    shop.sells("MUG")
    for number in ("A", "KILLER", "C"):
        shop.order(number, MUG=2)
    shop.gets("MUG", 6)
    killer = shop.value("SELECT order_id FROM orders WHERE number = 'KILLER'")
    dead_at(shop, None, None, None)
    dead_at(shop, killer, killer)
    drain(at(shop))
    assert [(one.order, one.error) for one in queue(shop).aside] == [("KILLER", "WorkerDied")]
    assert (shop.status("A"), shop.status("C"), shop.has("KILLER")) == ("ALLOCATED", "ALLOCATED", {"MUG": 0})


def test_one_death_with_an_order_alone_does_not_blame_it(shop: Shop) -> None:
    """Whoever pulls the plug hits some order: that it was this one says nothing yet."""
    shop.sells("MUG")
    shop.order("A", MUG=2)
    shop.gets("MUG", 6)
    innocent = shop.value("SELECT order_id FROM orders WHERE number = 'A'")
    dead_at(shop, None, None, None, innocent)
    drain(at(shop))
    assert (shop.status("A"), queue(shop).aside, queue(shop).parked) == ("ALLOCATED", [], [])


def test_deaths_that_no_order_explains_park_the_check_until_a_person_retries_it(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("A", MUG=2)
    shop.gets("MUG", 6)
    dead_at(shop, *[None] * 8)
    drain(at(shop))
    assert [(one.subject, one.until) for one in queue(shop).parked] == [("EAST", None)]
    assert shop.has("A") == {"MUG": 0}
    shop.do(retry_job, "check_backorders", "EAST")
    drain(at(shop))
    assert shop.status("A") == "ALLOCATED"


def test_two_deaths_are_forgotten_once_the_check_comes_through(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("A", MUG=2)
    dead_at(shop, None, None)
    shop.gets("MUG", 6)
    drain(at(shop, worker=77))
    assert shop.value("SELECT count(*) FROM job_runs") == 0


def dead_at(shop: Shop, *orders: int | None) -> None:
    """Leave notes of workers that no longer beat."""
    for order in orders:
        sql(
            shop,
            "INSERT INTO job_runs (worker_id, job, subject, order_id) "
            "VALUES (99, 'check_backorders', 'EAST', %s::bigint)",
            order,
        )


def test_a_damaged_order_is_put_aside_on_every_server(books_of_each: Database) -> None:
    shop = Shop(books_of_each).sells("MUG")
    for number in ("A", "BAD"):
        shop.order(number, MUG=2)
    unwritable(shop, "BAD")
    shop.gets("MUG", 3)
    drain(at(shop, worker=1))
    assert (shop.status("A"), [order.order for order in queue(shop).aside]) == ("ALLOCATED", ["BAD"])
