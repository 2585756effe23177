"""What people do all day, each with what it must leave in the books.

The facts of a request say what the tables have to show if it was done: `numbers` the orders that were placed,
`ledger` the units taken off and added under the request's name, `events` the events that bear it.
"""

import csv
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from random import Random

from makegood.domain.orders import NewLine, NewOrder
from makegood.domain.sessions import CountedLine, Disposition, ReceivedLine, ReturnedLine
from makegood.jobs.desk import Desk
from makegood.services import import_orders
from makegood.services.adjust_stock import adjust_stock
from makegood.services.allocate_order import allocate_order
from makegood.services.cancel_order import cancel_order
from makegood.services.count_stock import count
from makegood.services.edit_order import edit_order
from makegood.services.expire_allocations import expire_allocations
from makegood.services.files.columns import Columns
from makegood.services.files.importing import Import
from makegood.services.files.source import opened
from makegood.services.hold_order import hold_order
from makegood.services.match_line import match_line
from makegood.services.move_stock import Move, move_all
from makegood.services.pick_order import confirm_pick, release_to_pick, ship_order, short_pick, start_pick
from makegood.services.place_order import place_orders
from makegood.services.receive_stock import add_received, approve_receiving, open_receiving, receive
from makegood.services.release_hold import release_hold
from makegood.services.return_stock import take_back
from makegood.services.set_location import set_location
from makegood.services.set_shelf_life import set_min_shelf_life
from makegood.services.set_stock_aside import damage_stock, quarantine_stock, release_quarantine, restore_stock
from makegood.services.shrink_expired import shrink_expired
from makegood.services.work import now
from tests.torture.hand import Hand
from tests.torture.journal import End
from tests.torture.supply_verbs import announces, changes, delivers, fulfils, sources

SKUS = ("MUG", "LID", "CUP", "PEN", "BAG", "TEA")
BINS = ("A-01", "A-02", "DOCK")
WAREHOUSES = ("EAST", "EAST", "WEST")
# Those who receive come to the same session within so many seconds.
A_SESSION = 0.08

Verb = Callable[[Hand], object]


def places(hand: Hand) -> None:
    """Place one order or a few together; when it is not known what came of it, ask once more."""
    made = [_an_order(hand, place) for place in range(hand.chance.choice((1, 1, 1, 2, 6)))]
    facts = {"numbers": {order.number: [[line.sku, line.quantity] for line in order.lines] for order in made}}
    warehouse = hand.chance.choice(WAREHOUSES)
    if (
        hand.ask("place", facts, place_orders, made, warehouse=warehouse) is End.DONE
        and hand.chance.random() < 0.05
    ):
        hand.ask("place", facts, place_orders, made, warehouse=warehouse)


def _an_order(hand: Hand, place: int) -> NewOrder:
    skus = hand.chance.choices([*SKUS, "NOSUCH"], weights=[6] * len(SKUS) + [1], k=hand.chance.randint(1, 4))
    return NewOrder(
        number=f"{hand.name}-{time.monotonic_ns()}-{place}",
        lines=[NewLine(sku, hand.chance.randint(1, 6)) for sku in skus],
        placed_at=now() - timedelta(minutes=hand.chance.randint(0, 30)),
        priority=hand.chance.choice(("LOW", "STANDARD", "STANDARD", "RUSH", "EXPRESS")),
        ship_policy=hand.chance.choice(("PARTIAL", "PARTIAL", "PARTIAL", "COMPLETE_LINES", "COMPLETE")),
        when_short=hand.chance.choice(("skip", "skip", "reserve")),
    )


SHORT = ("BACKORDERED", "PARTIALLY_ALLOCATED")


def edits(hand: Hand) -> None:
    if (number := hand.order(*SHORT, "ALLOCATED", "ON_HOLD")) is None:
        return
    terms: dict[str, object] = {
        "quantities": {1: hand.chance.randint(0, 7)},
        "priority": hand.chance.choice(("LOW", "STANDARD", "RUSH", "EXPRESS")),
        "ship_policy": hand.chance.choice(("PARTIAL", "PARTIAL", "COMPLETE_LINES", "COMPLETE")),
        "add": [NewLine(hand.chance.choice(SKUS), hand.chance.randint(1, 3))],
    }
    chosen = {name: terms[name] for name in hand.chance.sample(list(terms), k=2)}
    hand.ask("edit", {"events": {"order:edited": 1}}, edit_order, number, **chosen)  # type: ignore[arg-type]


def cancels(hand: Hand) -> None:
    if number := hand.order(*SHORT, "ALLOCATED", "ON_HOLD", "READY_TO_PICK"):
        hand.ask("cancel", {"events": {"order:cancel_asked": 1}}, cancel_order, number)


def holds(hand: Hand) -> None:
    if number := hand.order(*SHORT, "ALLOCATED"):
        hand.ask(
            "hold",
            {"events": {"order:held": 1}},
            hold_order,
            number,
            because="to be asked",
            free=hand.chance.random() < 0.5,
        )


