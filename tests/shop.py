"""A small shop to tell stories in: verbs of the domain over the real services and the real database."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

from makegood.domain.catalogue import NewLocation, NewVariant, NewWarehouse, Place
from makegood.domain.orders import NewLine, NewOrder
from makegood.jobs.dates import date_queues
from makegood.jobs.station import Station
from makegood.planner.attempt import Attempt
from makegood.services.add_catalogue import add_locations, add_variants, add_warehouses, find_locations
from makegood.services.check_backorders import Piece, check_backorders
from makegood.services.new_orders import match_skus
from makegood.services.place_order import place_order
from makegood.services.post_stock import add_stock
from makegood.services.work import Work
from makegood.store.database import Database

P = ParamSpec("P")
T = TypeVar("T")

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Shop:
    """Warehouse EAST with bins A-01 (pickable), A-02 (pickable) and DOCK (receiving, not pickable)."""

    def __init__(self, books: Database, *, clock: datetime = MONDAY) -> None:
        self.books = books
        self.clock = clock
        self.do(add_warehouses, [NewWarehouse("EAST", network_rank=1)])
        self.do(
            add_locations,
            [
                NewLocation("A-01", "EAST", "PICKING", pick_sequence=1),
                NewLocation("A-02", "EAST", "PICKING", pick_sequence=2),
                NewLocation("DOCK", "EAST", "RECEIVING", is_pickable=False),
            ],
        )

    def do(
        self,
        use_case: Callable[Concatenate[Work, P], T],
        *args: P.args,
        **named: P.kwargs,
    ) -> T:
        """Do a use-case in a transaction of its own, as the manager, at the shop's clock."""
        return self.books.transaction(
            lambda db: use_case(
                Work(db=db, as_of=self.clock, actor="manager", source="manual:manager"), *args, **named
            )
        )

    def by(self, source: str, use_case: Callable[Concatenate[Work, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Do a use-case that names what set it off."""
        return self.books.transaction(
            lambda db: use_case(Work(db=db, as_of=self.clock, actor="manager", source=source), *args, **named)
        )

    def later(self, **delta: float) -> "Shop":
        """Let time pass."""
        self.clock += timedelta(**delta)
        return self

    def sells(self, *skus: str, **facts: Any) -> "Shop":
        """Add variants."""
        self.do(add_variants, [NewVariant(sku=sku, **facts) for sku in skus])
        return self

    def gets(
        self,
        sku: str,
        units: int,
        *,
        bin: str = "A-01",
        warehouse: str = "EAST",
        lot: str = "",
        expires_on: date | None = None,
        source: str = "receiving:1",
    ) -> "Shop":
        """Let stock arrive in a bin."""
        self.by(source, _add_stock, sku, units, bin, warehouse, lot, expires_on)
        return self

    def order(self, number: str, *, placed: datetime | None = None, **wanted: Any) -> Attempt:
        """Place an order: SKU=units, and fields of `NewOrder` by their own name."""
        fields = {name: wanted.pop(name) for name in list(wanted) if name in NewOrder._fields}
        lines = fields.pop("lines", None) or [NewLine(sku, units) for sku, units in wanted.items()]
        return self.do(place_order, NewOrder(number=number, lines=lines, placed_at=placed, **fields))

    def check(self, *, most: int = 1500, few_queues: int = 64) -> list[Piece]:
        """Serve whoever can be served now, as a worker would, until no mark is left."""
        pieces: list[Piece] = []
        while site := self.value("SELECT min(warehouse_id) FROM marks"):
            piece = self.do(check_backorders, site, most=most, few_queues=few_queues)
            assert piece is not None
            pieces.append(piece)
        return pieces

    def date(self) -> int:
        """Keep the expected dates current, as a worker would; give how many rows that took."""
        return date_queues(Station(self.books, clock=lambda: self.clock), patience=0)

    def variant(self, sku: str) -> int:
        """Give the id of a variant."""
        found = self.do(match_skus, [(1, sku)])[0]
        assert found is not None
        return found

    def status(self, number: str) -> str:
        """Give the status of an order."""
        return str(self.value("SELECT status FROM orders WHERE number = %s", number))

    def has(self, number: str) -> dict[str, int]:
        """Give the units that are reserved for an order, by SKU text."""
        rows = self.rows(
            "SELECT sku_text, sum(allocated) FROM order_lines JOIN orders USING (order_id) "
            "WHERE number = %s GROUP BY 1",
            number,
        )
        return {sku: units for sku, units in rows}

    def free(self, sku: str) -> int:
        """Give the units of a variant that are free, by the one definition."""
        return int(
            self.value("SELECT COALESCE(sum(free), 0) FROM usable_units(%s) WHERE variant_id = %s",
                       self.clock.date(), self.variant(sku))
        )  # fmt: skip

    def events(self, number: str) -> list[str]:
        """Give the types of an order's events, oldest first."""
        rows = self.rows(
            "SELECT e.type FROM fulfillment_events e JOIN orders USING (order_id) WHERE number = %s "
            "ORDER BY e.event_id",
            number,
        )
        return [row[0] for row in rows]

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Read the tables as they are."""
        with self.books.snapshot() as db:
            return db._connection.execute(query.encode(), values).fetchall()

    def change(self, query: str, *values: object) -> None:
        """Change the tables by hand, past every rule of the house."""
        self.books.transaction(lambda db: db._connection.execute(query.encode(), values or None))

    def value(self, query: str, *values: object) -> Any:
        """Read one value."""
        return self.rows(query, *values)[0][0]


def cut_all(shop: Shop) -> None:
    """Let the server cut every connection to these books but the one that says so."""
    shop.rows(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def _add_stock(
    work: Work, sku: str, units: int, bin: str, warehouse: str, lot: str, expires_on: date | None
) -> None:
    variant = match_skus(work, [(1, sku)])[0]
    assert variant is not None
    location, site = find_locations(work, [(warehouse, bin)])[warehouse, bin]
    add_stock(work, [(Place(variant, site, location, lot=lot, expires_on=expires_on), units)], reason="receipt")
