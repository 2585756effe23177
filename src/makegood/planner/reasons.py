"""Why a line is still short, as stated facts and as one plain sentence each (docs/concepts/why-not.md).

The most telling cause comes first: a check that is still to come makes everything else provisional; then what
the queue did with units that are there; then units that lie where nobody can have them; then that there is
nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from makegood.domain.reasons import Ahead, Reason, ReasonCode, StockFacts
from makegood.domain.states import HoldKind, ShipPolicy
from makegood.planner.book import Short


class _Seen(NamedTuple):
    """What stood there for a line: at its turn, or by the facts of the day when it had none."""

    spare: int
    kept_back: int
    kept_for: Sequence[object]
    ahead: Ahead | None


def why_short(
    short: Short | None,
    *,
    wanted: int,
    facts: StockFacts,
    policy: ShipPolicy,
    short_lines: Sequence[int] = (),
    ahead: Ahead | None = None,
) -> list[Reason]:
    """Give at least one reason why `wanted` units are still lacking, the most telling first.

    `short` is what the plan saw at the line's turn, None when it had none; `short_lines` are the numbers of
    the order's lines that keep it from being complete (`lacking_lines`); `ahead` names the queue where the
    caller read it, else the orders served in this plan stand for it.
    """
    seen = _seen(short, facts, policy, ahead)
    could_be_whole = policy is ShipPolicy.COMPLETE and seen.spare >= wanted
    queue = [*_waiting(could_be_whole, short_lines, facts.went_to), *_queued(seen)]
    elsewhere = [] if could_be_whole else list(_out_of_reach(facts))
    unlooked = short is None and policy is ShipPolicy.PARTIAL and seen.spare > 0
    reasons = [Reason(code=ReasonCode.CHECK_PENDING)] if facts.check_pending or unlooked else []
    reasons += [*queue, *elsewhere]
    if not could_be_whole and not unlooked and not any(_queued(seen)):
        reasons.append(Reason(code=ReasonCode.NO_STOCK, facts={"wanted": wanted, "free": seen.spare}))
    return reasons


def lacking_lines(shorts: Mapping[int, Short]) -> list[int]:
    """Give the numbers of a complete order's lines for whose variant there is too little, by line number.

    Two lines of one variant need the sum.
    """
    wants: dict[int, int] = {}
    for short in shorts.values():
        wants[short.variant_id] = wants.get(short.variant_id, 0) + short.units
    return sorted(number for number, short in shorts.items() if wants[short.variant_id] > short.spare)


def _seen(short: Short | None, facts: StockFacts, policy: ShipPolicy, ahead: Ahead | None) -> _Seen:
    if short is None:
        return _Seen(max(facts.free - facts.kept_back, 0), facts.kept_back, facts.kept_for, ahead)
    if ahead is None and short.orders_served:
        ahead = Ahead(orders=short.orders_served, units=short.units_served)
    # A line that takes what there is has taken it by now.
    spare = 0 if policy is ShipPolicy.PARTIAL else short.spare
    return _Seen(spare, short.kept_back, short.kept_for, ahead)


def _waiting(could_be_whole: bool, short_lines: Sequence[int], went_to: Mapping[str, int]) -> Iterator[Reason]:
    if could_be_whole or went_to:
        meanwhile = {"went_to": dict(went_to)} if went_to else {}
        yield Reason(code=ReasonCode.WAITING_FOR_COMPLETE, facts={"lines": list(short_lines), **meanwhile})


def _queued(seen: _Seen) -> Iterator[Reason]:
    if seen.kept_back:
        kept = {"units": seen.kept_back, "for": list(seen.kept_for)}
        yield Reason(code=ReasonCode.KEPT_BACK, facts=kept)
    if seen.ahead is not None and seen.ahead.orders:
        facts: dict[str, object] = {"orders": seen.ahead.orders, "units": seen.ahead.units}
        if seen.ahead.next_order is not None:
            facts["next"] = seen.ahead.next_order
        yield Reason(code=ReasonCode.AHEAD_IN_QUEUE, facts=facts)


def _out_of_reach(facts: StockFacts) -> Iterator[Reason]:
    if facts.not_pickable:
        where = {"units": facts.not_pickable, "places": dict(facts.places)}
        yield Reason(code=ReasonCode.STOCK_NOT_PICKABLE, facts=where)
    if facts.quarantined:
        yield Reason(code=ReasonCode.STOCK_QUARANTINED, facts={"units": facts.quarantined})
    if facts.elsewhere:
        yield Reason(code=ReasonCode.OTHER_WAREHOUSE_ONLY, facts={"warehouses": dict(facts.elsewhere)})
    if facts.expired:
        yield Reason(code=ReasonCode.STOCK_EXPIRED, facts={"units": facts.expired})


def sentence(reason: Reason) -> str:
    """Say the reason in one sentence that a warehouse manager understands.

    >>> sentence(Reason(code=ReasonCode.NO_STOCK, facts={"wanted": 5, "free": 2}))
    '5 units are wanted and 2 are free.'
    """
    return SENTENCES[reason.code](reason.facts)


Facts = Mapping[str, object]


def _no_stock(facts: Facts) -> str:
    free = facts.get("free") or "none"
    return f"{_units(facts.get('wanted'))} wanted and {free} {'is' if free in (1, 'none') else 'are'} free."


def _not_pickable(facts: Facts) -> str:
    places = _named(facts.get("places"))
    return f"{_units(facts.get('units'))} where nothing can be picked{': ' if places else ''}{places}."


def _ahead(facts: Facts) -> str:
    orders = facts.get("orders")
    who = "1 order is" if orders == 1 else f"{orders} orders are"
    following = f"; order {facts['next']} is next" if facts.get("next") else ""
    return f"{who} ahead in the queue, with {_counted(facts.get('units'), 'unit')}{following}."


def _kept_back(facts: Facts) -> str:
    orders = _list(facts.get("for"))
    whom = f"{'order' if len(orders) == 1 else 'orders'} {_and(orders)}" if orders else "orders"
    return f"{_units(facts.get('units'))} kept back for {whom}, to ship complete."


def _complete(facts: Facts) -> str:
    lines = _list(facts.get("lines"))
    what = f"{'line' if len(lines) == 1 else 'lines'} {_and(lines)}" if lines else "the rest of it"
    went_to = _named(facts.get("went_to"))
    meanwhile = f"; meanwhile units went to {went_to}" if went_to else ""
    return f"The order ships complete and waits for {what}{meanwhile}."


def _on_hold(facts: Facts) -> str:
    if facts.get("kind") == HoldKind.UNMATCHED:
        return "The order is on hold until every line of it is matched."
    kind = f" ({facts['kind']})" if facts.get("kind") else ""
    because = f": {facts['reason']}" if facts.get("reason") else ""
    return f"The order is on hold{kind}{because}".rstrip(".") + "."


SENTENCES: Mapping[ReasonCode, Callable[[Facts], str]] = {
    ReasonCode.NO_STOCK: _no_stock,
    ReasonCode.STOCK_NOT_PICKABLE: _not_pickable,
    ReasonCode.STOCK_EXPIRED: lambda facts: f"{_units(facts.get('units'))} expired or too close to it.",
    ReasonCode.STOCK_QUARANTINED: lambda facts: f"{_units(facts.get('units'))} in quarantine.",
    ReasonCode.OTHER_WAREHOUSE_ONLY: lambda facts: (
        f"Only other warehouses have it: {_named(facts.get('warehouses'))}."
    ),
    ReasonCode.AHEAD_IN_QUEUE: _ahead,
    ReasonCode.KEPT_BACK: _kept_back,
    ReasonCode.WAITING_FOR_COMPLETE: _complete,
    ReasonCode.UNMATCHED: lambda facts: f"No variant matches “{facts.get('text')}”.",
    ReasonCode.ON_HOLD: _on_hold,
    ReasonCode.CHECK_PENDING: lambda _: "Something has changed and the queue is about to be checked.",
}


def _units(count: object) -> str:
    return f"{_counted(count, 'unit')} {'is' if count == 1 else 'are'}"


def _counted(count: object, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _named(units: object) -> str:
    if not isinstance(units, Mapping):
        return ""
    return _and([f"{name} ({count})" for name, count in units.items()])


def _list(found: object) -> list[str]:
    return [str(each) for each in found] if isinstance(found, list | tuple) else []


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
