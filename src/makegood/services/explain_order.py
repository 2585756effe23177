"""Explain, from the books as they stand, why an order does not have what it wants."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from makegood.domain.catalogue import UnitStatus
from makegood.domain.explanation import Action, Explanation, LineExplanation, NextInbound, Verb
from makegood.domain.orders import LineRow, OrderRow
from makegood.domain.reasons import Ahead, Reason, ReasonCode, StockFacts
from makegood.domain.splits import SPLITTABLE, SplitMode
from makegood.domain.states import OPEN_TO_ALLOCATION, HoldKind, OrderStatus, ShipPolicy
from makegood.planner.reasons import sentence, why_short
from makegood.services.find_ways_out import WaysOut, find_ways_out
from makegood.services.gates import find_order
from makegood.services.sourcings import open_sourcings
from makegood.services.stock_facts import stock_facts
from makegood.services.work import Work


class _Beyond(NamedTuple):
    """Units that nobody has reserved and that cannot be given out where they are; `bin` is where they could be."""

    unit_id: int
    location: str
    lot: str
    status: str
    units: int
    bin: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What was read of the books to explain one order."""

    order: OrderRow
    lines: Sequence[LineRow]
    facts: Mapping[int, StockFacts]
    queue: Mapping[int, tuple[int, Ahead]]
    went_to: Mapping[int, dict[str, int]]
    inbound: Mapping[int, NextInbound]
    sourced: Mapping[int, Sequence[NextInbound]]
    backorders: Mapping[int, str]
    beyond: Mapping[int, Sequence[_Beyond]]
    ways_out: WaysOut


def explain_order(work: Work, name: str) -> Explanation:
    """Give the reasons for everything that is short of an order; it may be asked for at any time."""
    order_id, warehouse, _ = find_order(work, name)
    order = work.db.records(OrderRow, "read_orders", orders=[order_id])[0]
    lines = work.db.records(LineRow, "lines_of_orders", orders=[order_id])
    lacking = sorted({line.variant_id for line in lines if line.variant_id and line.shortfall})
    rows = work.db.all("queue_places", lines=[line.line_id for line in lines])
    due = work.db.all("next_inbound", warehouse=warehouse, variants=lacking)
    seen = _Seen(
        order=order,
        lines=lines,
        facts=_facts(work, warehouse, lacking, order_id),
        queue={row[0]: (row[1], Ahead(orders=row[2], units=row[3], next_order=row[4])) for row in rows},
        went_to=_went_to(work, lines),
        inbound={row[0]: NextInbound(reference=row[1], units=row[2], due=row[3]) for row in due},
        sourced=_sourced(work, lines),
        backorders=dict(work.db.all("open_backorders_of_lines", lines=[line.line_id for line in lines])),
        beyond=_beyond(work, warehouse, lacking),
        ways_out=find_ways_out(work, order, lines),
    )
    explained = [_line(seen, line) for line in lines if line.shortfall]
    return Explanation(order=order.number, status=order.status, lines=explained)


def _went_to(work: Work, lines: Sequence[LineRow]) -> dict[int, dict[str, int]]:
    """Read who behind has got what lines of an order wait for that ships complete and keeps nothing back."""
    found: dict[int, dict[str, int]] = {}
    for line, number, units in work.db.all("went_to", lines=[line.line_id for line in lines if line.waiting]):
        found.setdefault(line, {})[number] = units
    return found


def _sourced(work: Work, lines: Sequence[LineRow]) -> dict[int, list[NextInbound]]:
    """Read what lines have by name of supply that is due."""
    named = [line.line_id for line in lines if line.sourced]
    found: dict[int, list[NextInbound]] = {}
    for one in sorted(open_sourcings(work, lines=named), key=lambda part: part.as_due) if named else ():
        supply = NextInbound(reference=one.inbound, units=one.quantity, due=one.due)
        found.setdefault(one.line_id, []).append(supply)
    return found


def _beyond(work: Work, warehouse: int, variants: Sequence[int]) -> dict[int, list[_Beyond]]:
    """Read which units of some variants could be brought within reach."""
    found: dict[int, list[_Beyond]] = {}
    for variant, *row in work.db.all(
        "units_beyond_reach", warehouse=warehouse, variants=list(variants), today=work.today
    ):
        found.setdefault(variant, []).append(_Beyond(*row))
    return found


