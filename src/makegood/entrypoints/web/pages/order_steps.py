"""What can be done to one order on its page: each a form that is answered in place."""

from enum import StrEnum

from fastapi import APIRouter
from starlette.responses import Response

from makegood.domain.splits import Consent
from makegood.entrypoints.web.fields import Maybe, MaybeWhole, Tick, Whole, Word
from makegood.entrypoints.web.rendering import counted, said, urlencoded
from makegood.entrypoints.web.said import tried
from makegood.entrypoints.web.visit import Clerk, Manager, ManagerLooks, Reader, own_path
from makegood.planner.attempt import Attempt
from makegood.services.allocate_order import allocate_order
from makegood.services.backorders.allocate_backorder import allocate_backorder
from makegood.services.backorders.show_backorder import show_backorder
from makegood.services.backorders.source_backorder import source_backorder
from makegood.services.cancel_order import cancel_order
from makegood.services.hold_order import hold_order
from makegood.services.match_line import match_line
from makegood.services.merge_order import merge_order
from makegood.services.pick_order import confirm_pick, release_to_pick, ship_order, short_pick, start_pick
from makegood.services.release_hold import release_hold
from makegood.services.show_order import show_order
from makegood.services.split_order import split_order
from makegood.services.tell_outcome import tell_outcome

router = APIRouter()


class Stage(StrEnum):
    """A step of an order on its way out."""

    RELEASE = "release-to-pick"
    PICKING = "picking"
    PICKED = "picked"
    SHIPPED = "shipped"


STEPS = {
    Stage.RELEASE: release_to_pick,
    Stage.PICKING: start_pick,
    Stage.PICKED: confirm_pick,
    Stage.SHIPPED: ship_order,
}


@router.post("/orders/{order:path}/fulfill")
def fulfill(visit: Clerk, order: str, back: Maybe = None) -> Response:
    """Try the order again now, and say what came of it (SOP 4.4)."""
    made = visit.do(lambda work: tell_outcome(work, allocate_order(work, order)))
    kind = "good" if made.granted or not made.short else "warn"
    return visit.done(tried(made), to=own_path(back) if back else _page(order), kind=kind)


@router.get("/orders/{order:path}/split")
def ask_to_split(visit: Reader, order: str) -> Response:
    """Ask how to split the order, and for the customer's agreement."""
    return visit.show("orders/split.html", sheet=visit.read(show_order, order))


@router.post("/orders/{order:path}/split")
def split(visit: Manager, order: str, mode: Word, agreed_by: Word, how: Word) -> Response:
    """Split the order; the customer's agreement goes on record (SOP 4.6)."""
    agreed = Consent(by=agreed_by, how=how, at=visit.desk.as_of)
    made = visit.do(split_order, order, mode=mode, consent=agreed)
    words = (
        f"{made.original_order_number} is {said(made.original_status)} with "
        f"{counted(made.shippable_items, 'unit')} to go out; {made.backorder_order_number} waits for "
        f"{counted(made.backordered_items, 'unit')}."
    )
    return visit.done(words, to=_page(order))


@router.post("/orders/{order:path}/merge")
def merge(visit: Manager, order: str) -> Response:
    """Undo a split while neither part is in picking."""
    made = visit.do(merge_order, order)
    words = f"{counted(made.returned_items, 'unit')} went back to {made.original_order_number}."
    return visit.done(words, to=_page(order))


@router.get("/orders/{order:path}/hold")
def ask_to_hold(visit: Reader, order: str) -> Response:
    """Ask why the order is to be held."""
    return visit.show("orders/hold.html", sheet=visit.read(show_order, order))


@router.post("/orders/{order:path}/hold")
def hold(visit: Manager, order: str, because: Word, free: Tick = False) -> Response:
    """Hold the order."""
    made = visit.do(hold_order, order, because=because, free=free)
    return visit.done(f"{_stands(made)}.", to=_page(order))


