"""What could be sent instead of what an order lacks, and what other warehouses could send: looked at, not done."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from makegood.domain.orders import LineRow, OrderRow
from makegood.domain.splits import SPLITTABLE
from makegood.domain.states import EDITABLE
from makegood.services.alternatives.choices import alternatives_of, choices
from makegood.services.network.find_help import find_help, share_out
from makegood.services.work import Work


class Substitute(NamedTuple):
    """`units` of another SKU that could be sent for `replaced` units of a line."""

    sku: str
    units: int
    replaced: int
    needs_consent: bool


class WaysOut(NamedTuple):
    """By line: substitutes that are there for it now, and units that other warehouses could send, by code."""

    substitutes: Mapping[int, Sequence[Substitute]]
    elsewhere: Mapping[int, Mapping[str, int]]


def find_ways_out(work: Work, order: OrderRow, lines: Sequence[LineRow]) -> WaysOut:
    """Find what would help an order if it were done now; nothing is held, so by then it may have changed."""
    return WaysOut(_substitutes(work, order, lines), _elsewhere(work, order, lines))


def _substitutes(work: Work, order: OrderRow, lines: Sequence[LineRow]) -> dict[int, list[Substitute]]:
    found = alternatives_of(work, lines) if order.status in EDITABLE else {}
    if not found:
        return {}
    chosen = choices(work, order, lines, found, consented=True).chosen
    skus = dict(work.db.all("skus_of", variants=sorted({one.alternative.substitute_id for one in chosen})))
    offered: dict[int, list[Substitute]] = {}
    for one in chosen:
        sku = skus[one.alternative.substitute_id]
        substitute = Substitute(sku, one.units, one.replaced, one.alternative.needs_consent)
        offered.setdefault(one.line_id, []).append(substitute)
    return offered


def _elsewhere(work: Work, order: OrderRow, lines: Sequence[LineRow]) -> dict[int, dict[str, int]]:
    if order.status not in SPLITTABLE:
        return {}
    help_ = find_help(work, order, lines)
    offered: dict[int, dict[str, int]] = {}
    for part in share_out(work, order, lines, help_):
        offered.setdefault(part.line_id, {})[help_.codes[part.warehouse_id]] = part.units
    return offered
