"""Laws 5 and 6: who was granted units past whom, and who could take units that lie free."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from tests.judge.tables import Row, Tables, short

Gate = tuple[int, int]


def rank(line: Row) -> tuple[object, ...]:
    """The total order of service."""
    return tuple(
        line[name]
        for name in (
            "rank_priority",
            "placed_at",
            "root_order_id",
            "root_line_number",
            "order_id",
            "line_number",
        )
    )


def rule(tables: Tables, line: Row) -> str:
    """The ship policy that counts: where no backorders are taken every order ships complete."""
    takes = tables.warehouses[line["warehouse_id"]]["allow_backorders"]
    return str(line["ship_policy"]) if takes else "COMPLETE"


def judge_grants(tables: Tables, day: date) -> Iterator[str]:
    """Law 5: a grant that came later than the turn since which a better ranked PARTIAL line waits, still short."""
    last_grant: dict[int, int] = {}
    for allocation in tables.rows["allocations"]:
        line = tables.lines[allocation["line_id"]]
        # What a line was granted before it came to its present rank says nothing about that rank.
        exempt = allocation["forced"] or allocation["sourcing_id"]
        if not exempt and allocation["turn"] >= line["waits_since_turn"]:
            last_grant[line["line_id"]] = max(allocation["turn"], last_grant.get(line["line_id"], 0))
    for queue in queues(tables).values():
        ahead: Row | None = None
        for line in sorted(queue, key=rank):
            turn = last_grant.get(line["line_id"], 0)
            if ahead is not None and turn > ahead["waits_since_turn"]:
                yield f"{tables.name(line)} was granted in turn {turn}, past {tables.name(ahead)}"
            longest = ahead is None or line["waits_since_turn"] < ahead["waits_since_turn"]
            if longest and line["waiting"] and short(line) > 0 and rule(tables, line) == "PARTIAL":
                ahead = line if line["order_id"] not in tables.set_aside else ahead


def queues(tables: Tables) -> dict[Gate, list[Row]]:
    """All matched lines by variant and warehouse."""
    found: dict[Gate, list[Row]] = defaultdict(list)
    for line in tables.lines.values():
        if line["variant_id"] is not None:
            found[line["variant_id"], line["warehouse_id"]].append(line)
    return found


def judge_lying(tables: Tables, day: date) -> Iterator[str]:
    """Law 6: walk down the rank with what is free, and name whoever could take of it.

    Queues with a pending mark are left out; a COMPLETE order that needs one takes nothing, and keeps back what
    it keeps back.
    """
    free = free_units(tables, day)
    for turn in sorted(turns(tables), key=lambda turn: rank(turn[0])):
        order = tables.orders[turn[0]["order_id"]]
        took = taken(tables, turn, order, free)
        for line, units in zip(turn, took, strict=True):
            gate = line["variant_id"], line["warehouse_id"]
            if units:
                yield f"{tables.name(line)} could take {units} of {free[gate]} free units"
                free[gate] -= units
        if order["keeps_back"] and order["ship_policy"] == "COMPLETE" and not any(took):
            for line in turn:
                gate = line["variant_id"], line["warehouse_id"]
                free[gate] = max(0, free.get(gate, 0) - short(line))


def turns(tables: Tables) -> Iterator[list[Row]]:
    """Lines that are decided together, best ranked first; a COMPLETE order has one turn."""
    for lines in tables.lines_of.values():
        served = [line for line in lines if line["order_id"] not in tables.set_aside]
        waiting = sorted((line for line in served if line["waiting"] and short(line) > 0), key=rank)
        if waiting and rule(tables, waiting[0]) == "COMPLETE":
            yield waiting
        else:
            yield from ([line] for line in waiting)


def taken(tables: Tables, turn: list[Row], order: Row, free: dict[Gate, int]) -> list[int]:
    """What the lines of a turn could take under their policy."""
    policy = rule(tables, turn[0])
    if policy == "PARTIAL":
        return [min(short(line), free.get((line["variant_id"], line["warehouse_id"]), 0)) for line in turn]
    wanted: dict[Gate, int] = defaultdict(int)
    for line in turn:
        wanted[line["variant_id"], line["warehouse_id"]] += short(line)
    unmatched = policy == "COMPLETE" and any(
        line["variant_id"] is None and short(line) > 0 for line in tables.lines_of[order["order_id"]]
    )
    enough = not unmatched and all(free.get(gate, 0) >= units for gate, units in wanted.items())
    return [short(line) if enough else 0 for line in turn]


def free_units(tables: Tables, day: date) -> dict[Gate, int]:
    """What is free by the one definition, of queues without a pending mark."""
    free: dict[Gate, int] = defaultdict(int)
    for unit in tables.units.values():
        gate = unit["variant_id"], unit["warehouse_id"]
        if gate not in tables.marked and usable(tables, unit, day):
            free[gate] += unit["quantity"] - unit["reserved"]
    return free


def usable(tables: Tables, unit: Row, day: date) -> bool:
    """AVAILABLE, in an active and pickable location, neither expired nor short-dated."""
    kept = timedelta(days=tables.variants[unit["variant_id"]]["min_shelf_life_days"])
    fresh = unit["expires_on"] is None or unit["expires_on"] - kept >= day
    return unit["status"] == "AVAILABLE" and usable_place(tables, unit) and fresh


def usable_place(tables: Tables, unit: Row) -> bool:
    """In an active and pickable location."""
    location = tables.locations[unit["location_id"]]
    return bool(location["is_pickable"] and location["active"])
