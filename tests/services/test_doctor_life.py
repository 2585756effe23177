"""A random life of a small shop: whatever people do there, in whatever order, the doctor finds nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest

from makegood.domain.catalogue import NewLocation, NewWarehouse
from makegood.domain.errors import MakegoodError
from makegood.domain.orders import NewLine
from makegood.domain.sessions import CountedLine, Disposition, ReceivedLine, ReturnedLine
from makegood.services.add_catalogue import add_locations, add_warehouses
from makegood.services.allocate_order import allocate_order
from makegood.services.cancel_order import cancel_order
from makegood.services.count_stock import count
from makegood.services.doctor import doctor
from makegood.services.edit_order import edit_order
from makegood.services.escalate_stale import escalate_stale
from makegood.services.expire_allocations import expire_allocations
from makegood.services.hold_order import hold_order
from makegood.services.match_line import match_line
from makegood.services.move_stock import move_stock
from makegood.services.pick_order import confirm_pick, release_to_pick, ship_order, short_pick, start_pick
from makegood.services.receive_stock import receive
from makegood.services.release_hold import release_hold
from makegood.services.return_stock import take_back
from makegood.services.set_location import set_location
from makegood.services.set_stock_aside import damage_stock, quarantine_stock, release_quarantine, restore_stock
from makegood.services.shrink_expired import shrink_expired
from makegood.services.shrink_stock import take_stock
from makegood.services.sweep import sweep
from tests.judge.judge import judge
from tests.shop import Shop

SKUS = ("MUG", "LID", "EGG")
BINS = ("A-01", "A-02", "DOCK")
PRIORITIES = ("LOW", "STANDARD", "STANDARD", "RUSH", "EXPRESS")
POLICIES = ("PARTIAL", "PARTIAL", "COMPLETE_LINES", "COMPLETE")
STEPS, LOOK_EVERY = 200, 20


class Life:
    """What can happen in a shop on a day; each method is one step."""

    def __init__(self, shop: Shop, chance: Random) -> None:
        self.shop, self.chance, self.orders = shop, chance, 0
        shop.sells("MUG", "LID").sells("EGG", min_shelf_life_days=1)
        shop.do(add_warehouses, [NewWarehouse("STRICT", allow_backorders=False)])
        shop.do(add_locations, [NewLocation("S-1", "STRICT")])

    def step(self) -> str:
        """Let one thing happen; what the books refuse did not happen."""
        kind = self.chance.choices(list(HAPPENINGS), weights=list(HAPPENINGS.values()))[0]
        self.shop.later(minutes=self.chance.randint(1, 90))
        try:
            kind(self)
        except MakegoodError as refused:
            return f"{kind.__name__}: {refused}"
        return kind.__name__

    def someone_orders(self) -> None:
        self.orders += 1
        skus = self.chance.choices([*SKUS, "NOSUCH"], weights=[6, 4, 4, 1], k=self.chance.randint(1, 3))
        self.shop.order(
            f"O{self.orders}",
            lines=[NewLine(sku, self.chance.randint(1, 6)) for sku in skus],
            placed=self.shop.clock - timedelta(hours=self.chance.randint(0, 5)),
            priority=self.chance.choice(PRIORITIES),
            ship_policy=self.chance.choice(POLICIES),
            when_short=self.chance.choice(("skip", "reserve")),
            warehouse=self.chance.choice(("EAST", "EAST", "EAST", "STRICT")),
        )

    def stock_comes(self) -> None:
        sku = self.chance.choice(SKUS)
        days = self.chance.randint(0, 6)
        expires = self.shop.clock.date() + timedelta(days=days) if sku == "EGG" else None
        place = {"bin": self.a_bin(), "warehouse": "EAST"}
        if self.chance.random() < 0.2:
            place = {"bin": "S-1", "warehouse": "STRICT"}
        self.shop.gets(sku, self.chance.randint(1, 9), **place, expires_on=expires, source="import:1")

    def stock_goes(self) -> None:
        rows = self.shop.rows(
            "SELECT warehouse_id, unit_id, quantity FROM inventory_units "
            "WHERE quantity > 0 AND status <> 'PICKED' ORDER BY unit_id"
        )
        if rows:
            site, unit, quantity = self.chance.choice(rows)
            self.shop.do(take_stock, site, {unit: self.chance.randint(1, quantity)}, reason="count")

    def lots_expire(self) -> None:
        while self.shop.do(shrink_expired):
            pass

    def a_delivery_is_unloaded(self) -> None:
        lines = [
            ReceivedLine(
                sku, units := self.chance.randint(1, 8), self.a_bin(), damaged=self.chance.randint(0, units)
            )
            for sku in self.chance.choices(SKUS, k=2)
        ]
        reference = f"R{self.chance.randint(1, 12)}"
        self.shop.do(receive, reference, lines)
        self.shop.do(receive, reference, lines)

    def a_bin_is_counted(self) -> None:
        line = CountedLine(self.chance.choice(SKUS), self.chance.randint(0, 9), self.a_bin())
        self.shop.do(count, f"C{self.chance.randint(1, 99)}", [line])

    def a_customer_sends_back(self) -> None:
        disposition = self.chance.choice(list(Disposition))
        line = ReturnedLine(self.chance.choice(SKUS), self.chance.randint(1, 3), self.a_bin(), disposition)
        self.shop.do(take_back, f"B{self.chance.randint(1, 99)}", [line])

    def stock_moves(self) -> None:
        sku, units, expires = self.some_stock("AVAILABLE")
        here, there = self.chance.sample(BINS, k=2)
        self.shop.do(move_stock, sku, units, from_location=here, to_location=there, expires_on=expires)

    def stock_changes_status(self) -> None:
        verb, status = self.chance.choice(
            (
                (damage_stock, "AVAILABLE"),
                (restore_stock, "DAMAGED"),
                (quarantine_stock, "AVAILABLE"),
                (release_quarantine, "QUARANTINE"),
            )
        )
        sku, units, expires = self.some_stock(status)
        self.shop.do(verb, sku, units, location=self.a_bin(), expires_on=expires)

    def a_bin_is_closed_or_opened(self) -> None:
        opened = self.chance.random() < 0.7
        if self.chance.random() < 0.5:
            self.shop.do(set_location, self.a_bin(), is_pickable=opened)
        else:
            self.shop.do(set_location, self.a_bin(), active=opened)

    def a_manager_insists(self) -> None:
        self.shop.change(
            "UPDATE allocations SET forced = true, reason = 'promised' WHERE allocation_id = "
            "(SELECT max(allocation_id) FROM allocations WHERE state = 'RESERVED')"
        )

    def reservations_run_out(self) -> None:
        self.shop.change(
            "UPDATE allocations SET expires_at = %s WHERE allocation_id = "
            "(SELECT min(allocation_id) FROM allocations WHERE state = 'RESERVED')",
            self.shop.clock,
        )
        self.shop.later(minutes=1).do(expire_allocations)

    def old_orders_are_held(self) -> None:
        self.shop.later(days=self.chance.choice((1, 1, 35))).do(escalate_stale)

    def some_stock(self, status: str) -> tuple[str, int, date | None]:
        """Choose something that lies somewhere with this status."""
        rows = self.shop.rows(
            "SELECT sku, quantity, expires_on FROM inventory_units JOIN variants USING (variant_id) "
            "WHERE quantity > 0 AND status = %s ORDER BY unit_id",
            status,
        )
        sku, quantity, expires = self.chance.choice(rows or [("MUG", 1, None)])
        return sku, self.chance.randint(1, quantity), expires

    def a_bin(self) -> str:
        return self.chance.choice(BINS)

    def a_worker_checks(self) -> None:
        self.shop.check(most=self.chance.choice((1, 3, 1500)))

    def someone_edits(self) -> None:
        terms: dict[str, object] = {
            "quantities": {1: self.chance.randint(0, 7)},
            "priority": self.chance.choice(PRIORITIES),
            "ship_policy": self.chance.choice(POLICIES),
            "when_short": self.chance.choice(("skip", "reserve")),
            "add": [NewLine(self.chance.choice(SKUS), self.chance.randint(1, 4))],
        }
        chosen = self.chance.sample(list(terms), k=2)
        self.shop.do(edit_order, self.an_order(), **{name: terms[name] for name in chosen})  # type: ignore[arg-type]

    def someone_cancels(self) -> None:
        self.shop.do(cancel_order, self.an_order())

    def someone_holds(self) -> None:
        self.shop.do(hold_order, self.an_order(), because="to be asked", free=self.chance.random() < 0.5)

    def someone_releases(self) -> None:
        self.shop.do(release_hold, self.an_order("ON_HOLD"))

    def someone_matches(self) -> None:
        lines = self.shop.rows(
            "SELECT number, line_number FROM order_lines JOIN orders USING (order_id) WHERE variant_id IS NULL "
            "ORDER BY line_id"
        )
        if lines:
            number, line = self.chance.choice(lines)
            self.shop.do(match_line, number, line, self.chance.choice(SKUS))

    def someone_retries(self) -> None:
        self.shop.do(allocate_order, self.an_order(), allow_partial=self.chance.random() < 0.7)

    def pickers_work(self) -> None:
        step, status = self.chance.choice(
            (
                (release_to_pick, "ALLOCATED"),
                (release_to_pick, "ALLOCATED"),
                (start_pick, "READY_TO_PICK"),
                (confirm_pick, "PICKING"),
                (confirm_pick, "READY_TO_PICK"),
            )
        )
        self.shop.do(step, [self.an_order(status)])

    def a_parcel_leaves(self) -> None:
        self.shop.do(ship_order, [self.an_order("PICKED")])

    def a_picker_finds_less(self) -> None:
        name = self.an_order(self.chance.choice(("READY_TO_PICK", "PICKING")))
        quarantine = self.chance.random() < 0.5
        self.shop.do(short_pick, name, line_number=1, missing=self.chance.randint(1, 2), quarantine=quarantine)

    def an_order(self, status: str = "%") -> str:
        """Choose an order, in this status if there is one."""
        names = [
            row[0]
            for row in self.shop.rows("SELECT number FROM orders WHERE status LIKE %s ORDER BY order_id", status)
        ]
        return str(self.chance.choice(names or ["O1"]))


HAPPENINGS: dict[Callable[[Life], None], int] = {
    Life.someone_orders: 14,
    Life.stock_comes: 12,
    Life.a_worker_checks: 10,
    Life.stock_goes: 3,
    Life.lots_expire: 2,
    Life.a_delivery_is_unloaded: 4,
    Life.a_bin_is_counted: 3,
    Life.a_customer_sends_back: 2,
    Life.stock_moves: 5,
    Life.stock_changes_status: 5,
    Life.a_bin_is_closed_or_opened: 3,
    Life.a_manager_insists: 1,
    Life.reservations_run_out: 1,
    Life.old_orders_are_held: 1,
    Life.someone_edits: 6,
    Life.someone_cancels: 1,
    Life.someone_holds: 2,
    Life.someone_releases: 3,
    Life.someone_matches: 3,
    Life.someone_retries: 3,
    Life.pickers_work: 10,
    Life.a_parcel_leaves: 4,
    Life.a_picker_finds_less: 4,
}


def live(shop: Shop, seed: int) -> Life:
    life = Life(shop, Random(seed))
    happened: list[str] = []
    for number in range(1, STEPS + 1):
        happened.append(life.step())
        if number % LOOK_EVERY == 0:
            words = [finding.words for finding in doctor(shop.books, shop.clock).findings]
            assert not words, (seed, words, happened[-LOOK_EVERY:])
    return life


@pytest.mark.parametrize(
    "seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)]
)
def test_nothing_that_people_do_breaks_a_law(shop: Shop, seed: int) -> None:
    live(shop, seed)
    shop.check()
    assert not sweep(shop.books, shop.clock).defects
    assert judge(shop.books.conninfo, shop.clock.date()).broken == {}
