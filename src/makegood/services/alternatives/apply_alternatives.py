"""Send something else instead of what an order lacks: its demand moves into the queue of the alternative.

It queues there at its own age and rank, behind whoever is better ranked. What was ordered stays on record with the
line, and it can be undone until somebody picks.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from makegood.domain.errors import ConsentNeeded, NothingToSubstitute
from makegood.domain.orders import LineRow
from makegood.domain.splits import Consent
from makegood.domain.states import OPEN_TO_ALLOCATION
from makegood.planner.substitutes import Choice
from makegood.services.allocate_order import allocate_order
from makegood.services.alternatives.choices import Choices, alternatives_of, choices, variants_of
from makegood.services.change_orders import Change, settle
from makegood.services.consents import consent_payload, insist_on_consent, record_consent
from makegood.services.edit_order import ranked
from makegood.services.gates import LockedOrder, find_order, insist_editable, lock_order, lock_orders
from makegood.services.preview import done_or_previewed
from makegood.services.work import Work
from makegood.store.database import StartOver


class SubstitutedLine(NamedTuple):
    """`units` of a line are sent as `substitute_units` of another SKU, on the line `becomes` of the order."""

    line_number: int
    sku: str
    units: int
    substitute: str
    substitute_units: int
    kind: str
    needs_consent: bool
    becomes: int


class Substituted(NamedTuple):
    """What an order is sent instead, and where it stands with that; units reserved and short afterwards."""

    order_id: int
    order_number: str
    status: str
    allocated: int
    short: int
    lines: Sequence[SubstitutedLine]


class _Divided(NamedTuple):
    """All lines of an order as they are in the books and as they shall be, and which line each choice became."""

    before: Sequence[LineRow]
    after: Sequence[LineRow]
    becomes: Sequence[tuple[Choice, int]]


def apply_alternatives(
    work: Work, name: str, *, consent: Consent | None = None, dry_run: bool = False
) -> Substituted:
    """Send alternatives instead of what an order lacks, as far as they are there for it at its turn.

    Without the customer's consent only those that need none; `dry_run` shows all. Raises `NothingToSubstitute`,
    `ConsentNeeded`, and `WrongState` from picking on.
    """
    if consent is not None:
        insist_on_consent(work, consent)
    return done_or_previewed(work, dry_run, _apply, name, consent, dry_run or consent is not None)


def _apply(work: Work, name: str, consent: Consent | None, consented: bool) -> Substituted:
    locked, made = _hold_and_choose(work, name, consented)
    if not made.chosen:
        _refuse(work, locked, made)
    divided = _divide(work, locked, made.chosen)
    told = _told(work, locked.lines, divided)
    if consent:
        record_consent(work, consent, orders=[locked.order.order_id], to="SUBSTITUTE")
    payload: dict[str, object] = {"lines": [_facts(one) for one in told], **consent_payload(consent)}
    before = LockedOrder(locked.order, divided.before)
    after = ranked(work, locked.order, divided.after)
    (settled,) = settle(work, [Change(before, locked.order, after, told=("order:substituted", payload))])
    if settled.after.status in OPEN_TO_ALLOCATION:
        settled = allocate_order(work, name)
    return Substituted(
        locked.order.order_id,
        locked.order.number,
        settled.after.status.value,
        settled.allocated,
        settled.short,
        told,
    )


def _hold_and_choose(work: Work, name: str, consented: bool) -> tuple[LockedOrder, Choices]:
    """Hold the order and the queues of all that could be sent, and choose."""
    order_id, _, _ = find_order(work, name)
    lines = work.db.records(LineRow, "lines_of_orders", orders=[order_id])
    wanted = variants_of(alternatives_of(work, lines))
    locked = lock_order(work, name, wanted)
    insist_editable(locked.order, "be sent something else")
    if locked.order.status in OPEN_TO_ALLOCATION:
        # First it gets what it can have of what was ordered: its own queue may wait to be looked at.
        allocate_order(work, name)
        (locked,) = lock_orders(work, locked.order.warehouse_id, [order_id], wanted)
    found = alternatives_of(work, locked.lines)
    if not variants_of(found) <= wanted:
        raise StartOver("another alternative came before its gate was held")
    return locked, choices(work, locked.order, locked.lines, found, consented=consented)


def _refuse(work: Work, locked: LockedOrder, made: Choices) -> None:
    number = locked.order.number
    if made.unconsented:
        skus = _skus(work, [one.alternative.substitute_id for one in made.unconsented])
        raise ConsentNeeded(order=number, substitutes=sorted(skus.values()))
    short = sum(line.shortfall for line in locked.lines)
    raise NothingToSubstitute(order=number, short=short, alternatives=made.alternatives)


def _divide(work: Work, locked: LockedOrder, chosen: Sequence[Choice]) -> _Divided:
    """Write the lines that want substitutes, and give all lines as they are in the books and as they shall be.

    A line of which nothing was given yet and all is replaced becomes what it is first replaced by; whatever else
    is replaced goes into lines of its own.
    """
    before = {line.line_id: line for line in locked.lines}
    after = dict(before)
    in_place, parts = [], []
    for line_id, group in groupby(sorted(chosen, key=_by_line), key=_by_line):
        of_line = list(group)
        line, replaced = before[line_id], sum(choice.replaced for choice in of_line)
        after[line_id] = line._replace(quantity=line.quantity - replaced)
        if replaced == line.quantity:
            first = of_line.pop(0)
            in_place.append(first)
            after[line_id] = line._replace(variant_id=first.alternative.substitute_id, quantity=first.units)
        parts += of_line
    _note(work, before, in_place)
    added = _add(work, locked, parts)
    return _Divided(
        [*before.values(), *added],
        [*after.values(), *added],
        [
            *((one, before[one.line_id].line_number) for one in in_place),
            *((one, line.line_number) for one, line in zip(parts, added, strict=True)),
        ],
    )


def _by_line(choice: Choice) -> int:
    return choice.line_id


def _note(work: Work, lines: Mapping[int, LineRow], in_place: Sequence[Choice]) -> None:
    if in_place:
        work.db.run(
            "note_substitutes",
            lines=[one.line_id for one in in_place],
            instead_of=[lines[one.line_id].variant_id for one in in_place],
            units=[one.alternative.units for one in in_place],
            per=[one.alternative.per for one in in_place],
            price_units=[one.alternative.per for one in in_place],
            price_per=[one.alternative.units for one in in_place],
        )


def _add(work: Work, locked: LockedOrder, parts: Sequence[Choice]) -> list[LineRow]:
    """Append a line for each part that is replaced; they do not wait until the change is settled."""
    if not parts:
        return []
    last = max(line.line_number for line in locked.lines)
    rows = work.db.all(
        "add_substitute_lines",
        lines=[one.line_id for one in parts],
        numbers=[last + place for place, _ in enumerate(parts, start=1)],
        substitutes=[one.alternative.substitute_id for one in parts],
        quantities=[one.units for one in parts],
        units=[one.alternative.units for one in parts],
        per=[one.alternative.per for one in parts],
    )
    whole = {line.line_id: line for line in locked.lines}
    return [
        whole[one.line_id]._replace(
            line_id=line_id,
            line_number=number,
            variant_id=one.alternative.substitute_id,
            quantity=one.units,
            allocated=0,
            fulfilled=0,
            cancelled=0,
            priority=priority,
            waiting=False,
            sourced=0,
        )
        for one, (line_id, number, priority) in zip(parts, rows, strict=True)
    ]


def _told(work: Work, before: Sequence[LineRow], divided: _Divided) -> list[SubstitutedLine]:
    """Say what is sent instead of what, line by line."""
    skus = _skus(work, [one.alternative.substitute_id for one, _ in divided.becomes])
    of = {line.line_id: line for line in before}
    told = [
        SubstitutedLine(
            of[one.line_id].line_number,
            of[one.line_id].sku_text.strip(),
            one.replaced,
            skus[one.alternative.substitute_id],
            one.units,
            one.alternative.kind,
            one.alternative.needs_consent,
            number,
        )
        for one, number in divided.becomes
    ]
    return sorted(told, key=lambda one: (one.line_number, one.becomes))


def _facts(one: SubstitutedLine) -> dict[str, object]:
    return {
        "line": one.line_number,
        "sku": one.sku,
        "units": one.units,
        "substitute": one.substitute,
        "substituteUnits": one.substitute_units,
        "kind": one.kind,
        "becomesLine": one.becomes,
    }


def _skus(work: Work, variants: Sequence[int]) -> dict[int, str]:
    return dict(work.db.all("skus_of", variants=sorted(set(variants))))
