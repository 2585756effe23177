"""Live through a shop's book: in the morning goods come in, by day orders and returns, in the evening goods leave.

Each use-case is done at the simulated time, in a transaction of its own, as by the people and workers of a shop.
What is left to chance (which bins are counted, what a picker does not find) comes from the seed and the day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from makegood.domain.orders import NewLine, NewOrder
from makegood.services.escalate_stale import escalate_stale
from makegood.services.expire_allocations import expire_allocations
from makegood.services.office import Office
from makegood.services.place_order import place_orders
from makegood.services.replay.agenda import Agenda, Round, agendas
from makegood.services.replay.building import BINS, SITE, furnish
from makegood.services.replay.countries import priority_of, ship_policy_of
from makegood.services.replay.shipping import ship_what_is_ready
from makegood.services.replay.shop_book import Invoice, ShopBook
from makegood.services.replay.stockroom import count_bins, put_away, restock, unload, write_off
from makegood.services.shrink_expired import shrink_expired

# The supplier whose deliveries are unloaded onto the dock and put away the next morning.
BY_THE_DOCK = 0
BINS_COUNTED = 2
MORNING = 4
EVENING = 21


@dataclass(slots=True, kw_only=True)
class Lived:
    """What happened, in orders and units; `now` is the simulated time."""

    now: datetime
    units_received: int = 0
    units_put_away: int = 0
    units_miscounted: int = 0
    units_written_off: int = 0
    orders_shipped: int = 0
    orders_picked_short: int = 0


def live_through(office: Office, book: ShopBook, *, seed: int, told: Callable[[int, int], object]) -> Lived:
    """Live through all days of a book that has some, telling after each how many of how many are done."""
    days = agendas(book, seed=seed)
    lived = Lived(now=days[0].clock(0))
    office.at(lived.now, "owner", "setup:shop")(furnish, list(book.goods.values()))
    for number, agenda in enumerate(days, start=1):
        chance = Random(f"day:{seed}:{agenda.day}")
        _morning(office, agenda, lived, chance)
        for one in agenda.rounds:
            _office_hours(office, one, lived)
        _evening(office, agenda, lived, chance)
        told(number, len(days))
    return lived


def _morning(office: Office, agenda: Agenda, lived: Lived, chance: Random) -> None:
    """Put away what stands on the dock, receive deliveries, count a few bins, and serve who waited for them."""
    lived.now = agenda.clock(MORNING)
    desk = office.at(lived.now, "stockroom", f"morning:{agenda.day}")
    lived.units_put_away += desk(put_away)
    for supplier, found in agenda.deliveries.items():
        on_dock = supplier == BY_THE_DOCK
        lived.units_received += desk(unload, f"{agenda.day}/{supplier}", found, on_dock=on_dock)
    bins = [f"P-{number:02}" for number in sorted(chance.sample(range(1, BINS + 1), BINS_COUNTED))]
    # Counted by a seed of its own, so that a transaction that starts over finds the same figures.
    lived.units_miscounted += desk(count_bins, f"{agenda.day}", bins, seed=f"count:{chance.random()}")
    office.check_until_quiet(lived.now)


def _office_hours(office: Office, one: Round, lived: Lived) -> None:
    """Post what came in since the last round: orders in the order of time, then returns and write-offs."""
    lived.now = max(lived.now, one.posted_at)
    if one.orders:
        desk = office.at(lived.now, "intake", "intake:invoices")
        desk(place_orders, [new_order(invoice) for invoice in one.orders], warehouse=SITE)
    for back in one.returns:
        office.at(lived.now, "returns", "returns:invoices")(restock, back)
    if one.write_offs:
        desk = office.at(lived.now, "stockroom", f"adjustment:{one.write_offs[0].number}")
        lived.units_written_off += desk(write_off, one.write_offs)
    office.check_until_quiet(lived.now)


def _evening(office: Office, agenda: Agenda, lived: Lived, chance: Random) -> None:
    """Ship what is ready, serve those who lost units by a short pick, then do the daily jobs to their end."""
    lived.now = max(lived.now + timedelta(minutes=1), agenda.clock(EVENING))
    shipped = ship_what_is_ready(office.at(lived.now, "picking", f"picking:{agenda.day}"), chance)
    lived.orders_shipped += shipped.orders
    lived.orders_picked_short += shipped.short
    desk = office.at(lived.now, "worker", f"daily:{agenda.day}")
    while desk(shrink_expired):
        continue
    while desk(expire_allocations).more:
        continue
    office.check_until_quiet(lived.now)
    while desk(escalate_stale).more:
        continue
    office.check_until_quiet(lived.now)


def new_order(invoice: Invoice) -> NewOrder:
    """Give the order that an invoice stands for; the country says how urgent it is and if it travels whole."""
    return NewOrder(
        number=invoice.number,
        lines=[NewLine(item.sku, item.units, item.price) for item in invoice.items],
        placed_at=invoice.at,
        warehouse=SITE,
        channel="invoices",
        customer_reference=invoice.customer,
        customer_class=invoice.country,
        priority=priority_of(invoice.country),
        ship_policy=ship_policy_of(invoice.country),
    )
