"""An independent judge of the books: `python -m tests.judge.judge CONNINFO [DAY]`.

It shares no code and no statement with the program: it reads the tables as they are and verifies the laws in
plain Python, slowly and simply. It prints one line for each law, and what breaks it, and ends with 1 if one is
broken. DAY (default: the database's) decides which lots are still usable.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from tests.judge.dates import judge_dates
from tests.judge.queues import judge_grants, judge_lying, usable_place
from tests.judge.supply import judge_sourced, judge_sourcings, judge_supply, judge_under_way
from tests.judge.tables import Row, Tables, read, short

WAITING = ("PENDING", "CONFIRMED", "BACKORDERED", "PARTIALLY_ALLOCATED")
OPEN = (*WAITING, "ALLOCATED")
PICKED = ("PICKED", "PACKING", "PACKED")
FINISHED = ("SHIPPED", "CANCELLED")
SESSIONS = {
    "RECEIVING": ("receiving", "receipt"),
    "COUNT": ("cycle-count", "cycle count"),
    "RETURN": ("return", "customer return"),
}
MOST_SHOWN = 20


class Verdict(NamedTuple):
    """One line for each law, and what breaks those that are broken."""

    lines: list[str]
    broken: dict[str, list[str]]


def judge_units(tables: Tables, day: date) -> Iterator[str]:
    """Law 1."""
    held: Counter[int] = Counter()
    for allocation in tables.open:
        held[allocation["unit_id"]] += allocation["quantity"]
    for unit in tables.units.values():
        if not 0 <= unit["reserved"] <= unit["quantity"]:
            yield f"{tables.place(unit)}: {unit['reserved']} reserved of {unit['quantity']}"
        if unit["reserved"] != held[unit["unit_id"]]:
            yield f"{tables.place(unit)}: {unit['reserved']} reserved, allocations say {held[unit['unit_id']]}"


def judge_lines(tables: Tables, day: date) -> Iterator[str]:
    """Law 2."""
    held: Counter[int] = Counter()
    gone: Counter[int] = Counter()
    for allocation in tables.rows["allocations"]:
        counter = {"FULFILLED": gone, "RESERVED": held, "CONFIRMED": held}.get(allocation["state"])
        if counter is not None:
            counter[allocation["line_id"]] += allocation["quantity"]
    for line in tables.lines.values():
        if min(line["allocated"], line["fulfilled"], line["cancelled"], short(line)) < 0:
            yield f"{tables.name(line)}: has more than it asks for"
        if line["allocated"] != held[line["line_id"]]:
            yield f"{tables.name(line)}: {line['allocated']} allocated, allocations say {held[line['line_id']]}"
        if line["fulfilled"] != gone[line["line_id"]]:
            yield f"{tables.name(line)}: {line['fulfilled']} fulfilled, allocations say {gone[line['line_id']]}"


def judge_statuses(tables: Tables, day: date) -> Iterator[str]:
    """Law 3."""
    for order in tables.orders.values():
        lines, status = tables.lines_of[order["order_id"]], order["status"]
        full = all(short(line) == 0 for line in lines)
        holds = any(line["allocated"] for line in lines)
        remaining = any(line["quantity"] > line["fulfilled"] + line["cancelled"] for line in lines)
        if status in OPEN and (status == "ALLOCATED") != (full and holds):
            yield f"{order['number']} is {status}: full is {full}, holding units is {holds}"
        if status in ("BACKORDERED", "PARTIALLY_ALLOCATED") and (status == "BACKORDERED") == holds:
            yield f"{order['number']} is {status}: holding units is {holds}"
        if (status in FINISHED) == remaining and lines:
            yield f"{order['number']} is {status}: units remaining is {remaining}"
        if status in ("READY_TO_PICK", "PICKING", *PICKED) and not full:
            yield f"{order['number']} is {status} and short"
        if (status == "ON_HOLD") != (order["hold_kind"] is not None):
            yield f"{order['number']} is {status} with hold kind {order['hold_kind']}"


def judge_ledger(tables: Tables, day: date) -> Iterator[str]:
    """Law 4."""
    moved: Counter[int] = Counter()
    for movement in tables.rows["stock_movements"]:
        moved[movement["unit_id"]] += movement["delta"]
    for unit in tables.units.values():
        if unit["quantity"] != moved[unit["unit_id"]]:
            yield f"{tables.place(unit)}: {unit['quantity']} booked, the ledger says {moved[unit['unit_id']]}"


def judge_places(tables: Tables, day: date) -> Iterator[str]:
    """What is kept twice: the places in the queue."""
    priorities = {row["line_id"]: row["priority"] for row in tables.rows["backorders"] if not row["closed_at"]}
    for order in tables.orders.values():
        lines, whole = tables.lines_of[order["order_id"]], order["ship_policy"] == "COMPLETE"
        own = {
            line["line_id"]: priorities.get(line["line_id"]) or line["priority"] or order["priority"]
            for line in lines
        }
        for line in lines:
            should: Row = {
                name: order[name] for name in ("warehouse_id", "placed_at", "root_order_id", "ship_policy")
            }
            should["keeps_back"] = order["keeps_back"] and whole
            should["rank_priority"] = min(own.values()) if whole else own[line["line_id"]]
            should["waiting"] = line["variant_id"] is not None and short(line) > 0 and order["status"] in WAITING
            wrong = [f"{name} {line[name]} not {value}" for name, value in should.items() if line[name] != value]
            if wrong:
                yield f"{tables.name(line)}: {', '.join(wrong)}"


def judge_backorders(tables: Tables, day: date) -> Iterator[str]:
    """What is kept twice: one open record for each short line, none for a line with nothing remaining."""
    open_records = Counter(row["line_id"] for row in tables.rows["backorders"] if row["closed_at"] is None)
    for line in tables.lines.values():
        records = open_records[line["line_id"]]
        remaining = line["quantity"] - line["fulfilled"] - line["cancelled"]
        must = line["variant_id"] is not None and short(line) > 0
        if records > 1 or (must and not records) or (records and remaining <= 0):
            yield f"{tables.name(line)}: {records} open records, {remaining} remaining, {short(line)} short"


def judge_allocations(tables: Tables, day: date) -> Iterator[str]:
    """What is kept twice: where open allocations point to, and units picked for somebody."""
    for allocation in tables.open:
        line, unit = tables.lines[allocation["line_id"]], tables.units[allocation["unit_id"]]
        order = tables.orders[line["order_id"]]
        merchant = tables.variants[unit["variant_id"]]["merchant_id"]
        if (unit["variant_id"], unit["warehouse_id"], merchant) != (
            line["variant_id"],
            order["warehouse_id"],
            order["merchant_id"],
        ):
            yield f"{tables.name(line)}: holds {tables.place(unit)} of another variant, warehouse or merchant"
        if unit["status"] != ("PICKED" if order["status"] in PICKED else "AVAILABLE"):
            yield f"{tables.name(line)}: is {order['status']} and holds {tables.place(unit)}, {unit['status']}"
        # What came for a line by name may wait on the dock to be put away.
        if unit["status"] == "AVAILABLE" and not allocation["sourcing_id"] and not usable_place(tables, unit):
            yield f"{tables.name(line)}: holds {tables.place(unit)}, where nobody may take it"
        if order["status"] in FINISHED:
            yield f"{tables.name(line)}: is {order['status']} and still holds {tables.place(unit)}"
    for unit in tables.units.values():
        if unit["status"] == "PICKED" and unit["reserved"] != unit["quantity"]:
            yield f"{tables.place(unit)}: {unit['quantity']} picked, {unit['reserved']} of them for somebody"


def judge_twice(tables: Tables, day: date) -> Iterator[str]:
    """Law 8, as far as the tables show it: no number given twice, and sessions applied exactly once."""
    for name, table, key in (
        ("order number", "orders", ("merchant_id", "number")),
        ("backorder number", "backorders", ("number",)),
        ("session", "stock_sessions", ("kind", "reference")),
    ):
        counted = Counter(tuple(row[column] for column in key) for row in tables.rows[table])
        yield from (f"{name} {value} was given {times} times" for value, times in counted.items() if times > 1)
    yield from judge_sessions(tables)


def judge_sessions(tables: Tables) -> Iterator[str]:
    """What an approved session moved is exactly its figures; any other session moved nothing."""
    moved: Counter[tuple[str, str, int]] = Counter()
    for movement in tables.rows["stock_movements"]:
        variant = tables.units[movement["unit_id"]]["variant_id"]
        moved[movement["trigger_source"], movement["reason"], variant] += movement["delta"]
    figures: dict[int, Counter[int]] = {row["session_id"]: Counter() for row in tables.rows["stock_sessions"]}
    for line in tables.rows["stock_session_lines"]:
        if not line["superseded"]:
            figures[line["session_id"]][line["variant_id"]] += line["quantity"] - (line["booked"] or 0)
    for session in tables.rows["stock_sessions"]:
        if (session["status"] == "APPROVED") != (session["result"] is not None):
            yield f"{session['kind']} {session['reference']}: {session['status']}, result {session['result']}"
        source, reason = SESSIONS[session["kind"]]
        for variant, units in figures[session["session_id"]].items():
            should = units if session["status"] == "APPROVED" else 0
            did = moved[f"{source}:{session['reference']}", reason, variant]
            if did != should:
                sku = tables.variants[variant]["sku"]
                yield f"{session['kind']} {session['reference']}: {should} of {sku} by its figures, {did} moved"


JUDGES: dict[str, tuple[str, Callable[[Tables, date], Iterator[str]]]] = {
    "1": ("reserved within quantity and equal to the open allocations", judge_units),
    "2": ("lines not overfilled and equal to their allocations", judge_lines),
    "3": ("statuses follow from lines", judge_statuses),
    "4": ("the ledger's sum is the stock", judge_ledger),
    "5": ("nobody was overtaken", judge_grants),
    "6": ("nothing was left lying", judge_lying),
    "8": ("nothing was done twice", judge_twice),
    "places": ("queue places follow from orders", judge_places),
    "backorders": ("one open record for each short line", judge_backorders),
    "dates": ("expected dates follow from demand and supply", judge_dates),
    "allocations": ("allocations point to the right units", judge_allocations),
    "sourced": ("lines have sourced what their sourcings say", judge_sourced),
    "supply": ("what is due agrees with its sourcings and deliveries", judge_supply),
    "under way": ("what left and has not come is under way", judge_under_way),
    "sourcings": ("sourcings point to the right supply", judge_sourcings),
}


def judge(conninfo: str, day: date | None = None) -> Verdict:
    """Verify all laws that can be seen in the tables."""
    tables = read(conninfo)
    day = day or tables.today
    faults = {law: list(verify(tables, day)) for law, (_, verify) in JUDGES.items()}
    faults["7"] = faults["5"] + faults["6"]
    pending = f"{len(tables.rows['marks'])} marks pending"
    titles = {law: title for law, (title, _) in JUDGES.items()} | {
        "7": f"no trigger was lost (5 and 6; {pending})"
    }
    lines = [f"law {law}: {'BROKEN' if faults[law] else 'kept'}, {titles[law]}" for law in sorted(titles)]
    lines.append("law 9: not visible in the tables")
    return Verdict(lines, {law: found for law, found in faults.items() if found})


def main(arguments: list[str]) -> int:
    """Judge the books at the address that is given."""
    if len(arguments) not in (1, 2):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    verdict = judge(arguments[0], date.fromisoformat(arguments[1]) if len(arguments) == 2 else None)
    said = [*verdict.lines]
    for law, found in verdict.broken.items():
        said += [f"  {law}: {fault}" for fault in found[:MOST_SHOWN]]
        said += [f"  {law}: and {len(found) - MOST_SHOWN} more"] if len(found) > MOST_SHOWN else []
    sys.stdout.write("\n".join(said) + "\n")
    return 1 if verdict.broken else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
