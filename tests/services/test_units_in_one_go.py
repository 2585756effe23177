"""Whoever waits for a unit holds none that comes after it: then nobody can wait in a ring with a delivery."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest

from makegood.domain.inbound import NewInbound
from makegood.domain.sessions import ReturnedLine
from makegood.services.adjust_stock import adjust_stock
from makegood.services.backorders.change_allocation import release_allocation
from makegood.services.backorders.fulfil_backorder import fulfil_backorder
from makegood.services.cancel_order import cancel_order
from makegood.services.edit_order import edit_order
from makegood.services.expire_allocations import expire_allocations
from makegood.services.inbound.create_inbound import create_inbound
from makegood.services.move_stock import move_stock
from makegood.services.pick_order import release_to_pick, short_pick
from makegood.services.return_stock import take_back
from makegood.services.set_location import set_location
from makegood.services.work import Work
from tests.meanwhile import held_up, soon
from tests.services.backorder_stories import lapses, number_of
from tests.services.importing import take
from tests.services.inbound_stories import opens_west
from tests.shop import Shop

Deed = Callable[[Shop, Work], object]
ON_SHELVES = "SELECT unit_id FROM inventory_units WHERE status <> 'PICKED' AND unit_id >= %s ORDER BY unit_id"
RETURNS = "reference,sku,quantity,warehouse,location\nRMA-1,MUG,1,EAST,A-01\nRMA-2,LID,1,EAST,A-02\n"


class Undone(Exception):
    """What was tried is not to stay."""


@pytest.fixture
def story(shop: Shop) -> Shop:
    """A ships complete and has a lid (first unit) and mugs (last); B has mugs of both bins; more came to both."""
    opens_west(shop).sells("LID", "MUG")
    shop.gets("LID", 5, bin="A-02").gets("MUG", 3, bin="A-02").gets("MUG", 6)
    shop.order("A", ship_policy="COMPLETE", MUG=3, LID=1)
    shop.order("B", MUG=8)
    lapses(shop, "A", shop.later(minutes=1).clock)
    shop.change("UPDATE allocations SET expires_at = NULL WHERE quantity = 1")
    return shop.gets("MUG", 5, bin="A-02").gets("MUG", 5)


def allocation(shop: Shop) -> int:
    return int(shop.value("SELECT min(allocation_id) FROM allocations WHERE quantity = 3"))


def picks_short(shop: Shop, work: Work) -> None:
    release_to_pick(work, ["A"])
    short_pick(work, "A", line_number=1, missing=1, quarantine=True)


def sends_some(shop: Shop, work: Work) -> None:
    line = NewInbound("TRANSFER", "T-1", "MUG", 1, warehouse="WEST", from_warehouse="EAST")
    create_inbound(work, [line])


DEEDS: dict[str, Deed] = {
    "release a part of what ships complete": lambda shop, work: release_allocation(work, allocation(shop)),
    "let a part of it lapse": lambda shop, work: expire_allocations(work),
    "pick it short": picks_short,
    "close the bin of a part of it": lambda shop, work: set_location(work, "A-01", is_pickable=False),
    "write a part of it off": lambda shop, work: adjust_stock(work, "MUG", -5, location="A-01", reason="broken"),
    "move a part of it away": lambda shop, work: move_stock(
        work, "MUG", 5, from_location="A-01", to_location="DOCK"
    ),
    "cancel it": lambda shop, work: cancel_order(work, "A"),
    "let it want more": lambda shop, work: edit_order(work, "A", quantities={1: 9}),
    "fulfil what has only just come": lambda shop, work: fulfil_backorder(work, number_of(shop, "B"), quantity=8),
    "send some to another warehouse": sends_some,
    "take back what goes into both bins": lambda shop, work: take_back(
        work, "RMA-9", [ReturnedLine("MUG", 1, "A-01"), ReturnedLine("MUG", 1, "A-02")]
    ),
    "import returns": lambda shop, work: take(
        shop, "returns", RETURNS, desk=lambda do, *given, **named: do(work, *given, **named)
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_who_waits_for_a_unit_holds_none_after_it(story: Shop, deed: str) -> None:
    waited = 0
    for unit in [row[0] for row in story.rows(ON_SHELVES, 0)]:
        with ThreadPoolExecutor(1) as hand, held(story, unit):
            done: Future[object] = hand.submit(tried, story, DEEDS[deed])
            if waits(story, done):
                waited += 1
                assert free_after(story, unit) == [row[0] for row in story.rows(ON_SHELVES, unit + 1)]
    assert waited > 0
    with pytest.raises(Undone):
        tried(story, DEEDS[deed])


@contextmanager
def held(shop: Shop, unit: int) -> Iterator[None]:
    """Hold a unit, as a delivery does."""
    with psycopg.connect(shop.books.conninfo) as connection:
        connection.execute("SELECT FROM inventory_units WHERE unit_id = %s FOR NO KEY UPDATE", [unit])
        yield
        connection.rollback()


def free_after(shop: Shop, unit: int) -> list[int]:
    """Give the units after this one that nobody holds."""
    with psycopg.connect(shop.books.conninfo) as connection:
        rows = connection.execute(f"{ON_SHELVES} FOR NO KEY UPDATE SKIP LOCKED".encode(), [unit + 1]).fetchall()
    return [row[0] for row in rows]


def tried(shop: Shop, deed: Deed) -> None:
    """Do something, and leave the books as they were."""

    def undone(work: Work) -> None:
        deed(shop, work)
        raise Undone

    shop.do(undone)


def waits(shop: Shop, done: Future[object]) -> bool:
    """Tell whether it has come to wait; it may do without the unit."""
    soon(lambda: done.done() or held_up(shop) > 0)
    return not done.done()
