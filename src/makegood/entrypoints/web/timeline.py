"""What happened to an order, as sentences in the sequence in which it happened."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from makegood.entrypoints.web.rendering import counted, said
from makegood.services.show_order import AttemptSheet, EventSheet, OrderSheet

# What an event says, where its own words would not do; `{…}` are facts of its payload.
WORDS: Mapping[str, str] = {
    "order:backordered": "Became a backorder",
    "order:backorder_resolved": "Has all it needs, after waiting",
    "order:allocated": "Has all it needs",
    "order:partially_allocated": "Has a part of what it needs",
    "order:escalated": "Held for having waited too long",
    "order:asked": "The customer was asked",
    "order:answered": "The customer answered",
    "order:cancel_asked": "Cancelling was asked for",
    "order:first_shipment": "Went out for the first time",
    "order:released_to_pick": "Released to picking",
    "order:short_picked": "A picker did not find all of it",
    "allocation:created": "Units reserved",
    "allocation:released": "Units given back",
    "allocation:expired": "A reservation lapsed",
    "allocation:moved": "Reserved units were moved to another place",
    "allocation:confirmed": "A reservation was confirmed",
    "allocation:extended": "A reservation was extended",
    "backorder:created": "Backorder opened",
    "backorder:expected_date_changed": "Another day is expected",
    "stock:shrunk": "Reserved units were lost",
}
# These say the same as what they belong to, only less.
SAID_BESIDES = {"allocation:created", "order:partially_allocated", "order:still_short"}
FACTS = (
    "backorder",
    "sku",
    "units",
    "because",
    "reason",
    "lot",
    "backorderOrderNumber",
    "previous",
    "expected",
    "purpose",
    "answer",
)


class Happening(NamedTuple):
    """One entry of the timeline: when, what, details, by whom, and what set it off."""

    at: datetime
    what: str
    details: Sequence[str]
    actor: str
    sources: Sequence[str]
    matters: bool


def timeline(sheet: OrderSheet) -> list[Happening]:
    """Give what happened to an order, the latest first."""
    found = [*map(_attempt, sheet.attempts), *_events(sheet.events)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def news_of(events: Sequence[EventSheet], reader: str) -> str:
    """Say what others than the reader did, the latest last; nothing when nobody else did anything."""
    others = [one for one in events if one.actor != reader]
    return " ".join(f"{one.what} ({one.actor})." for one in _events(others) if one.matters)


def _attempt(one: AttemptSheet) -> Happening:
    got = f"{counted(one.granted, 'unit')} reserved" if one.granted else "Nothing new could be reserved"
    changed = one.before_status != one.after_status
    became = (
        f"{said(one.before_status)} → {said(one.after_status)}" if changed else f"stays {said(one.after_status)}"
    )
    left = [f"{counted(one.short, 'unit')} still short"] if one.short else []
    return Happening(
        one.as_of, f"Tried: {got}", [became, *left], one.actor, one.trigger_sources, bool(one.granted)
    )


def _events(events: Sequence[EventSheet]) -> Iterator[Happening]:
    for one in events:
        if one.type not in SAID_BESIDES:
            words = WORDS.get(one.type, said(one.type.partition(":")[2]).capitalize())
            matters = one.type.startswith("order:")
            yield Happening(
                one.occurred_at, words, list(_facts(one.payload)), one.actor, one.trigger_sources, matters
            )


def _facts(payload: Mapping[str, Any]) -> Iterator[str]:
    for name in FACTS:
        if payload.get(name) not in (None, "", [], {}):
            yield f"{said(name)}: {payload[name]}" if name not in ("because", "reason") else str(payload[name])
    consent = payload.get("consent")
    if isinstance(consent, Mapping):
        yield f"agreed by {consent.get('by')}, {consent.get('how')}"
