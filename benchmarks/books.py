"""Databases for the measurements: filled once, copied for each run, vacuumed before the clock starts."""

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import count
from typing import Any, Concatenate, ParamSpec, TypeVar

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from benchmarks.work import END, Workload
from makegood.domain.catalogue import NewLocation, NewVariant, NewWarehouse, Place
from makegood.entrypoints.worker import SWITCH_INTERVAL
from makegood.jobs.drain import WAREHOUSES_AT_ONCE, give_way
from makegood.services.add_catalogue import add_locations, add_variants, add_warehouses, find_locations
from makegood.services.check_backorders import check_backorders
from makegood.services.hold_order import hold_order
from makegood.services.new_orders import match_skus
from makegood.services.place_order import place_orders
from makegood.services.post_stock import add_stock
from makegood.services.work import Work
from makegood.store.database import Database
from makegood.store.migrate import migrate

P = ParamSpec("P")
T = TypeVar("T")

BATCH = 1000
# Lots that expire, so that picking them in the right order is part of the work.
LOTS = (("L1", END.date() + timedelta(days=90)), ("L2", END.date() + timedelta(days=180)))
PREFIX = "makegood_bench"

_names = count(1)


class Bench:
    """One database, and verbs to fill and drain it."""

    def __init__(self, server: str, name: str) -> None:
        self.server, self.name = server, name
        self.address = make_conninfo(server, dbname=name)
        self.books = Database(self.address)

    def do(self, use_case: Callable[Concatenate[Work, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Do a use-case in a transaction of its own."""
        return self.books.transaction(
            lambda db: use_case(Work(db=db, as_of=END, actor="bench", source="receiving:bench"), *args, **named)
        )

    def catalogue(self, work: Workload) -> None:
        """Add the warehouses with a bin each, and the variants."""
        sites, skus = work.shape.sites, range(work.shape.skus)
        self.do(add_warehouses, [NewWarehouse(site) for site in sites])
        self.do(add_locations, [NewLocation("BIN", site, "PICKING") for site in sites])
        self.do(add_variants, [NewVariant(f"SKU-{number}") for number in skus])

    def place(self, work: Workload) -> None:
        """Place all orders, a thousand to a transaction."""
        for site, orders in work.orders.items():
            for start in range(0, len(orders), BATCH):
                self.do(place_orders, orders[start : start + BATCH], warehouse=site)

    def hold(self, work: Workload) -> None:
        """Hold one order in a hundred, and let the queues settle."""
        for number in work.held:
            self.do(hold_order, number, because="bench")
        self.drain()

    def receive(self, work: Workload) -> None:
        """Let two lots of each SKU arrive, in receipts of a thousand lines; all queues are marked then."""
        ids = self.do(match_skus, [(1, f"SKU-{number}") for number in range(work.shape.skus)])
        bins = self.do(find_locations, [(site, "BIN") for site in work.shape.sites])
        arriving = [
            (
                Place(ids[sku] or 0, bins[site, "BIN"][1], bins[site, "BIN"][0], lot=lot, expires_on=expires_on),
                units,
            )
            for (site, sku), parts in work.receipts.items()
            for (lot, expires_on), units in zip(LOTS, parts, strict=True)
        ]
        for start in range(0, len(arriving), BATCH):
            self.do(add_stock, arriving[start : start + BATCH], reason="receipt")

    def drain(self) -> list[int]:
        """Serve until no mark is left, two warehouses at once as a worker does; give each piece's statements."""
        sys.setswitchinterval(SWITCH_INTERVAL)
        sites = [row[0] for row in self.execute("SELECT warehouse_id FROM warehouses ORDER BY 1")]
        pieces: list[int] = []
        with ThreadPoolExecutor(WAREHOUSES_AT_ONCE, initializer=give_way) as several:
            while made := [statements for done in several.map(self._serve, sites) for statements in done]:
                pieces += made
        return pieces

    def _serve(self, site: int) -> list[int]:
        """Serve one warehouse as long as there is something that nobody else is at."""
        pieces: list[int] = []
        while statements := self.do(piece, site):
            pieces.append(statements)
        return pieces

    def warm(self) -> None:
        """Open a connection and look at nothing, as a worker has done long before."""
        self.books.transaction(lambda db: db.value("warehouse_codes"))

    def execute(self, query: str) -> list[tuple[Any, ...]]:
        """Run SQL of the measurement itself."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            cursor = connection.execute(query.encode())
            return cursor.fetchall() if cursor.description else []

    def settle(self) -> None:
        """Let nothing of the preparation fall into the measurement."""
        self.execute("VACUUM ANALYZE")
        self.execute("CHECKPOINT")


def piece(work: Work, site: int) -> int | None:
    """Do one piece of a warehouse's check and give the statements that it took; None when there was nothing."""
    return work.db.statements if check_backorders(work, site) else None


@contextmanager
def new_bench(server: str) -> Iterator[Bench]:
    """Make empty books, and drop them afterwards."""
    with _database(server, None) as bench:
        migrate(bench.address)
        yield bench


@contextmanager
def copy_of(bench: Bench) -> Iterator[Bench]:
    """Copy books, vacuumed and check-pointed, and drop the copy afterwards."""
    # A database can only be copied while nobody is connected to it.
    bench.books.close()
    with _database(bench.server, bench.name) as copy:
        copy.settle()
        copy.warm()
        yield copy


def sweep_up(server: str) -> None:
    """Drop the databases of measurements that were killed."""
    with psycopg.connect(server, autocommit=True) as admin:
        named = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", (f"{PREFIX}\\_%",))
        for (name,) in named.fetchall():
            if not _runs(int(name.split("_")[2])):
                admin.execute(_drop(name))


def _runs(pid: int) -> bool:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, 0)
        return True
    return False


def _drop(name: str) -> sql.Composed:
    return sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))


@contextmanager
def _database(server: str, template: str | None) -> Iterator[Bench]:
    name = f"{PREFIX}_{os.getpid()}_{next(_names)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template or "template0")
            )
        )
        bench = Bench(server, name)
        try:
            yield bench
        finally:
            bench.books.close()
            admin.execute(_drop(name))
