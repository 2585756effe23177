"""A random life of a small shop: whatever people do there, in whatever order, the doctor finds nothing."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest

from makegood.domain.errors import MakegoodError
from makegood.domain.orders import NewLine
from makegood.services.allocate_order import allocate_order
from makegood.services.cancel_order import cancel_order
from makegood.services.doctor import doctor
from makegood.services.edit_order import edit_order
from makegood.services.hold_order import hold_order
from makegood.services.match_line import match_line
from makegood.services.pick_order import confirm_pick, release_to_pick, ship_order, short_pick, start_pick
from makegood.services.release_hold import release_hold
from makegood.services.shrink_stock import free_units, take_stock
from makegood.services.sweep import sweep
from tests.judge.judge import judge
from tests.shop import Shop

SKUS = ("MUG", "LID", "EGG")
PRIORITIES = ("LOW", "STANDARD", "STANDARD", "RUSH", "EXPRESS")
POLICIES = ("PARTIAL", "PARTIAL", "COMPLETE_LINES", "COMPLETE")
STEPS, LOOK_EVERY = 200, 20


class Life:
    """What can happen in a shop on a day; each method is one step."""

    def __init__(self, shop: Shop, chance: Random) -> None:
        self.shop, self.chance, self.orders = shop, chance, 0
        shop.sells("MUG", "LID").sells("EGG", min_shelf_life_days=1)

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
        )

    def stock_comes(self) -> None:
        sku = self.chance.choice(SKUS)
        days = self.chance.randint(0, 6)
        expires = self.shop.clock.date() + timedelta(days=days) if sku == "EGG" else None
        where = self.chance.choice(("A-01", "A-02", "DOCK"))
        self.shop.gets(sku, self.chance.randint(1, 9), bin=where, expires_on=expires)

    def stock_goes(self) -> None:
        rows = self.shop.rows(
            "SELECT unit_id, quantity FROM inventory_units WHERE quantity > 0 AND status <> 'PICKED'"
        )
        if rows:
            unit, quantity = self.chance.choice(rows)
            self.shop.do(take_stock, 1, {unit: self.chance.randint(1, quantity)}, reason="count")

    def a_lot_expires(self) -> None:
        rows = self.shop.rows(
            "SELECT unit_id FROM inventory_units WHERE expires_on <= %s AND status = 'AVAILABLE' AND reserved > 0",
            self.shop.clock.date(),
        )
        self.shop.do(free_units, 1, [unit for (unit,) in rows], reason="expired")

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
            "SELECT number, line_number FROM order_lines JOIN orders USING (order_id) WHERE variant_id IS NULL"
        )
        if lines:
            self.shop.do(match_line, *self.chance.choice(lines), self.chance.choice(SKUS))

    def someone_retries(self) -> None:
        self.shop.do(allocate_order, self.an_order(), allow_partial=self.chance.random() < 0.7)

    def pickers_work(self) -> None:
        self.shop.do(release_to_pick, [self.an_order("ALLOCATED")])
        self.shop.do(start_pick, [self.an_order("READY_TO_PICK")])
        self.shop.do(confirm_pick, [self.an_order("PICKING")])

    def a_parcel_leaves(self) -> None:
        self.shop.do(ship_order, [self.an_order("PICKED")])

    def a_picker_finds_less(self) -> None:
        name = self.an_order(self.chance.choice(("READY_TO_PICK", "PICKING")))
        quarantine = self.chance.random() < 0.5
        self.shop.do(short_pick, name, line_number=1, missing=self.chance.randint(1, 2), quarantine=quarantine)

    def an_order(self, status: str = "%") -> str:
        """Choose an order, in this status if there is one."""
        names = [row[0] for row in self.shop.rows("SELECT number FROM orders WHERE status LIKE %s", status)]
        return str(self.chance.choice(names or ["O1"]))


HAPPENINGS: dict[Callable[[Life], None], int] = {
    Life.someone_orders: 14,
    Life.stock_comes: 12,
    Life.a_worker_checks: 10,
    Life.stock_goes: 3,
    Life.a_lot_expires: 2,
    Life.someone_edits: 6,
    Life.someone_cancels: 1,
    Life.someone_holds: 2,
    Life.someone_releases: 3,
    Life.someone_matches: 3,
    Life.someone_retries: 3,
    Life.pickers_work: 5,
    Life.a_parcel_leaves: 3,
    Life.a_picker_finds_less: 2,
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