@router.post("/orders/{order:path}/release")
def release(
    visit: Manager,
    order: str,
    snooze_days: MaybeWhole = None,
    back: Maybe = None,
) -> Response:
    """Release the hold; with days it is not held again for its age before they have passed."""
    made = visit.do(release_hold, order, snooze_days=snooze_days)
    return visit.done(f"{_stands(made)}.", to=own_path(back) if back else _page(order))


@router.get("/orders/{order:path}/snooze")
def ask_to_snooze(visit: Reader, order: str) -> Response:
    """Ask for how long the order is not to be held again for its age."""
    return visit.show("orders/snooze.html", sheet=visit.read(show_order, order))


@router.post("/orders/{order:path}/lines/{line}/match")
def match(visit: Clerk, order: str, line: int, sku: Word, back: Maybe = None) -> Response:
    """Say which variant an unmatched line means."""
    made = visit.do(match_line, order, line, sku)
    words = f"Line {line} means {sku.strip()}. {_stands(made)}."
    return visit.done(words, to=own_path(back) if back else _page(order))


@router.get("/orders/{order:path}/cancel")
def ask_to_cancel(visit: Reader, order: str) -> Response:
    """Ask whether the order is really to be cancelled."""
    return visit.show("orders/cancel.html", sheet=visit.read(show_order, order))


@router.post("/orders/{order:path}/cancel")
def cancel(visit: Clerk, order: str, because: Word = "") -> Response:
    """Cancel the order; what it held goes to whoever is next."""
    made = visit.do(cancel_order, order, because=because)
    return visit.done(f"{_stands(made)}.", to=_page(order))


@router.post("/orders/{order:path}/steps/{step}")
def step(visit: Clerk, order: str, step: Stage) -> Response:
    """Take the order a step further on its way out."""
    made = visit.do(STEPS[step], [order])[0]
    return visit.done(f"{_stands(made)}.", to=_page(order))


@router.get("/orders/{order:path}/short")
def ask_what_is_missing(visit: Reader, order: str) -> Response:
    """Ask what a picker did not find."""
    return visit.show("orders/short.html", sheet=visit.read(show_order, order))


@router.post("/orders/{order:path}/short")
def pick_short(visit: Clerk, order: str, line: Whole, missing: Whole, quarantine: Tick = False) -> Response:
    """Book off what a picker did not find; the line waits for other units."""
    made = visit.do(short_pick, order, line_number=line, missing=missing, quarantine=quarantine)
    return visit.done(f"{counted(missing, 'unit')} not found. {_stands(made)}.", to=_page(order))


@router.post("/orders/{order:path}/source")
def source(visit: Manager, order: str, backorder: Word, inbound: Word) -> Response:
    """Reserve units of supply that is due for a line of the order."""
    made = visit.do(source_backorder, backorder, inbound)
    words = f"{counted(made.sourced, 'unit')} of {made.sku} come to order {made.order} by name."
    return visit.done(words, to=_page(order))


@router.get("/orders/{order:path}/force")
def ask_to_force(visit: ManagerLooks, order: str, backorder: str, quantity: int) -> Response:
    """Ask why units are to be given against the rank."""
    found = visit.read(show_backorder, backorder).backorder
    return visit.show(
        "orders/force.html", order=found.order, here=_page(order), backorder=found.number, quantity=quantity
    )


@router.post("/orders/{order:path}/force")
def force(visit: Manager, order: str, backorder: Word, quantity: Whole, because: Word) -> Response:
    """Give units to a line that are kept back for somebody better ranked; the reason goes on record."""
    made = visit.do(allocate_backorder, backorder, quantity=quantity, force_because=because)
    words = f"Order {made.order} has {counted(made.allocated, 'unit')} of {made.sku} now, as you decided."
    return visit.done(words, to=_page(order))


def _page(order: str) -> str:
    return "/orders/" + urlencoded(order)


def _stands(made: Attempt) -> str:
    return f"Order {made.order.number} is {said(made.after.status)}"
