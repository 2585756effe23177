"""The reports once more, from plain rows: the tables are read whole, and everything is counted in loops here.

It shares no statement and no code with the product.
"""

import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

WAITING = ("BACKORDERED", "PARTIALLY_ALLOCATED")
GROUPS = {"0-3": 3, "4-7": 7, "8-14": 14, "15-21": 21, "22-30": 30, "31-45": 45, "46+": 10**9}
Row = dict[str, Any]


class Naive:
    """The rows of some books, as they are."""

    def __init__(self, conninfo: str, *, warehouse: int | None = None) -> None:
        with psycopg.connect(conninfo) as connection:
            self.orders = {row["order_id"]: row for row in table(connection, "orders")}
            self.attempts = {row["attempt_id"]: row for row in table(connection, "attempts")}
            self.variants = {row["variant_id"]: row for row in table(connection, "variants")}
            events = sorted(table(connection, "fulfillment_events"), key=lambda row: row["event_id"])
        asked = [one for one, row in self.orders.items() if warehouse in (None, home(row))]
        self.events = [row for row in events if row["order_id"] in set(asked)]
        self.tries = [row for row in self.attempts.values() if row["order_id"] in set(asked)]

    def moves(self) -> Iterator[tuple[datetime, str, str]]:
        """Every change of a status, told by the statuses that came one after the other."""
        stands: dict[int, str] = {}
        for event in self.events:
            now = event["payload"].get("newStatus")
            if now and event["type"] not in ("order:backorder_resolved", "order:still_short"):
                yield event["occurred_at"], stands.get(event["order_id"], ""), now
                stands[event["order_id"]] = now

    def counts(self, since: datetime, until: datetime) -> dict[str, int]:
        """What happened between two moments, and how many waited and were on hold at each."""
        found: dict[str, int] = defaultdict(int)
        for at, before, now in self.moves():
            for name, statuses in (("waiting", WAITING), ("on_hold", ("ON_HOLD",))):
                step = (now in statuses) - (before in statuses)
                found[f"{name}_before"] += step if at < since else 0
                found[name] += step if at < until else 0
                if since <= at < until and step:
                    found[f"{name}_in" if step > 0 else f"{name}_out"] += 1
        for event in self.events:
            if since <= event["occurred_at"] < until:
                found[event["type"]] += 1
        return found

    def days_short(self, since: datetime, until: datetime) -> list[float]:
        """For how many days the orders had been short that were resolved between two moments."""
        short_since: dict[int, datetime] = {}
        found = []
        for event in self.events:
            order, kind = event["order_id"], event["type"]
            if kind in ("order:backordered", "order:partially_allocated"):
                short_since.setdefault(order, event["occurred_at"])
            if kind == "order:backorder_resolved":
                if since <= event["occurred_at"] < until:
                    found.append((event["occurred_at"] - short_since[order]).total_seconds() / 86400)
                del short_since[order]
        return found

    def short(self, at: datetime) -> dict[int, tuple[str, Sequence[Row]]]:
        """Each order that lacked something at a moment: its status then, and a row for each line that did."""
        stands: dict[int, str] = {}
        lacked: dict[int, Sequence[Row]] = {}
        for event in self.events:
            if event["occurred_at"] < at:
                order, payload = event["order_id"], event["payload"]
                stands[order] = payload.get("newStatus", stands.get(order, ""))
                if "shortItems" in payload:
                    lacked[order] = payload["shortItems"]
                elif event["attempt_id"]:
                    lacked[order] = self.attempts[event["attempt_id"]]["reasons"]
        return {
            order: (status, list({one["line"]: one for one in lacked.get(order, ())}.values()))
            for order, status in stands.items()
            if status in (*WAITING, "ON_HOLD")
        }

    def ages(self, at: datetime) -> dict[tuple[str, bool], tuple[int, int]]:
        """Orders and units by group of days and whether they were on hold."""
        found: dict[tuple[str, bool], list[int]] = defaultdict(list)
        for order, (status, lines) in self.short(at).items():
            days = (at - self.orders[order]["placed_at"]) // timedelta(days=1)
            group = next(name for name, last in GROUPS.items() if days <= last)
            found[group, status == "ON_HOLD"].append(sum(line["short"] for line in lines))
        return {key: (len(units), sum(units)) for key, units in found.items()}

    def skus(self, at: datetime) -> dict[str, tuple[int, int]]:
        """Orders and units by SKU, of those that waited."""
        orders: dict[str, set[int]] = defaultdict(set)
        units: dict[str, int] = defaultdict(int)
        for order, (status, lines) in self.short(at).items():
            for line in lines if status in WAITING else ():
                known = self.variants.get(line["variant"])
                sku = known["sku"] if known else line["sku"].strip()
                orders[sku].add(order)
                units[sku] += line["short"]
        return {sku: (len(found), units[sku]) for sku, found in orders.items()}

    def inflows(self, since: datetime, until: datetime) -> dict[str, tuple[int, int, int]]:
        """By source: orders unblocked, times one that waited was served, units given to it."""
        found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for event in self.events:
            if event["type"] == "order:backorder_resolved" and since <= event["occurred_at"] < until:
                for source in event["trigger_sources"]:
                    found[source][0] += 1
        for one in self.tries:
            if one["granted"] and one["before_status"] in WAITING and since <= one["as_of"] < until:
                for source in one["trigger_sources"]:
                    found[source][1] += 1
                    found[source][2] += one["granted"]
        return {source: (a, b, c) for source, (a, b, c) in found.items()}

    def hands(self, since: datetime, until: datetime) -> tuple[int, int, int]:
        """Orders resolved by an inflow, by a retry, and by another act of a person."""
        found = [0, 0, 0]
        for event in self.events:
            if event["type"] == "order:backorder_resolved" and since <= event["occurred_at"] < until:
                by_hand = any(one.split(":")[0] in ("manual", "run") for one in event["trigger_sources"])
                found[0 if not by_hand else 1 if event["attempt_id"] else 2] += 1
        return found[0], found[1], found[2]

    def first_shipments(self, since: datetime, until: datetime) -> tuple[int, int, int, int]:
        """Orders of which something went out for the first time, those that went whole, units wanted and sent."""
        roots: dict[int, Row] = {}
        for event in self.events:
            if event["type"] == "order:first_shipment":
                roots.setdefault(self.orders[event["order_id"]]["root_order_id"], event)
        found = [one["payload"] for one in roots.values() if since <= one["occurred_at"] < until]
        whole = sum(one["units"] == one["unitsWanted"] for one in found)
        return len(found), whole, sum(one["unitsWanted"] for one in found), sum(one["units"] for one in found)


def table(connection: psycopg.Connection[Any], name: str) -> list[Row]:
    """All rows of a table as they are."""
    cursor = connection.execute(f"SELECT * FROM {name}".encode())
    names = [column.name for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def home(order: Row) -> int:
    """The warehouse in which an order was placed."""
    return int(order["home_warehouse_id"] or order["warehouse_id"])


def begins(day: date, zone: str) -> datetime:
    """The moment at which a day begins."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def decile(days: list[float], part: float) -> float | None:
    """The value below which so big a part lies, between neighbours in proportion."""
    if len(days) < 2:
        return round(days[0], 2) if days else None
    return round(statistics.quantiles(days, n=1000, method="inclusive")[int(part * 1000) - 1], 2)
