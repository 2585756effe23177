"""A toy warehouse in plain dictionaries that says what each deed must come to.

It knows the rules (docs/concepts), not the program: one queue in one rank, served from the top with whatever is
free. A heap of stock is (SKU, bin, status, expiry date); what a line has reserved is kept by heap.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

Heap = tuple[str, str, str, date | None]
Line = dict[str, Any]
Order = dict[str, Any]

WAITING = ("PENDING", "CONFIRMED", "BACKORDERED", "PARTIALLY_ALLOCATED")
EDITABLE = (*WAITING, "ALLOCATED", "ON_HOLD")
URGENCY = {"EXPRESS": 10, "RUSH": 20, "STANDARD": 30, "LOW": 40}
MATCHES = ("MUG", "LID", "EGG")
BINS = {"A-01": 1, "A-02": 2, "DOCK": 0}
REVIEW = timedelta(days=30)


class Refused(Exception):
    """The rules do not allow it; the code says why."""


def lacks(line: Line) -> int:
    """Units of a line that are neither reserved, gone out nor cancelled."""
    return int(line["quantity"] - line["cancelled"] - line["fulfilled"] - held(line))


def held(line: Line) -> int:
    """Units that are reserved for a line."""
    return sum(line["holds"].values())


class Toy:
    """The rules of stock and of the queue."""

    def __init__(self, clock: datetime) -> None:
        self.clock = clock
        self.bins = {code: {"is_pickable": code != "DOCK", "active": True} for code in BINS}
        self.keeps = dict.fromkeys(MATCHES, 0)
        self.stock: dict[Heap, int] = {}
        self.since: dict[Heap, datetime] = {}
        self.orders: dict[str, Order] = {}
        self.supply: dict[str, dict[str, Any]] = {}
        # Lines of which only the sum is told by the rules, not the heap that their units stand on.
        self.unsure: list[Line] = []

    def usable(self, heap: Heap) -> bool:
        """Tell whether what lies there can be given out today."""
        sku, bin, status, expires = heap
        fresh = expires is None or expires - timedelta(days=self.keeps[sku]) >= self.clock.date()
        # What lies in another warehouse serves nobody here.
        return status == "AVAILABLE" and bin in self.bins and all(self.bins[bin].values()) and fresh

    def reserved(self, heap: Heap) -> int:
        """Units of a heap that are reserved for somebody."""
        return sum(line["holds"][heap] for _, line in self.lines())

    def lines(self) -> Iterator[tuple[Order, Line]]:
        """All lines with their orders."""
        for order in self.orders.values():
            for line in order["lines"]:
                yield order, line

    # ── the queue ──────────────────────────────────────────────────────────────────────────────────────────

    def serve(self) -> None:
        """Walk down the rank once with what is free; whoever was given something comes to a new status."""
        free = {heap: units - self.reserved(heap) for heap, units in self.stock.items() if self.usable(heap)}
        spare: dict[str, int] = defaultdict(int)
        for heap, units in free.items():
            spare[heap[0]] += units
        turns = [turn for order in self.orders.values() if order["status"] in WAITING for turn in _turns(order)]
        for _, order, lines in sorted(turns, key=lambda turn: turn[0]):
            given = _share(order, lines, spare)
            for line, units in zip(lines, given, strict=True):
                spare[line["sku"]] -= units
                self._take(line, units, free)
            if any(given):
                self.come_to(order, outcome(order))
            elif order["policy"] == "COMPLETE" and order["keeps_back"]:
                for line in lines:
                    spare[line["sku"]] = max(0, spare[line["sku"]] - lacks(line))

    def _take(self, line: Line, units: int, free: dict[Heap, int]) -> None:
        """Take units: earliest expiry first and none last, then first in, then the walk through the bins."""
        heaps = [heap for heap in free if heap[0] == line["sku"]]
        for heap in sorted(heaps, key=lambda h: (h[3] is None, h[3] or date.min, self.since[h], BINS[h[1]])):
            taken = min(units, free[heap])
            free[heap] -= taken
            line["holds"][heap] += taken
            units -= taken

    def come_to(self, order: Order, to: tuple[str, str | None]) -> None:
        """Give an order a status, and note since when it has been short."""
        order["status"], order["kind"] = to
        if to[0] in ("BACKORDERED", "PARTIALLY_ALLOCATED"):
            order["since"] = order["since"] or self.clock
        elif to[0] != "ON_HOLD":
            order["since"] = None

    def settle(self, order: Order, to: tuple[str, str | None] | None = None) -> None:
        """Give a changed order the status that follows from its lines."""
        if order["policy"] == "COMPLETE" and any(lacks(line) for line in order["lines"]):
            for line in order["lines"]:
                line["holds"].clear()
        if all(line["fulfilled"] + line["cancelled"] == line["quantity"] for line in order["lines"]):
            gone = any(line["fulfilled"] for line in order["lines"])
            return self.come_to(order, ("SHIPPED" if gone else "CANCELLED", None))
        if to is None and order["status"] == "ON_HOLD" and (order["kind"] != "UNMATCHED" or unmatched(order)):
            return None
        if to is None and order["status"] not in EDITABLE and not any(lacks(line) for line in order["lines"]):
            return None
        return self.come_to(order, to or outcome(order))

    # ── stock ──────────────────────────────────────────────────────────────────────────────────────────────

    def add(self, heap: Heap, units: int, since: datetime | None = None) -> None:
        """Add units to a heap; what has lain there longer decides on its age."""
        if units:
            came = since or self.clock
            self.since[heap] = min(came, self.since[heap]) if self.stock.get(heap) else came
            self.stock[heap] = self.stock.get(heap, 0) + units

    def lose(self, heap: Heap, units: int) -> None:
        """Take units off a heap; free ones go first."""
        if self.stock.get(heap, 0) < units:
            raise Refused("not_enough")
        self.free(heap, units - (self.stock[heap] - self.reserved(heap)))
        self.stock[heap] -= units

    def free(self, heap: Heap, units: int) -> None:
        """Free reservations on a heap, the worst rank first."""
        hit = []
        holders = [(rank(order, line), order, line) for order, line in self.lines() if line["holds"][heap]]
        for _, order, line in sorted(holders, key=lambda one: one[0], reverse=True):
            if units > 0:
                taken = min(units, line["holds"][heap])
                line["holds"][heap] -= taken
                units -= taken
                hit.append(order)
        for order in {id(order): order for order in hit}.values():
            self.settle(order)

    def carry(self, heap: Heap, to: Heap, units: int) -> None:
        """Carry units to another heap; reservations go along where that can be given out, else they are freed."""
        if self.stock.get(heap, 0) < units:
            raise Refused("not_enough")
        along = max(0, units - (self.stock[heap] - self.reserved(heap)))
        since = self.since[heap]
        if self.usable(to):
            for _, line in self.lines():
                moved = min(along, line["holds"][heap])
                if line["holds"][heap]:
                    self.unsure.append(line)
                line["holds"][heap] -= moved
                line["holds"][to] += moved
                along -= moved
        else:
            self.free(heap, along)
        self.stock[heap] -= units
        self.add(to, units, since)

    def free_unusable(self, *, sku: str = "", bin: str = "") -> None:
        """Nobody keeps a reservation on what cannot be given out any more."""
        for heap in list(self.stock):
            if heap[2] == "AVAILABLE" and (heap[0] == sku or heap[1] == bin) and not self.usable(heap):
                self.free(heap, self.reserved(heap))


def rank(order: Order, line: Line) -> tuple[object, ...]:
    """Who is served first: the smallest."""
    return (URGENCY[order["priority"]], order["placed"], order["serial"], line["number"])


def _turns(order: Order) -> Iterator[tuple[tuple[object, ...], Order, list[Line]]]:
    """Lines that are decided together: those of a COMPLETE order, else each alone."""
    short = [line for line in order["lines"] if line["sku"] and lacks(line)]
    if order["policy"] == "COMPLETE" and short:
        yield min(rank(order, line) for line in short), order, short
    elif order["policy"] != "COMPLETE":
        yield from ((rank(order, line), order, [line]) for line in short)


def _share(order: Order, lines: list[Line], spare: dict[str, int]) -> list[int]:
    """Give what the lines of a turn may take of what is spare."""
    if order["policy"] == "PARTIAL":
        return [min(lacks(line), spare[line["sku"]]) for line in lines]
    wanted: dict[str, int] = defaultdict(int)
    for line in lines:
        wanted[line["sku"]] += lacks(line)
    whole = order["policy"] != "COMPLETE" or not unmatched(order)
    enough = whole and all(spare[sku] >= units for sku, units in wanted.items())
    return [lacks(line) if enough else 0 for line in lines]


def unmatched(order: Order) -> bool:
    """Tell whether a line that is still wanted points to no variant."""
    return any(line["sku"] is None and lacks(line) for line in order["lines"])


def outcome(order: Order) -> tuple[str, str | None]:
    """The four rows of the table: what is reserved, and what is missing, per line."""
    reserved = any(held(line) for line in order["lines"])
    if unmatched(order) and not reserved:
        return "ON_HOLD", "UNMATCHED"
    if not reserved:
        return "BACKORDERED", None
    if any(lacks(line) for line in order["lines"]):
        return "PARTIALLY_ALLOCATED", None
    return "ALLOCATED", None
