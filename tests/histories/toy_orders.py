"""What people do with orders in the toy warehouse."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from tests.histories.toy import (
    EDITABLE,
    MATCHES,
    REVIEW,
    WAITING,
    Heap,
    Line,
    Order,
    Refused,
    Toy,
    held,
    lacks,
    outcome,
)
from tests.histories.toy_supply import spared


def place(
    toy: Toy,
    number: str,
    wanted: Sequence[tuple[str, int]],
    placed: datetime,
    policy: str,
    priority: str,
    keeps: str,
) -> None:
    """A new order joins the queue and is planned with it."""
    order: Order = {
        "status": "PENDING", "kind": None, "since": None, "review": None, "placed": placed, "policy": policy,
        "priority": priority, "keeps_back": keeps == "reserve", "serial": len(toy.orders), "lines": [],
    }  # fmt: skip
    toy.orders[number] = order
    _append(order, wanted)
    toy.serve()
    if order["status"] == "PENDING":
        toy.come_to(order, outcome(order))


def _append(order: Order, wanted: Sequence[tuple[str, int]]) -> None:
    for text, units in wanted:
        order["lines"].append(
            {
                "number": len(order["lines"]) + 1,
                "text": text,
                "sku": text if text in MATCHES else None,
                "quantity": units,
                "fulfilled": 0,
                "cancelled": 0,
                "holds": defaultdict(int),
                "sourced": [],
            }
        )


def edit(
    toy: Toy,
    number: str,
    *,
    units: int | None = None,
    add: Sequence[tuple[str, int]] = (),
    priority: str | None = None,
    policy: str | None = None,
    keeps: str | None = None,
) -> None:
    """Other terms, another quantity of the first line, further lines."""
    order = _in_state(toy, number, EDITABLE)
    order["priority"] = priority or order["priority"]
    order["policy"] = policy or order["policy"]
    order["keeps_back"] = keeps == "reserve" if keeps else order["keeps_back"]
    if units is not None:
        order["lines"][0]["quantity"] = units
        _give_up(toy, order["lines"][0], -lacks(order["lines"][0]))
    _append(order, add)
    toy.settle(order)


def _give_up(toy: Toy, line: Line, units: int) -> None:
    """Free so many units of a line, from whichever heap."""
    for heap in list(line["holds"]):
        taken = max(0, min(units, line["holds"][heap]))
        line["holds"][heap] -= taken
        units -= taken
    toy.unsure.append(line)


def cancel(toy: Toy, number: str) -> None:
    """What has not gone out is cancelled, until picking has begun."""
    order = _in_state(toy, number, (*EDITABLE, "READY_TO_PICK"))
    for line in order["lines"]:
        line["holds"].clear()
        line["cancelled"] = line["quantity"] - line["fulfilled"]
    toy.settle(order)


def hold(toy: Toy, number: str, *, free: bool) -> None:
    """Out of the queue until a person releases it."""
    order = _in_state(toy, number, EDITABLE)
    if free:
        for line in order["lines"]:
            line["holds"].clear()
    toy.settle(order, ("ON_HOLD", "MANUAL"))


def release(toy: Toy, number: str) -> None:
    """Back into the queue, unless nothing but unmatched lines is there."""
    order = _in_state(toy, number, ("ON_HOLD",))
    if outcome(order)[0] == "ON_HOLD":
        raise Refused("wrong_state")
    order["review"] = toy.clock + REVIEW
    toy.settle(order, outcome(order))


def match(toy: Toy, number: str, place: int, sku: str) -> None:
    """Say what an unmatched line means."""
    order = _in_state(toy, number, EDITABLE)
    line = order["lines"][place]
    if line["sku"]:
        raise Refused("wrong_state")
    line["sku"] = sku
    toy.settle(order)


def allocate(toy: Toy, number: str) -> None:
    """Try an order now: it gets what the queue leaves it."""
    _in_state(toy, number, (*WAITING, "ALLOCATED"))
    toy.serve()


def step(toy: Toy, number: str, before: Sequence[str], to: str) -> Order:
    """Hand an order on."""
    order = _in_state(toy, number, before)
    toy.come_to(order, (to, None))
    return order


def confirm_pick(toy: Toy, number: str) -> None:
    """What is reserved leaves its bins, still reserved."""
    for line in step(toy, number, ("READY_TO_PICK", "PICKING"), "PICKED")["lines"]:
        for heap, units in list(line["holds"].items()):
            if units:
                picked: Heap = (heap[0], heap[1], "PICKED", heap[3])
                toy.stock[heap] -= units
                toy.add(picked, units)
                line["holds"][heap] -= units
                line["holds"][picked] += units


def ship(toy: Toy, number: str) -> None:
    """What was picked is gone."""
    order = _in_state(toy, number, ("PICKED", "PACKED"))
    for line in order["lines"]:
        line["fulfilled"] += held(line)
        for heap, units in line["holds"].items():
            toy.stock[heap] -= units
        line["holds"].clear()
    toy.settle(order)


def short_pick(toy: Toy, number: str, missing: int, *, quarantine: bool) -> None:
    """The first line lacks units in its bin: they are off the books there, and its demand waits again."""
    order = _in_state(toy, number, ("READY_TO_PICK", "PICKING"))
    line = order["lines"][0]
    if held(line) < missing:
        raise Refused("not_enough")
    for heap in [heap for heap, units in line["holds"].items() if units]:
        taken = min(missing, line["holds"][heap])
        line["holds"][heap] -= taken
        toy.stock[heap] -= taken
        missing -= taken
        if quarantine:
            toy.add((heap[0], heap[1], "QUARANTINE", heap[3]), taken)
    toy.settle(order)


def escalate(toy: Toy) -> None:
    """Who has been short for more than thirty days is held for review."""
    for order in toy.orders.values():
        late = order["since"] is not None and order["since"] < toy.clock - REVIEW
        reviewed = order["review"] is None or order["review"] <= toy.clock
        short = order["status"] in ("BACKORDERED", "PARTIALLY_ALLOCATED")
        if short and late and reviewed and not spared(toy, order):
            toy.settle(order, ("ON_HOLD", "STALE"))


def expire(toy: Toy, number: str, place: int, heap: Heap, units: int) -> None:
    """The time of a reservation is up."""
    order = toy.orders[number]
    order["lines"][place]["holds"][heap] -= units
    toy.settle(order)


def _in_state(toy: Toy, number: str, states: Sequence[str]) -> Order:
    order = toy.orders[number]
    if order["status"] not in states:
        raise Refused("wrong_state")
    return order
