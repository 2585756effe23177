"""A random life of a warehouse: after every deed the books say what the toy says, and every law is kept.

`pytest tests/histories --hypothesis-profile search` looks further, with new chance each time.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from makegood.domain.orders import NewLine
from makegood.domain.sessions import CountedLine, Disposition, ReceivedLine, ReturnedLine
from makegood.services.adjust_stock import adjust_stock
from makegood.services.allocate_order import allocate_order
from makegood.services.cancel_order import cancel_order
from makegood.services.count_stock import count
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
from makegood.services.set_shelf_life import set_min_shelf_life
from makegood.services.set_stock_aside import damage_stock, quarantine_stock, release_quarantine, restore_stock
from makegood.services.shrink_expired import shrink_expired
from tests.histories import toy
from tests.histories import toy_orders as rules
from tests.histories.supply_life import SupplyLife
from tests.histories.toy import BINS, EDITABLE, MATCHES, URGENCY, Heap

skus = st.sampled_from(MATCHES)
bins = st.sampled_from(list(BINS))
few = st.integers(1, 6)
policies = st.sampled_from(("PARTIAL", "PARTIAL", "COMPLETE_LINES", "COMPLETE"))
priorities = st.sampled_from(("STANDARD", *URGENCY))
keeping = st.sampled_from(("skip", "reserve"))
wanted = st.lists(st.tuples(st.sampled_from((*MATCHES, *MATCHES, "NOSUCH")), few), min_size=1, max_size=3)
some = st.integers(0, 999)
hours = st.integers(0, 5)
expiries = st.sampled_from((5, 12))
STATUS_VERBS: dict[Callable[..., object], tuple[str, str]] = {
    damage_stock: ("AVAILABLE", "DAMAGED"),
    restore_stock: ("DAMAGED", "AVAILABLE"),
    quarantine_stock: ("AVAILABLE", "QUARANTINE"),
    release_quarantine: ("QUARANTINE", "AVAILABLE"),
}
OVER_SOON = """
UPDATE allocations a SET expires_at = %s
FROM order_lines l, orders o, inventory_units u, variants v, locations p
WHERE l.line_id = a.line_id AND o.order_id = l.order_id AND u.unit_id = a.unit_id AND v.variant_id = u.variant_id
  AND p.location_id = u.location_id AND a.state = 'RESERVED' AND o.number = %s AND l.line_number = %s
  AND v.sku = %s AND p.code = %s AND u.expires_on IS NOT DISTINCT FROM %s
