"""What people do with supply that is due, each with what it must leave in the books."""

import time
from collections.abc import Sequence
from datetime import timedelta
from random import Random

from makegood.domain.inbound import NewInbound
from makegood.domain.sessions import ReceivedLine
from makegood.services.backorders.fulfil_backorder import fulfil_backorder
from makegood.services.backorders.source_backorder import release_sourced, source_backorder
from makegood.services.inbound.cancel_inbound import cancel_inbound
from makegood.services.inbound.create_inbound import create_inbound
from makegood.services.inbound.update_inbound import update_inbound
from makegood.services.receive_stock import receive
from makegood.services.work import now
from tests.torture.hand import Hand

GOODS = ("MUG", "LID", "CUP", "PEN", "BAG")
SITES = ("EAST", "WEST")
# Those who unload come to the same inbound line within so many seconds.
AN_UNLOADING = 0.3

COMING = (
    "SELECT concat_ws(' ', i.inbound_line_id, v.sku, w.code) "
    "FROM inbound_lines i JOIN variants v USING (variant_id) "
    "JOIN warehouses w ON w.warehouse_id = i.warehouse_id WHERE i.closed_at IS NULL "
    "ORDER BY i.inbound_line_id DESC LIMIT 20"
)
FITTING = (
    "SELECT concat_ws(' ', b.number, i.inbound_line_id, i.kind) FROM backorder_records b JOIN inbound_lines i "
    "ON i.variant_id = b.variant_id AND i.warehouse_id = b.warehouse_id "
    "WHERE b.closed_at IS NULL AND {} ORDER BY b.backorder_id DESC LIMIT 20"
)


def announces(hand: Hand) -> None:
    """Announce a purchase order, or let a transfer leave."""
    reference, chance = f"{hand.name}-{time.monotonic_ns()}", hand.chance
    sku, units, (here, there) = chance.choice(GOODS), chance.randint(1, 6), chance.sample(SITES, 2)
    due = chance.choice((None, now().date() + timedelta(days=chance.randint(0, 9))))
    if chance.random() < 0.5:
        line = NewInbound("PURCHASE_ORDER", reference, sku, units, due=due, warehouse=here)
        hand.ask("announce", {}, create_inbound, [line])
    else:
        line = NewInbound("TRANSFER", reference, sku, units, due=due, warehouse=here, from_warehouse=there)
        hand.ask("send", {"ledger": [-units, units]}, create_inbound, [line])


def sources(hand: Hand) -> None:
    """Reserve supply for a backorder, or give some back."""
    if found := _one(hand, FITTING.format("b.uncovered > 0 AND i.outstanding > i.sourced")):
        facts = {"events": {"backorder:sourced": 1}}
        hand.ask("source", facts, source_backorder, found[0], found[1])
    if hand.chance.random() < 0.2 and (found := _one(hand, FITTING.format("b.sourced > 0"))):
        hand.ask(
            "give back", {"events": {"backorder:sourcing_released": 1}}, release_sourced, found[0], quantity=1
        )


def delivers(hand: Hand) -> None:
    """Unload what others are unloading too."""
    if found := _one(hand, COMING):
        inbound, sku, site = found
        reference = f"I-{inbound}-{int(time.monotonic() / AN_UNLOADING)}"
        chance = Random(f"{hand.seed} {reference}")
        units, bin = chance.randint(1, 5), chance.choice(("A-01", "A-02", "DOCK"))
        line = ReceivedLine(sku, units, bin, damaged=chance.randint(0, 1) * units // 3, inbound=inbound)
        facts = {"session": "RECEIVING", "reference": reference}
        hand.ask("session", facts, receive, reference, [line], warehouse=site)


def changes(hand: Hand) -> None:
    """Call supply off, or announce it anew."""
    if found := _one(hand, COMING):
        if hand.chance.random() < 0.5:
            hand.ask("call off", {}, cancel_inbound, found[0], because="sold out")
        else:
            hand.ask("announce anew", {}, update_inbound, found[0], quantity=hand.chance.randint(1, 7))


def fulfils(hand: Hand) -> None:
    """Let go out what has come with an inbound line."""
    if found := _one(hand, FITTING.format("i.received > 0 AND b.allocated > 0")):
        number, inbound, kind = found
        facts = {"events": {"backorder:units_fulfilled": 1}}
        hand.ask("fulfil", facts, fulfil_backorder, number, quantity=1, source=kind, source_id=inbound)


def _one(hand: Hand, query: str) -> Sequence[str] | None:
    found = hand.sees(query)
    return hand.chance.choice(found).split(" ") if found else None