def releases(hand: Hand) -> None:
    if number := hand.order("ON_HOLD"):
        hand.ask("release", {"events": {"order:released": 1}}, release_hold, number)


def matches(hand: Hand) -> None:
    lines = hand.sees(
        "SELECT number || ' ' || line_number FROM order_lines JOIN orders USING (order_id) "
        "WHERE variant_id IS NULL AND status NOT IN ('CANCELLED', 'SHIPPED') ORDER BY line_id DESC LIMIT 10"
    )
    if lines:
        number, line = hand.chance.choice(lines).split()
        facts = {"events": {"order:matched": 1}}
        hand.ask("match", facts, match_line, number, int(line), hand.chance.choice(SKUS))


def retries(hand: Hand) -> None:
    if number := hand.order(*SHORT):
        hand.ask("retry", {}, allocate_order, number, allow_partial=hand.chance.random() < 0.7)


def receives(hand: Hand) -> None:
    """Book the delivery that is being unloaded now, at the same time as others do."""
    reference, chance = _at_hand(hand, "R")
    lines = [
        ReceivedLine(
            sku, units := chance.randint(1, 6), chance.choice(BINS), damaged=chance.randint(0, 1) * units // 3
        )
        for sku in chance.choices(SKUS[:5], k=chance.randint(1, 6))
    ]
    expires_on = now().date() + timedelta(days=chance.choice((10, 20, 30)))
    lines.append(ReceivedLine("TEA", chance.randint(1, 5), chance.choice(BINS[:2]), expires_on=expires_on))
    facts = {
        "session": "RECEIVING",
        "reference": reference,
        "figures": sorted([line.sku, line.location, line.quantity, line.damaged] for line in lines),
    }
    hand.ask("session", facts, receive, reference, lines, warehouse=chance.choice(WAREHOUSES))


def unloads(hand: Hand) -> None:
    """Enter a delivery piece by piece; whoever is last finds it approved."""
    reference, chance = _at_hand(hand, "U")
    hand.ask("open", {}, open_receiving, reference, warehouse="EAST")
    for key in ("a", "b"):
        line = ReceivedLine(chance.choice(SKUS[:5]), chance.randint(1, 4), chance.choice(BINS), key=key)
        facts = {"entered": reference, "key": key, "quantity": line.quantity}
        hand.ask("enter", facts, add_received, reference, [line])
    hand.ask("session", {"session": "RECEIVING", "reference": reference}, approve_receiving, reference)


def takes_back(hand: Hand) -> None:
    reference, chance = _at_hand(hand, "B")
    line = ReturnedLine(
        chance.choice(SKUS[:5]), chance.randint(1, 3), chance.choice(BINS), chance.choice(list(Disposition))
    )
    facts = {
        "session": "RETURN",
        "reference": reference,
        "figures": [[line.sku, line.location, line.quantity, 0]],
    }
    hand.ask("session", facts, take_back, reference, [line])


def _at_hand(hand: Hand, kind: str) -> tuple[str, Random]:
    """Give what is in everybody's hands at this moment, with the chance that belongs to it."""
    reference = f"{kind}{int(time.monotonic() / A_SESSION)}"
    return reference, Random(f"{hand.seed} {reference}")


def counts(hand: Hand) -> None:
    reference = f"C-{hand.name}-{time.monotonic_ns()}"
    bin = hand.chance.choice(BINS)
    lines = [CountedLine(sku, hand.chance.randint(0, 9), bin) for sku in hand.chance.sample(SKUS[:5], 2)]
    facts = {
        "session": "COUNT",
        "reference": reference,
        "figures": sorted([line.sku, line.location, line.counted, 0] for line in lines),
    }
    for _ in range(hand.chance.choice((1, 1, 2))):
        hand.ask("session", facts, count, reference, lines, warehouse=hand.chance.choice(WAREHOUSES))


def adjusts(hand: Hand) -> None:
    units = hand.chance.choice((-4, -2, -1, 2, 3))
    facts = {"ledger": [min(units, 0), max(units, 0)]}
    sku, bin = hand.chance.choice(SKUS[:5]), hand.chance.choice(BINS)
    hand.ask("adjust", facts, adjust_stock, sku, units, location=bin, reason="shelf check")


def moves(hand: Hand) -> None:
    here, there = hand.chance.sample(BINS, 2)
    asked = [
        Move(sku, hand.chance.randint(1, 5), here, there)
        for sku in hand.chance.sample(SKUS[:5], hand.chance.choice((1, 1, 2)))
    ]
    units = sum(move.units for move in asked)
    hand.ask("move", {"ledger": [-units, units]}, move_all, asked, warehouse=hand.chance.choice(WAREHOUSES))


def sets_aside(hand: Hand) -> None:
    verb = hand.chance.choice((damage_stock, restore_stock, quarantine_stock, release_quarantine))
    units, sku, bin = hand.chance.randint(1, 4), hand.chance.choice(SKUS[:5]), hand.chance.choice(BINS)
    hand.ask(verb.__name__, {"ledger": [-units, units]}, verb, sku, units, location=bin)


