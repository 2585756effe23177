"""The dates that are kept: what is lacking, laid over what is to come, unit by unit."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from tests.judge.queues import Gate, queues, rank, usable
from tests.judge.tables import Row, Tables, short


def judge_dates(tables: Tables, day: date) -> Iterator[str]:
    """Where nothing waits to be looked at: each line is told the day of its last unit, or of its order's last."""
    unsettled = tables.marked | {(row["variant_id"], row["warehouse_id"]) for row in tables.rows["date_marks"]}
    own = {line: due for queue in _dated(tables, day) for line, due in queue.items()}
    kept = {row["line_id"]: row["due"] for row in tables.rows["expected_dates"]}
    for line in tables.lines.values():
        order = tables.lines_of[line["order_id"]] if line["ship_policy"] == "COMPLETE" else [line]
        together = [one for one in order if short(one) > 0]
        if short(line) <= 0 or any((one["variant_id"], one["warehouse_id"]) in unsettled for one in together):
            continue
        days = [own.get(one["line_id"]) for one in together]
        due = None if None in days else max(one for one in days if one)
        told = kept.get(line["line_id"])
        if (told if told != date.min else None) != (due if due != date.min else None):
            yield f"{tables.name(line)}: is told {told}, its last unit is due {due}"


def _dated(tables: Tables, day: date) -> Iterator[dict[int, date | None]]:
    """Give, queue by queue, the day of each line's last unit."""
    for gate, lines in queues(tables).items():
        yield _queue(tables, gate, lines, day)


def _queue(tables: Tables, gate: Gate, lines: list[Row], day: date) -> dict[int, date | None]:
    inbound = [row for row in tables.rows["inbound_lines"] if (row["variant_id"], row["warehouse_id"]) == gate]
    left = {
        row["inbound_line_id"]: max(0, row["quantity"] - row["cancelled"] - row["received"]) for row in inbound
    }
    days = {row["inbound_line_id"]: _counted_on(tables, row) for row in inbound}
    got: dict[int, list[date | None]] = defaultdict(list)
    for sourcing in tables.rows["sourcings"]:
        if sourcing["state"] == "OPEN" and sourcing["inbound_line_id"] in left:
            left[sourcing["inbound_line_id"]] -= sourcing["quantity"]
            got[sourcing["line_id"]] += [days[sourcing["inbound_line_id"]]] * sourcing["quantity"]
    units: list[date | None] = [date.min] * _free(tables, gate, day)
    for number in sorted(left, key=lambda one: (days[one] is None, days[one] or date.min, one)):
        units += [days[number]] * left[number]
    for line in sorted((line for line in lines if line["waiting"]), key=rank):
        wanted = short(line) - len(got[line["line_id"]])
        got[line["line_id"]] += units[:wanted]
        units = units[wanted:]
    return {
        line["line_id"]: None if None in mine else max(one for one in mine if one)
        for line in lines
        if (mine := got[line["line_id"]]) and len(mine) == short(line)
    }


def _counted_on(tables: Tables, inbound: Row) -> date | None:
    supplier = next((s for s in tables.rows["suppliers"] if s["supplier_id"] == inbound["supplier_id"]), None)
    margin = supplier["margin_days"] if supplier else None
    if margin is None:
        setting = [row for row in tables.rows["business_settings"] if row["name"] == "supplier_margin_days"]
        margin = setting[0]["value"] if setting else 0
    return inbound["due"] + timedelta(days=margin) if inbound["due"] else None


def _free(tables: Tables, gate: Gate, day: date) -> int:
    return sum(
        unit["quantity"] - unit["reserved"]
        for unit in tables.units.values()
        if (unit["variant_id"], unit["warehouse_id"]) == gate and usable(tables, unit, day)
    )