def _facts(work: Work, warehouse: int, variants: Sequence[int], order_id: int) -> dict[int, StockFacts]:
    """Add to the stock facts what is kept back for others and whether a check is on its way."""
    facts = stock_facts(work, warehouse, variants)
    kept = work.db.all("kept_back", warehouse=warehouse, variants=list(variants), order=order_id)
    pending = {row[0] for row in work.db.all("marks_on", warehouse=warehouse, variants=list(variants))}
    keeping = {variant: (units, whom) for variant, units, whom in kept}
    found = {variant: facts.get(variant, StockFacts()) for variant in variants}
    return {
        variant: replace(
            there,
            kept_back=min(keeping.get(variant, (0, ()))[0], there.free),
            kept_for=keeping.get(variant, (0, ()))[1],
            check_pending=variant in pending,
        )
        for variant, there in found.items()
    }


def _line(seen: _Seen, line: LineRow) -> LineExplanation:
    position, ahead = seen.queue.get(line.line_id, (None, None))
    reasons = _reasons(seen, line, ahead)
    variant = line.variant_id or 0
    return LineExplanation(
        line_number=line.line_number,
        sku=line.sku_text,
        short=line.shortfall,
        reasons=reasons,
        sentences=[sentence(reason) for reason in reasons],
        queue_position=position,
        next_inbound=seen.inbound.get(variant),
        actions=[
            *_actions(seen, line, reasons),
            *_substituting(seen, line),
            *_dividing(seen, line),
            *_sourcing(seen, line),
            *_forcing(seen, line, reasons),
        ],
        sourced=seen.sourced.get(line.line_id, ()),
    )


def _reasons(seen: _Seen, line: LineRow, ahead: Ahead | None) -> list[Reason]:
    found = []
    if seen.order.status == OrderStatus.ON_HOLD:
        facts: dict[str, object] = {"kind": seen.order.hold_kind, "reason": seen.order.hold_reason}
        found.append(Reason(code=ReasonCode.ON_HOLD, facts=facts))
    if line.variant_id is None:
        return [*found, Reason(code=ReasonCode.UNMATCHED, facts={"text": line.sku_text})]
    facts_of = replace(seen.facts[line.variant_id], went_to=seen.went_to.get(line.line_id, {}))
    return found + why_short(
        None,
        wanted=line.shortfall,
        facts=facts_of,
        policy=ShipPolicy(seen.order.ship_policy),
        short_lines=[
            other.line_number
            for other in seen.lines
            if other.shortfall
            and (other.variant_id is None or seen.facts[other.variant_id].free < other.shortfall)
        ],
        ahead=ahead,
    )


def _actions(seen: _Seen, line: LineRow, reasons: Sequence[Reason]) -> Iterator[Action]:
    """Offer what helps against each reason, as something that works as it stands."""
    number = seen.order.number
    order: dict[str, object] = {"order_id": seen.order.order_id}
    for reason in reasons:
        match reason.code:
            case ReasonCode.UNMATCHED:
                yield Action(
                    what="say which variant is meant",
                    command=f"makegood orders match {number} {line.line_number} SKU",
                    verb=Verb.MATCH,
                    given=order | {"line": line.line_number},
                    open=["sku"],
                )
            case ReasonCode.ON_HOLD if seen.order.hold_kind != HoldKind.UNMATCHED:
                command = f"makegood orders release {number}"
                yield Action(what="release the order", command=command, verb=Verb.RELEASE, given=order)
            case ReasonCode.STOCK_NOT_PICKABLE | ReasonCode.STOCK_QUARANTINED:
                yield from _bring_back(seen, line, reason.code)
            case ReasonCode.CHECK_PENDING if seen.order.status in OPEN_TO_ALLOCATION:
                command = f"makegood orders allocate {number}"
                yield Action(what="try it now", command=command, verb=Verb.ALLOCATE, given=order)
            case _:
                continue
    first = next((one for one in seen.lines if one.shortfall), None)
    if line is first and seen.order.status in SPLITTABLE and any(one.allocated for one in seen.lines):
        yield Action(
            what="see what could go out now, if the customer agrees",
            command=f"makegood orders split {number} --by quantities --dry-run",
            verb=Verb.SPLIT,
            given=order | {"mode": SplitMode.QUANTITIES.value, "dry_run": True},
        )


