"""One of several processes that keep, or change, what expected dates follow from: `ROLE CONNINFO SEED`."""

import random
import sys
import time
from contextlib import suppress

from makegood.domain.errors import Conflict
from makegood.domain.orders import NewLine, NewOrder
from makegood.jobs.dates import date_queues
from makegood.jobs.drain import drain
from makegood.jobs.station import Station
from makegood.services.cancel_order import cancel_order
from makegood.services.hold_order import hold_order
from makegood.services.place_order import place_order
from makegood.services.receive_inbound import receive_inbound
from makegood.services.release_hold import release_hold
from makegood.store.database import Database
from tests.services.date_stories import announce, change_inbound, day
from tests.services.inbound_stories import sources
from tests.shop import MONDAY, Shop

SKUS = ("MUG", "CUP", "TEA")
STEPS = 80


def keep(books: Database, chance: random.Random) -> None:
    """Date whatever is marked, in small transactions, until somebody kills us."""
    while True:
        date_queues(Station(books, clock=lambda: MONDAY), patience=0, most=chance.randint(1, 20))


def serve(books: Database, chance: random.Random) -> None:
    """Serve the queues until somebody kills us."""
    while True:
        drain(Station(books, clock=lambda: MONDAY))
        time.sleep(0.02)


def change(books: Database, chance: random.Random) -> None:
    """Order, receive, announce, delay, cancel, hold and release by chance."""
    shop = Shop.__new__(Shop)
    shop.books, shop.clock = books, MONDAY
    name = f"H{chance.random()}"
    supplies: list[str] = []
    for step in range(STEPS):
        with suppress(Conflict):
            _step(shop, chance, f"{name}-{step}", supplies)


def _step(shop: Shop, chance: random.Random, name: str, supplies: list[str]) -> None:
    sku, units = chance.choice(SKUS), chance.randint(1, 6)
    kind = chance.choice("oooooooaaaddirccshh")
    if kind == "o":
        lines = [NewLine(one, chance.randint(1, 6)) for one in chance.sample(SKUS, chance.randint(1, 2))]
        policy, urgent = chance.choice(["PARTIAL", "COMPLETE"]), chance.choice(["STANDARD", "RUSH"])
        shop.do(place_order, NewOrder(number=name, lines=lines, ship_policy=policy, priority=urgent))
    elif kind == "r":
        shop.gets(sku, units, source=f"receiving:{name}")
    elif kind == "a" or not supplies:
        supplies.append(announce(shop, sku, units, day(chance.randint(1, 28)), reference=name))
    elif kind == "d":
        change_inbound(shop, chance.choice(supplies), due=day(chance.randint(1, 28)))
    elif kind == "i":
        shop.do(receive_inbound, chance.choice(supplies), units, location="A-01", reference=name)
    elif orders := shop.rows("SELECT number FROM orders WHERE status IN ('BACKORDERED', 'PARTIALLY_ALLOCATED')"):
        _change_order(shop, chance, kind, chance.choice(orders)[0], chance.choice(supplies))


def _change_order(shop: Shop, chance: random.Random, kind: str, number: str, supply: str) -> None:
    if kind == "c":
        shop.do(cancel_order, number)
    elif kind == "s":
        sources(shop, number, supply)
    else:
        shop.do(hold_order, number, because="chance")
        shop.do(release_hold, number)


if __name__ == "__main__":
    role, conninfo, seed = sys.argv[1:]
    {"keep": keep, "serve": serve, "change": change}[role](Database(conninfo), random.Random(seed))
