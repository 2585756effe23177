"""Supply that is due: what is reserved on it, what came of it, what is under way."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from tests.judge.tables import Row, Tables, short

EDITABLE = ("PENDING", "CONFIRMED", "BACKORDERED", "PARTIALLY_ALLOCATED", "ALLOCATED", "ON_HOLD")


def to_come(row: Row) -> int:
    """What is still to come of an inbound line."""
    return max(0, int(row["quantity"] - row["cancelled"] - row["received"]))


def name(row: Row) -> str:
    """Name an inbound line as a person would."""
    return f"{row['reference']}/{row['line_number']}"


def judge_sourced(tables: Tables, day: date) -> Iterator[str]:
    """What lines have sourced is what their open sourcings say, and no more than they lack."""
    held = _units(tables, "line_id", "OPEN")
    for line in tables.lines.values():
        has = held[line["line_id"]]
        if line["sourced"] != has or not 0 <= has <= max(0, short(line)):
            yield f"{tables.name(line)}: {line['sourced']} sourced, sourcings say {has}, {short(line)} short"


def judge_supply(tables: Tables, day: date) -> Iterator[str]:
    """What inbound lines say of themselves is what sourcings and deliveries say."""
    held, went = _units(tables, "inbound_line_id", "OPEN"), _units(tables, "inbound_line_id", "RECEIVED")
    came = _came(tables)
    for key, row in tables.inbound.items():
        if row["sourced"] != held[key] or not 0 <= held[key] <= to_come(row):
            yield f"{name(row)}: {row['sourced']} sourced, sourcings say {held[key]}, {to_come(row)} to come"
        if row["received"] != came[key]:
            yield f"{name(row)}: {row['received']} received, deliveries say {came[key]}"
        if not went[key] <= row["given"] <= row["received"]:
            yield f"{name(row)}: {row['given']} given of {row['received']} received"
        if (row["closed_at"] is None) != (to_come(row) > 0):
            yield f"{name(row)}: {to_come(row)} to come, closed at {row['closed_at']}"


def judge_under_way(tables: Tables, day: date) -> Iterator[str]:
    """Units are conserved on their way: what left and has not come stands in the books as in transit."""
    by_transfer: Counter[int] = Counter()
    by_unit: Counter[int] = Counter()
    for row in tables.rows["transfer_loads"]:
        by_transfer[row["inbound_line_id"]] += row["quantity"]
        by_unit[row["unit_id"]] += row["quantity"]
    for row in tables.inbound.values():
        should = to_come(row) if row["kind"] == "TRANSFER" else 0
        if by_transfer[row["inbound_line_id"]] != should:
            yield f"{name(row)}: {should} to come, {by_transfer[row['inbound_line_id']]} under way"
    for unit in tables.units.values():
        should = unit["quantity"] if unit["status"] == "IN_TRANSIT" else 0
        if by_unit[unit["unit_id"]] != should:
            yield f"{tables.place(unit)}: {should} in transit, transfers say {by_unit[unit['unit_id']]}"


def judge_sourcings(tables: Tables, day: date) -> Iterator[str]:
    """Where open sourcings point to."""
    for row in tables.rows["sourcings"]:
        line, inbound = tables.lines[row["line_id"]], tables.inbound[row["inbound_line_id"]]
        order = tables.orders[line["order_id"]]
        fits = (inbound["variant_id"], inbound["warehouse_id"], inbound["merchant_id"]) == (
            line["variant_id"],
            order["warehouse_id"],
            order["merchant_id"],
        )
        if row["state"] == "OPEN" and not (fits and order["status"] in EDITABLE):
            yield f"{tables.name(line)}: is {order['status']} and has {row['quantity']} of {name(inbound)} by name"


def _came(tables: Tables) -> Counter[int]:
    approved = {row["session_id"] for row in tables.rows["stock_sessions"] if row["status"] == "APPROVED"}
    came: Counter[int] = Counter()
    for line in tables.rows["stock_session_lines"]:
        if line["inbound_line_id"] and not line["superseded"] and line["session_id"] in approved:
            came[line["inbound_line_id"]] += line["quantity"]
    return came


def _units(tables: Tables, key: str, state: str) -> Counter[int]:
    units: Counter[int] = Counter()
    for row in tables.rows["sourcings"]:
        if row["state"] == state:
            units[row[key]] += row["quantity"]
    return units