def _sourcing(seen: _Seen, line: LineRow) -> Iterator[Action]:
    """Offer to reserve units of the next supply for what is uncovered."""
    inbound, backorder = seen.inbound.get(line.variant_id or 0), seen.backorders.get(line.line_id)
    if inbound and backorder and line.shortfall > line.sourced:
        command = f"makegood backorders source {backorder} {inbound.reference} --apply"
        given: dict[str, object] = {"backorder": backorder, "inbound": inbound.reference}
        what = f"reserve units of {inbound.reference} for it"
        yield Action(what=what, command=command, verb=Verb.SOURCE, given=given)


def _substituting(seen: _Seen, line: LineRow) -> Iterator[Action]:
    """Offer to send instead what is there for the order now; the verb does it for all of its lines."""
    offered = seen.ways_out.substitutes.get(line.line_id, ())
    if not offered:
        return
    sent = " and ".join(f"{one.units} {one.sku}" for one in offered)
    what = f"send {sent} instead of {sum(one.replaced for one in offered)}"
    command, asks = (
        f"makegood orders apply-alternatives {seen.order.number}",
        any(one.needs_consent for one in offered),
    )
    yield Action(
        what=what + ", if the customer agrees" * asks,
        command=command + " --agreed-by NAME --how HOW" * asks,
        verb=Verb.SUBSTITUTE,
        given={"order_id": seen.order.order_id},
        open=["consent"] if asks else (),
    )


def _dividing(seen: _Seen, line: LineRow) -> Iterator[Action]:
    """Offer to let other warehouses send what they have; it is done for all lines of the order."""
    offered = seen.ways_out.elsewhere.get(line.line_id)
    if offered:
        sent = " and ".join(f"{units} from {code}" for code, units in offered.items())
        command = f"makegood orders divide-network {seen.order.number}"
        given: dict[str, object] = {"order_id": seen.order.order_id}
        yield Action(what=f"have {sent}", command=command, verb=Verb.DIVIDE, given=given)


def _forcing(seen: _Seen, line: LineRow, reasons: Sequence[Reason]) -> Iterator[Action]:
    """Offer a manager to give away what is kept back for somebody better ranked, with a reason."""
    kept = any(reason.code is ReasonCode.KEPT_BACK for reason in reasons)
    backorder = seen.backorders.get(line.line_id)
    ships_parts = seen.order.ship_policy == ShipPolicy.PARTIAL and seen.order.status in OPEN_TO_ALLOCATION
    if kept and backorder and ships_parts and seen.facts[line.variant_id or 0].free:
        units = min(line.shortfall, seen.facts[line.variant_id or 0].free)
        yield Action(
            what=f"take {units} that are kept back, against the rank",
            command=f"makegood backorders allocate {backorder} --units {units} --force REASON --apply",
            verb=Verb.FORCE,
            given={"backorder": backorder, "quantity": units},
            open=["force_because"],
        )


def _bring_back(seen: _Seen, line: LineRow, code: ReasonCode) -> Iterator[Action]:
    """Offer to put away, or to release from quarantine, what lies out of reach."""
    sku = line.sku_text.strip()
    for there in seen.beyond.get(line.variant_id or 0, ()):
        lot = f" --lot {there.lot}" if there.lot else ""
        given: dict[str, object] = {"unit_id": there.unit_id, "units": there.units}
        if there.status == UnitStatus.QUARANTINE and code is ReasonCode.STOCK_QUARANTINED:
            yield Action(
                what=f"release {there.units} in {there.location} from quarantine, if they are sound",
                command=f"makegood quarantine {sku} {there.units} --at {there.location}{lot} --release",
                verb=Verb.RESTORE,
                given=given,
            )
        elif there.status == UnitStatus.AVAILABLE and code is ReasonCode.STOCK_NOT_PICKABLE and there.bin:
            yield Action(
                what=f"put {there.units} away from {there.location} into {there.bin}",
                command=f"makegood move {sku} {there.units} --from {there.location} --to {there.bin}{lot}",
                verb=Verb.MOVE,
                given=given | {"to_location": there.bin},
            )
