"""Send what was ordered after all: substitutes that nobody picks yet are freed, and their lines wait as before."""

from collections.abc import Sequence
from typing import NamedTuple

from makegood.domain.errors import LineNotFound, NothingToRestore
from makegood.domain.orders import LineRow
from makegood.domain.states import OPEN_TO_ALLOCATION
from makegood.services.allocate_order import allocate_order
from makegood.services.change_orders import Change, settle
from makegood.services.edit_order import ranked
from makegood.services.free_allocations import free, keep_whole_or_nothing, open_allocations
from makegood.services.gates import LockedOrder, find_order, insist_editable, lock_order
from makegood.services.preview import done_or_previewed
from makegood.services.work import Work


class Restored(NamedTuple):
    """Where an order stands that is sent what was ordered again, and the numbers of the lines restored."""

    order_id: int
    order_number: str
    status: str
    allocated: int
    short: int
    lines: Sequence[int]


class _Instead(NamedTuple):
    """What was ordered where a line wants something else: `units` of the line stand for `per` of that."""

    line_id: int
    variant_id: int
    units: int
    per: int
    sku: str


def undo_alternatives(work: Work, name: str, *, line_number: int | None = None, dry_run: bool = False) -> Restored:
    """Let an order want again what was ordered, all of its lines or one of them.

    Raises `NothingToRestore`, `LineNotFound`, and `WrongState` from picking on.
    """
    return done_or_previewed(work, dry_run, _undo, name, line_number)


def _undo(work: Work, name: str, line_number: int | None) -> Restored:
    order_id, _, _ = find_order(work, name)
    seen = _substitutes(work, order_id)
    locked = lock_order(work, name, {one.variant_id for one in seen})
    insist_editable(locked.order, "be sent what was ordered")
    found = {one.line_id: one for one in _substitutes(work, order_id)}
    undone = _chosen(locked, found, line_number)
    order, lines = _restore(work, locked, undone, found), [line.line_number for line in undone]
    told: dict[str, object] = {"lines": [_facts(line, found[line.line_id]) for line in undone]}
    told_as = ("order:substitution_undone", told)
    change = Change(locked, locked.order, ranked(work, locked.order, order), told=told_as)
    (settled,) = settle(work, keep_whole_or_nothing(work, [change]))
    if settled.after.status in OPEN_TO_ALLOCATION:
        settled = allocate_order(work, name)
    return Restored(
        order_id, locked.order.number, settled.after.status.value, settled.allocated, settled.short, lines
    )


def _substitutes(work: Work, order_id: int) -> list[_Instead]:
    return work.db.records(_Instead, "substitutes_of_order", order=order_id)


def _chosen(locked: LockedOrder, found: dict[int, _Instead], line_number: int | None) -> list[LineRow]:
    """Give the lines to be restored, or say why one cannot be."""
    number = locked.order.number
    asked = [line for line in locked.lines if line_number in (None, line.line_number)]
    if line_number is not None and not asked:
        raise LineNotFound(order=number, line=line_number)
    lines = [line for line in asked if line.line_id in found]
    if not lines:
        raise NothingToRestore(order=number, because="nothing of it is sent as something else")
    for line in lines:
        if line.fulfilled or line.cancelled:
            because = f"units of line {line.line_number} have gone out or were cancelled"
            raise NothingToRestore(order=number, because=because)
        if line.quantity * found[line.line_id].per % found[line.line_id].units:
            because = (
                f"{line.quantity} units of line {line.line_number} stand for no whole number of what was ordered"
            )
            raise NothingToRestore(order=number, because=because)
    return lines


def _restore(
    work: Work, locked: LockedOrder, undone: Sequence[LineRow], found: dict[int, _Instead]
) -> list[LineRow]:
    """Free what the lines have, and give all lines of the order as they shall be.

    Units go back into the line from which they were taken where it still wants the same; else their line changes.
    """
    ids = {line.line_id for line in undone}
    held = {
        one: one.quantity for one in open_allocations(work, orders=[locked.order.order_id]) if one.line_id in ids
    }
    free(work, held, because="what was ordered is sent after all")
    lines = {line.line_id: line for line in locked.lines}
    changed = []
    for line in undone:
        was = found[line.line_id]
        units = line.quantity * was.per // was.units
        home = _home(line, was, lines, ids | found.keys())
        if home is None:
            changed.append(was)
            lines[line.line_id] = line._replace(variant_id=was.variant_id, quantity=units, allocated=0)
        else:
            lines[home.line_id] = home._replace(quantity=home.quantity + units)
            lines[line.line_id] = line._replace(quantity=0, allocated=0)
    _note(work, changed)
    return list(lines.values())


def _home(line: LineRow, was: _Instead, lines: dict[int, LineRow], but: set[int]) -> LineRow | None:
    return next(
        (
            other
            for other in lines.values()
            if other.line_id not in but
            and (other.root_line_number, other.variant_id) == (line.root_line_number, was.variant_id)
        ),
        None,
    )


def _note(work: Work, changed: Sequence[_Instead]) -> None:
    if changed:
        nothing = [None] * len(changed)
        work.db.run(
            "note_substitutes",
            lines=[one.line_id for one in changed],
            instead_of=nothing,
            units=nothing,
            per=nothing,
            price_units=[one.units for one in changed],
            price_per=[one.per for one in changed],
        )


def _facts(line: LineRow, was: _Instead) -> dict[str, object]:
    return {"line": line.line_number, "sku": was.sku, "substituteUnits": line.quantity}
