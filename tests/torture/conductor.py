"""Let everybody work for so many seconds, killing one every few seconds and now and then the server."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psycopg

from makegood.domain.catalogue import NewLocation, NewWarehouse
from makegood.domain.orders import NewLine, NewOrder
from makegood.services.add_catalogue import add_locations, add_warehouses
from makegood.services.place_order import place_order
from makegood.store.database import Database
from tests.shop import Shop
from tests.torture.crew import CREW, WORKER, Member, kill_the_server
from tests.torture.verbs import SKUS

# Seconds between two kills of a process, and of the server: at least and at most.
KILLS = (1.5, 4.0)
CRASHES = (9.0, 16.0)
LONGEST_CALM = 90.0


@dataclass(kw_only=True)
class Day:
    """What was done to the crew, and what went wrong with it."""

    seconds: float = 0.0
    kills: Counter[str] = field(default_factory=Counter)
    restarts: int = 0
    faults: list[str] = field(default_factory=list)


def furnish(books: Database) -> None:
    """Two warehouses with the same few SKUs, and one order that nobody may forget."""
    shop = Shop(books).sells(*SKUS)
    shop.do(add_warehouses, [NewWarehouse("WEST", network_rank=2)])
    shop.do(
        add_locations,
        [
            NewLocation("A-01", "WEST", "PICKING", pick_sequence=1),
            NewLocation("A-02", "WEST", "PICKING", pick_sequence=2),
            NewLocation("DOCK", "WEST", "RECEIVING", is_pickable=False),
        ],
    )
    shop.do(place_order, NewOrder("FIRST", [NewLine("MUG", 3)], priority="EXPRESS"))


def conduct(address: str, folder: Path, seconds: float, seed: int) -> Day:
    """Let the crew work, kill and replace, and come back when everything is quiet."""
    chance, day = Random(seed), Day()
    began = time.monotonic()
    with _crew(address, folder, seed) as crew:
        _work(crew, address, chance, day, began + seconds)
        day.seconds = time.monotonic() - began
        hands = [member for member in crew if member.role != WORKER]
        _end(hands, day)
        _await_calm(address, day)
        _end([member for member in crew if member.role == WORKER], day)
    return day


def _work(crew: list[Member], address: str, chance: Random, day: Day, until: float) -> None:
    next_kill = time.monotonic() + chance.uniform(*KILLS)
    next_crash = time.monotonic() + chance.uniform(*CRASHES)
    while (moment := time.monotonic()) < until:
        if moment >= next_crash:
            kill_the_server(address)
            day.restarts += 1
            next_crash = time.monotonic() + chance.uniform(*CRASHES)
        if moment >= next_kill:
            victim = chance.choice(crew)
            victim.kill()
            day.kills[victim.role] += 1
            next_kill = time.monotonic() + chance.uniform(*KILLS)
        day.faults += [fault for member in crew if (fault := member.fault())]
        time.sleep(0.02)


def _end(members: list[Member], day: Day) -> None:
    for member in members:
        member.ask_to_end()
    day.faults += [fault for member in members if (fault := member.end())]


def _await_calm(address: str, day: Day) -> None:
    """Wait until the workers have served every mark."""
    until = time.monotonic() + LONGEST_CALM
    with psycopg.connect(address, autocommit=True) as connection:
        while left := connection.execute("SELECT * FROM marks ORDER BY mark_id").fetchall():
            if time.monotonic() > until:
                day.faults.append(f"{len(left)} marks were not served within {LONGEST_CALM:.0f} s: {left[:5]}")
                return
            time.sleep(0.1)


@contextmanager
def _crew(address: str, folder: Path, seed: int) -> Iterator[list[Member]]:
    crew = [Member(role, number, address, folder, str(seed)) for number, role in enumerate(CREW)]
    try:
        yield crew
    finally:
        for member in crew:
            member.process.kill()
            member.process.wait()