"""


class Life(SupplyLife):
    """What can happen in a warehouse with three SKUs and two bins beside the dock, and in one that supplies it."""

    # ── orders ─────────────────────────────────────────────────────────────────────────────────────────────

    @initialize(
        deliveries=st.lists(st.tuples(skus, few, bins, expiries), min_size=3, max_size=6),
        orders=st.lists(st.tuples(wanted, policies, priorities, keeping, hours), min_size=3, max_size=6),
    )
    def opens(self, deliveries: list[Any], orders: list[Any]) -> None:
        """Something lies there and somebody waits before the day begins."""
        for sku, units, bin, days in deliveries:
            self.a_delivery_comes(sku, units, bin, 0, days)
        for order in orders:
            self.someone_orders(*order)

    @rule(lines=wanted, policy=policies, priority=priorities, keeps=keeping, hours=hours)
    def someone_orders(
        self, lines: list[tuple[str, int]], policy: str, priority: str, keeps: str, hours: int
    ) -> None:
        number, placed = f"O{len(self.toy.orders) + 1}", self.shop.clock - timedelta(hours=hours)
        self.shop.order(
            number,
            lines=[NewLine(*line) for line in lines],
            placed=placed,
            ship_policy=policy,
            priority=priority,
            when_short=keeps,
        )
        rules.place(self.toy, number, lines, placed, policy, priority, keeps)
        self.check()

    def has_orders(self) -> bool:
        return bool(self.toy.orders)

    @precondition(has_orders)
    @rule(some=some, terms=st.fixed_dictionaries({}, optional={
        "units": st.integers(0, 7), "priority": priorities, "policy": policies, "keeps": keeping,
        "add": st.lists(st.tuples(skus, few), min_size=1, max_size=1),
    }))  # fmt: skip
    def someone_edits(self, some: int, terms: dict[str, Any]) -> None:
        number = self.chosen(some, *EDITABLE)
        if any("by_name" in line for line in self.toy.orders[number]["lines"]):
            terms.pop("policy", None)
        self.both(
            edit_order,
            number,
            quantities={1: terms["units"]} if "units" in terms else None,
            add=[NewLine(*line) for line in terms.get("add", ())],
            priority=terms.get("priority"),
            ship_policy=terms.get("policy"),
            when_short=terms.get("keeps"),
            toy=lambda: rules.edit(self.toy, number, **terms),
        )

    @precondition(has_orders)
    @rule(some=some)
    def someone_cancels(self, some: int) -> None:
        number = self.chosen(some)
        self.both(cancel_order, number, toy=lambda: rules.cancel(self.toy, number))

    @precondition(has_orders)
    @rule(some=some, free=st.booleans())
    def someone_holds(self, some: int, free: bool) -> None:
        number = self.chosen(some, *EDITABLE)
        toy = self.toy
        self.both(hold_order, number, because="ask", free=free, toy=lambda: rules.hold(toy, number, free=free))

    @precondition(has_orders)
    @rule(some=some)
    def someone_releases(self, some: int) -> None:
        number = self.chosen(some, "ON_HOLD")
        self.both(release_hold, number, toy=lambda: rules.release(self.toy, number))

    @precondition(has_orders)
    @rule(some=some, sku=skus)
    def someone_matches(self, some: int, sku: str) -> None:
        lines = [
            (number, line["number"])
            for number, order in self.toy.orders.items()
            for line in order["lines"]
            if line["sku"] is None
        ]
        number, line = lines[some % len(lines)] if lines else (self.chosen(some), 1)
        self.both(match_line, number, line, sku, toy=lambda: rules.match(self.toy, number, line - 1, sku))

    @precondition(has_orders)
    @rule(some=some)
    def someone_retries(self, some: int) -> None:
        number = self.chosen(some, *EDITABLE)
        self.shop.check()
        self.toy.serve()
        self.both(allocate_order, number, toy=lambda: rules.allocate(self.toy, number))

    @precondition(has_orders)
    @rule(some=some, far=st.integers(0, 3))
    def pickers_work(self, some: int, far: int) -> None:
        """Let pickers take an order on, so or so far."""
        self.pickers_begin(some)
        for deed in (self.a_picker_sets_out, self.a_picker_comes_back, self.a_parcel_leaves)[:far]:
            deed(some)

    def pickers_begin(self, some: int) -> None:
        toy, number = self.toy, self.chosen(some, "ALLOCATED")
        self.both(release_to_pick, [number], toy=lambda: rules.step(toy, number, ["ALLOCATED"], "READY_TO_PICK"))

    @precondition(has_orders)
    @rule(some=some)
    def a_picker_sets_out(self, some: int) -> None:
        toy, number = self.toy, self.chosen(some, "READY_TO_PICK")
        self.both(start_pick, [number], toy=lambda: rules.step(toy, number, ["READY_TO_PICK"], "PICKING"))

    @precondition(has_orders)
    @rule(some=some)
    def a_picker_comes_back(self, some: int) -> None:
        number = self.chosen(some, "READY_TO_PICK", "PICKING")
        self.both(confirm_pick, [number], toy=lambda: rules.confirm_pick(self.toy, number))

    @precondition(has_orders)
    @rule(some=some)
    def a_parcel_leaves(self, some: int) -> None:
        number = self.chosen(some, "PICKED")
        self.both(ship_order, [number], toy=lambda: rules.ship(self.toy, number))

    @precondition(has_orders)
    @rule(some=some, missing=st.integers(1, 2), quarantine=st.booleans())
    def a_picker_finds_less(self, some: int, missing: int, quarantine: bool) -> None:
        number = self.chosen(some, "READY_TO_PICK", "PICKING")
        holds = [units for units in self.toy.orders[number]["lines"][0]["holds"].values() if units]
        # Where a line's units lie in several bins the rules do not say in which one they are missing.
        missing = missing if len(holds) < 2 else sum(holds)
        self.both(
            short_pick,
            number,
            line_number=1,
            missing=missing,
            quarantine=quarantine,
            toy=lambda: rules.short_pick(self.toy, number, missing, quarantine=quarantine),
        )

    # ── stock ──────────────────────────────────────────────────────────────────────────────────────────────

    @rule(sku=skus, units=few, bin=bins, damaged=st.integers(0, 1), days=expiries)
    def a_delivery_comes(self, sku: str, units: int, bin: str, damaged: int, days: int) -> None:
        expires = self.expiry(sku, days)

        def toy() -> None:
            self.toy.add((sku, bin, "AVAILABLE", expires), units - damaged)
            self.toy.add((sku, bin, "DAMAGED", expires), damaged)

        line = ReceivedLine(sku, units, bin, damaged=damaged, expires_on=expires)
        reference = self.reference
        self.both(receive, reference, [line], toy=toy)
        self.both(receive, reference, [line], toy=lambda: None)

    @rule(sku=skus, units=few, bin=bins, how=st.sampled_from(list(Disposition)), days=expiries)
    def a_customer_sends_back(self, sku: str, units: int, bin: str, how: Disposition, days: int) -> None:
        expires = self.expiry(sku, days)
        heap = (sku, bin, str(how.status), expires)
        line = ReturnedLine(sku, units, bin, how, expires_on=expires)
        self.both(take_back, self.reference, [line], toy=lambda: self.toy.add(heap, units))

    @rule(some=some, counted=st.integers(0, 8))
    def a_bin_is_counted(self, some: int, counted: int) -> None:
        heap = self.heap(some, "AVAILABLE")
        variance = counted - self.toy.stock.get(heap, 0)
        line = CountedLine(heap[0], counted, heap[1], expires_on=heap[3])
        self.both(count, self.reference, [line], toy=lambda: self.changes(heap, variance))

    def changes(self, heap: Heap, units: int) -> None:
        if units < 0:
            self.toy.lose(heap, -units)
        else:
            self.toy.add(heap, units)

    @rule(some=some, units=st.sampled_from((-5, -3, -2, -1, 1, 2)))
    def someone_corrects(self, some: int, units: int) -> None:
        heap = self.heap(some, "AVAILABLE")
        self.both(
            adjust_stock,
            heap[0],
            units,
            location=heap[1],
            expires_on=heap[3],
            reason="look",
            toy=lambda: self.changes(heap, units),
        )

    @rule(some=some, units=few, step=st.integers(1, 2))
    def stock_moves(self, some: int, units: int, step: int) -> None:
        heap, places = self.heap(some, "AVAILABLE"), list(BINS)
        to = places[(places.index(heap[1]) + step) % 3]
        self.both(
            move_stock,
            heap[0],
            units,
            from_location=heap[1],
            to_location=to,
            expires_on=heap[3],
            toy=lambda: self.toy.carry(heap, (heap[0], to, *heap[2:]), units),
        )

    @rule(verb=st.sampled_from(list(STATUS_VERBS)), some=some, units=few)
    def stock_changes_status(self, verb: Callable[..., object], some: int, units: int) -> None:
        before, after = STATUS_VERBS[verb]
        heap = self.heap(some, before)
        to = (heap[0], heap[1], after, heap[3])
        toy = self.toy
        self.both(
            verb, heap[0], units, location=heap[1], expires_on=heap[3], toy=lambda: toy.carry(heap, to, units)
        )

    @rule(bin=bins, what=st.sampled_from(("is_pickable", "active")), yes=st.sampled_from((True, True, False)))
    def a_bin_is_opened_or_closed(self, bin: str, what: str, yes: bool) -> None:
        def toy() -> None:
            self.toy.bins[bin][what] = yes
            self.toy.free_unusable(bin=bin)

        self.both(set_location, bin, **{what: yes}, toy=toy)

    @rule(days=st.sampled_from((0, 4, 9)))
    def eggs_must_keep(self, days: int) -> None:
        def toy() -> None:
            self.toy.keeps["EGG"] = days
            self.toy.free_unusable(sku="EGG")

        self.both(set_min_shelf_life, "EGG", days, toy=toy)

    # ── time ───────────────────────────────────────────────────────────────────────────────────────────────

    @rule()
    def a_worker_checks(self) -> None:
        self.check()

    @rule(hours=st.sampled_from((1, 7, 50)))
    def time_passes(self, hours: int) -> None:
        """Whoever waits is served before the lots grow old: what a check finds depends on the day."""
        self.check()
        self.toy.clock = self.shop.later(hours=hours).clock
        while self.shop.do(shrink_expired):
            pass
        self.toy.free_unusable(sku="EGG")
        self.check()

    @precondition(has_orders)
    @rule(days=st.sampled_from((1, 2, 3, 10, 31)))
    def days_pass(self, days: int) -> None:
        self.time_passes(24 * days + 1)
        self.both(escalate_stale, toy=lambda: rules.escalate(self.toy))
        self.check()

    @rule(hours=st.sampled_from((1, 5, 30)))
    def the_clock_is_set_back(self, hours: int) -> None:
        """Not so far that a lot is fresh again: nothing tells the queue of that, the sweep has to find it."""
        before = [self.toy.usable(heap) for heap in self.toy.stock]
        self.toy.clock -= timedelta(hours=hours)
        if [self.toy.usable(heap) for heap in self.toy.stock] == before:
            self.shop.later(hours=-hours)
        self.toy.clock = self.shop.clock
        self.check()

    @rule(some=some)
    def a_reservation_runs_out(self, some: int) -> None:
        held = [
            (number, place, heap)
            for number, order in self.toy.orders.items()
            if order["status"] in EDITABLE
            for place, line in enumerate(order["lines"])
            for heap, units in line["holds"].items()
            if units
        ]
        if not held:
            return
        number, place, heap = held[some % len(held)]
        self.shop.change(OVER_SOON, self.shop.clock, number, place + 1, heap[0], heap[1], heap[3])
        units = self.toy.orders[number]["lines"][place]["holds"][heap]
        self.both(expire_allocations, toy=lambda: rules.expire(self.toy, number, place, heap, units))


def lives(server: str, **how: Any) -> None:
    Life.server = server
    run_state_machine_as_test(Life, settings=settings(suppress_health_check=list(HealthCheck), **how))


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_whatever_happens_the_books_say_what_the_toy_says(embedded: str) -> None:
    searching = settings.get_current_profile_name() == "search"
    lives(embedded, max_examples=1000 if searching else 30, stateful_step_count=50 if searching else 40)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "other"),
    [
        ("URGENCY", {"EXPRESS": 40, "RUSH": 30, "STANDARD": 20, "LOW": 10}),
        ("outcome", lambda order: ("BACKORDERED", None)),
        ("lacks", lambda line: line["quantity"]),
    ],
    ids=["EXPRESS last", "never allocated", "no memory"],
)
def test_a_toy_with_another_rule_is_contradicted(
    embedded: str, monkeypatch: pytest.MonkeyPatch, rule: str, other: object
) -> None:
    monkeypatch.setattr(toy, rule, other)
    with pytest.raises(AssertionError):
        lives(embedded, max_examples=30, stateful_step_count=10, phases=[Phase.generate])
