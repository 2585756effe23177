"""Supply that is due in the toy warehouse: announced, under way, reserved by name, received, cancelled."""

from datetime import date
from typing import Any

from tests.histories.toy import EDITABLE, Heap, Line, Order, Refused, Toy, lacks, rank

Supply = dict[str, Any]


def announce(toy: Toy, name: str, sku: str, units: int, due: date | None, *, transfer: bool = False) -> None:
    """So many units are to come; those of a transfer leave their shelf."""
    if transfer:
        shelf: Heap = (sku, "W-01", "AVAILABLE", None)
        if toy.stock.get(shelf, 0) < units:
            raise Refused("not_enough")
        _shift(toy, shelf, under_way(sku), units)
    toy.supply[name] = {
        "sku": sku,
        "quantity": units,
        "received": 0,
        "cancelled": 0,
        "due": due,
        "moves": transfer,
    }


def under_way(sku: str) -> Heap:
    """Where the books keep what has left the other warehouse."""
    return (sku, "W-01", "IN_TRANSIT", None)


def to_come(supply: Supply) -> int:
    """Units that are still to come."""
    return max(0, int(supply["quantity"] - supply["received"] - supply["cancelled"]))


def sourced(toy: Toy, name: str) -> int:
    """Units of a supply that lines have by name."""
    return sum(units for _, line in toy.lines() for one, units in line["sourced"] if one == name)


def uncovered(line: Line) -> int:
    """Units of a line that are neither reserved nor sourced."""
    return lacks(line) - sum(int(units) for _, units in line["sourced"])


def source(toy: Toy, number: str, place: int, name: str, units: int) -> None:
    """Reserve units of a line on supply that is due."""
    if toy.orders[number]["status"] not in EDITABLE:
        raise Refused("wrong_state")
    if units > to_come(toy.supply[name]) - sourced(toy, name):
        raise Refused("not_enough_due")
    toy.orders[number]["lines"][place]["sourced"].append((name, units))


def receive(toy: Toy, name: str, heap: Heap, units: int, damaged: int) -> None:
    """Units come: whoever has them by name first, the best rank first; too few left, the worst rank gives back."""
    supply = toy.supply[name]
    if supply["moves"] and not to_come(supply):
        raise Refused("inbound_closed")
    came = min(units, to_come(supply)) if supply["moves"] else 0
    since = toy.since[under_way(heap[0])] if came else None
    if came:
        toy.stock[under_way(heap[0])] -= came
    toy.add(heap, units - damaged, since)
    toy.add((heap[0], heap[1], "DAMAGED", heap[3]), damaged, since)
    supply["received"] += units
    good, fed = units - damaged, []
    for _, order, line in _by_rank(toy, name):
        given = min(good, _has(line, name))
        good -= given
        _less(line, name, given)
        line["holds"][heap] += given
        fed += [order] if given else []
    _give_back(toy, name)
    for order in {id(order): order for order in fed}.values():
        toy.settle(order)


def cancel(toy: Toy, name: str) -> None:
    """What is still to come does not; a transfer's units go back to their shelf."""
    supply = toy.supply[name]
    left = to_come(supply)
    if not left:
        raise Refused("inbound_closed")
    if supply["moves"]:
        _shift(toy, under_way(supply["sku"]), (supply["sku"], "W-01", "AVAILABLE", None), left)
    supply["cancelled"] += left
    _give_back(toy, name)


def shrink(toy: Toy, name: str, units: int) -> None:
    """Fewer units are announced than were."""
    supply = toy.supply[name]
    less = supply["quantity"] - units
    if supply["moves"]:
        _shift(toy, under_way(supply["sku"]), (supply["sku"], "W-01", "AVAILABLE", None), less)
    supply["quantity"] = units
    _give_back(toy, name)


def trim(toy: Toy) -> None:
    """No line has more by name than it lacks: what is due last is given back."""
    for _, line in toy.lines():
        over = -uncovered(line)
        for place in sorted(range(len(line["sourced"])), key=lambda p: _due(toy, line, p), reverse=True):
            name, units = line["sourced"][place]
            taken = max(0, min(over, units))
            line["sourced"][place] = (name, units - taken)
            over -= taken
        line["sourced"] = [one for one in line["sourced"] if one[1]]


def spared(toy: Toy, order: Order) -> bool:
    """All that the order lacks is sourced on supply of which the day has not passed."""
    dues = [toy.supply[name]["due"] for line in order["lines"] for name, _ in line["sourced"]]
    known = all(due is not None and due >= toy.clock.date() for due in dues)
    return known and not any(uncovered(line) for line in order["lines"])


def _shift(toy: Toy, heap: Heap, to: Heap, units: int) -> None:
    toy.stock[heap] -= units
    toy.add(to, units, toy.since[heap])


def _by_rank(toy: Toy, name: str) -> list[tuple[tuple[object, ...], Order, Line]]:
    found = [(rank(order, line), order, line) for order, line in toy.lines() if _has(line, name)]
    return sorted(found, key=lambda one: one[0])


def _has(line: Line, name: str) -> int:
    return sum(units for one, units in line["sourced"] if one == name)


def _less(line: Line, name: str, units: int) -> None:
    kept = []
    for one, has in line["sourced"]:
        taken = min(units, has) if one == name else 0
        units -= taken
        kept += [(one, has - taken)] if has > taken else []
    line["sourced"] = kept


def _give_back(toy: Toy, name: str) -> None:
    over = sourced(toy, name) - to_come(toy.supply[name])
    for _, _, line in reversed(_by_rank(toy, name)):
        taken = max(0, min(over, _has(line, name)))
        _less(line, name, taken)
        over -= taken


def _due(toy: Toy, line: Line, place: int) -> tuple[bool, date, int]:
    due = toy.supply[line["sourced"][place][0]]["due"]
    return (due is None, due or date.min, place)
