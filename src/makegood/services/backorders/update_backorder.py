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

    Nothing is taken from anyone. An expected date set here counts until it is cleared; then the one that follows
    from the known supply does. Raises `InvalidValue`,
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
    expected = read_backorder(work, found.number).expected_date
    work.db.run_expecting(1, "set_backorder_terms", number=found.number, **after._asdict())
    _tell(work, line.order_id, found.number, before, after)
    _tell_expected(work, line.order_id, expected, read_backorder(work, found.number))
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
    if changed:
        record_events(work, [Event(order_id, "backorder:changed", {"backorder": number, **changed})])


def _tell_expected(work: Work, order_id: int, was: date | None, now: BackorderSheet) -> None:
    """Put on record that people are told another expected date."""
    if now.expected_date != was:
        payload: dict[str, object] = {"backorder": now.number, "from": was, "to": now.expected_date}
        record_events(work, [Event(order_id, "backorder:expected_date_changed", payload)])


def _told(terms: Terms) -> tuple[object, ...]:
    return (terms.priority and Priority(terms.priority).name, *terms[1:])