def switches(hand: Hand) -> None:
    opened = hand.chance.random() < 0.75
    bin = hand.chance.choice(BINS)
    if hand.chance.random() < 0.6:
        hand.ask("location", {}, set_location, bin, is_pickable=opened)
    else:
        hand.ask("location", {}, set_location, bin, active=opened)


def dates(hand: Hand) -> None:
    hand.ask("shelf life", {}, set_min_shelf_life, "TEA", hand.chance.choice((0, 15, 25)))


def housekeeping(hand: Hand) -> None:
    hand.ask("shrink", {}, shrink_expired, most=3)
    hand.ask("expire", {}, expire_allocations)


def picks(hand: Hand) -> None:
    """Take a few orders through the pick, in a batch that may span warehouses."""
    found = hand.sees("SELECT number FROM orders WHERE status = 'ALLOCATED' ORDER BY order_id DESC LIMIT 12")
    names = hand.chance.sample(found, min(len(found), hand.chance.randint(1, 3)))
    if not names:
        return
    events = {"order:released_to_pick": len(names)}
    if hand.ask("to pick", {"events": events}, release_to_pick, names) is not End.DONE:
        return
    if hand.chance.random() < 0.5:
        hand.ask("start", {"events": {"order:picking": len(names)}}, start_pick, names)
    if hand.chance.random() < 0.3:
        _finds_less(hand, names[0])
    if hand.ask("pick", {"events": {"order:picked": len(names)}}, confirm_pick, names) is End.DONE:
        hand.ask("ship", {"events": {"order:shipped": len(names)}}, ship_order, names)


def _finds_less(hand: Hand, name: str) -> None:
    missing, quarantine = hand.chance.randint(1, 2), hand.chance.random() < 0.5
    facts = {"events": {"order:short_picked": 1}, "ledger": [-missing, missing if quarantine else 0]}
    hand.ask("short pick", facts, short_pick, name, line_number=1, missing=missing, quarantine=quarantine)


def ships(hand: Hand) -> None:
    """Let go what somebody who was killed has left behind."""
    if name := hand.order("PICKED"):
        hand.ask("ship", {"events": {"order:shipped": 1}}, ship_order, [name])
    if name := hand.order("READY_TO_PICK", "PICKING"):
        hand.ask("pick", {"events": {"order:picked": 1}}, confirm_pick, [name])


def imports(hand: Hand) -> None:
    """Import a file of orders in many small transactions; one that somebody else was killed over comes first."""
    file = unfinished(hand) or write_file(hand)
    with open(file) as lines:
        rows = list(csv.DictReader(lines))
    numbers: dict[str, list[list[object]]] = {}
    for row in rows:
        numbers.setdefault(row["number"], []).append([row["sku"], int(row["quantity"])])
    facts = {"file": file.name, "imported": numbers}
    if hand.does("import", facts, lambda desk: take_file(desk, file), in_parts=True) is End.DONE:
        file.unlink(missing_ok=True)


def unfinished(hand: Hand) -> Path | None:
    """Find a file whose import was never seen to end."""
    return next(iter(sorted(hand.journal.folder.glob("*.csv"))), None)


def write_file(hand: Hand) -> Path:
    """Write some orders down; the file is there whole or not at all."""
    draft = hand.journal.folder / f"{hand.name}-{time.monotonic_ns()}.draft"
    rows = [
        f"{draft.stem}-{number},{sku},{hand.chance.randint(1, 4)},{warehouse}"
        for number in range(60)
        for warehouse in [hand.chance.choice(WAREHOUSES)]
        for sku in hand.chance.sample(SKUS, hand.chance.randint(1, 3))
    ]
    draft.write_text("number,sku,quantity,warehouse\n" + "\n".join(rows) + "\n")
    return draft.rename(draft.with_suffix(".csv"))


def take_file(desk: Desk, file: Path) -> None:
    """Import a file as the command does, five orders to a transaction."""
    kind = import_orders.KIND._replace(things_a_batch=5)
    columns = Columns(kind.entry, {})
    with opened(file, recognised=columns.knows) as source:
        Import(desk, kind).take(source.name, source.rows, columns)


ROLES: Mapping[str, Mapping[Verb, int]] = {
    "intake": {places: 1},
    "importer": {imports: 1},
    "desk": {edits: 4, cancels: 3, holds: 2, releases: 3, matches: 2, retries: 2},
    "receiver": {receives: 3, unloads: 1, takes_back: 2},
    "counter": {counts: 3, adjusts: 2},
    "mover": {moves: 6, sets_aside: 4, switches: 2, dates: 1, housekeeping: 1},
    "picker": {picks: 5, ships: 1},
    "supplier": {announces: 4, sources: 4, delivers: 4, changes: 1, fulfils: 2},
}
