"""Change what a person can set of a backorder: priority, dates, notes; each of them can be cleared."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from makegood.domain.errors import InvalidValue
from makegood.domain.rank import Priority
from makegood.services.backorders.records import (
    BackorderSheet,
    find_open,
    lock_backorder,
    priority_named,
    read_backorder,
)
from makegood.services.change_orders import Change, settle
from makegood.services.edit_order import ranked
from makegood.services.gates import LockedOrder
from makegood.services.record import Event, record_events
from makegood.services.work import Work


class Terms(NamedTuple):
    """What a person can set; None where nothing is set, and the line's or order's priority counts."""

    priority: int | None
    expected_date: date | None
    promised_date: date | None
    notes: str


CLEARED = Terms(None, None, None, "")


def update_backorder(
    work: Work,
    number: str,
    *,
    priority: str | None = None,
    expected_date: date | None = None,
    promised_date: date | None = None,
    notes: str | None = None,
    clear: Collection[str] = (),
) -> BackorderSheet:
    """Set the given terms, clear the named ones, and give the record; another priority re-ranks the line.

    Nothing is taken from anyone. An expected date set here stays until it is cleared. Raises `InvalidValue`,
    `BackorderNotFound`, `BackorderClosed`.
    """
    given: dict[str, object] = {
        "priority": None if priority is None else priority_named(priority),
        "expected_date": expected_date,
        "promised_date": promised_date,
        "notes": notes,
    }
    changes = _changes({name: value for name, value in given.items() if value is not None}, clear)
    found = find_open(work, number)
    locked, line = lock_backorder(work, found)
    before = work.db.records(Terms, "terms_of_backorder", number=found.number)[0]
    after = before._replace(**changes)
    work.db.run_expecting(
        1,
        "set_backorder_terms",
        number=found.number,
        by_hand="expected_date" in changes,
        **after._asdict(),
    )
    _tell(work, line.order_id, found.number, before, after)
    if after.priority != before.priority:
        _rank_anew(work, locked)
    return read_backorder(work, found.number)


def _changes(given: dict[str, Any], clear: Collection[str]) -> dict[str, Any]:
    for name in clear:
        if name not in Terms._fields or name in given:
            raise InvalidValue("clear", name, f"one of {', '.join(Terms._fields)} that is not set as well")
    if not given and not clear:
        raise InvalidValue("changes", "", "something to change: a priority, a date, notes, or one to clear")
    return given | {name: getattr(CLEARED, name) for name in clear}


def _rank_anew(work: Work, locked: LockedOrder) -> None:
    settle(work, [Change(locked, locked.order, ranked(work, locked.order, locked.lines))])


def _tell(work: Work, order_id: int, number: str, before: Terms, after: Terms) -> None:
    """Put every change on record, from what to what."""
    changed = {
        name: {"from": was, "to": now}
        for name, was, now in zip(Terms._fields, _told(before), _told(after), strict=True)
        if was != now
    }
    if not changed:
        return
    events = [Event(order_id, "backorder:changed", {"backorder": number, **changed})]
    if "expected_date" in changed:
        facts = changed["expected_date"]
        events.append(Event(order_id, "backorder:expected_date_changed", {"backorder": number, **facts}))
    record_events(work, events)


def _told(terms: Terms) -> tuple[object, ...]:
    return (terms.priority and Priority(terms.priority).name, *terms[1:])
