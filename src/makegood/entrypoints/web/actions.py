"""What can be done to many orders at once, as the bulk menu offers it: each is a kind of run."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from makegood.domain.errors import InvalidValue
from makegood.domain.runs import Run, RunKind
from makegood.entrypoints.web.rendering import counted
from makegood.services.runs.kinds import KINDS


class Action(NamedTuple):
    """One entry: the kind of run, what its button says, and what it does, for whoever is about to start it."""

    kind: RunKind
    name: str
    told: str

    @property
    def needs_consent(self) -> bool:
        """Whether it cannot start without the customers' agreement."""
        return KINDS[self.kind].needs_consent

    @property
    def fields(self) -> Sequence[str]:
        """What has to be said before it can start."""
        return [name for name in KINDS[self.kind].terms.__struct_fields__ if name in FIELDS]


# The fields of a start page, in form.html; other terms of a kind keep their defaults here.
FIELDS = ("mode", "min_share", "min_value", "consent")

ACTIONS: Mapping[str, Action] = {
    one.kind.value: one
    for one in (
        Action(
            RunKind.ALLOCATE,
            "Fulfill",
            "Each order is tried again, the best ranked first: it gets what the queue gives it now, and overtakes "
            "nobody.",
        ),
        Action(
            RunKind.SEND_AVAILABLE,
            "Send what's available",
            "What is reserved for each order goes out now; what it lacks waits on in a part of its own, with the "
            "same age and place in the queue.",
        ),
        Action(
            RunKind.APPLY_ALTERNATIVES,
            "Apply alternatives",
            "What an order lacks is sent as something else that is kept as its substitute and is free. The SKU "
            "that was ordered stays on record. Without the customers' agreement only substitutes that need none "
            "are taken.",
        ),
        Action(
            RunKind.DIVIDE_NETWORK,
            "Divide network",
            "What an order lacks in its own warehouse goes to others that have it: parts of the order, as few as "
            "can be. Up to 200 orders in one run.",
        ),
        Action(
            RunKind.SPLIT,
            "Divide",
            "The full lines of each order go out now; the others wait on in a part of its own, with the same "
            "age and place in the queue.",
        ),
    )
}
# What the bulk menu of /backorders offers; dividing has a page of its own.
BULK = [one for one in ACTIONS.values() if one.kind is not RunKind.SPLIT]


def action_of(kind: str) -> Action:
    """Give the action of this kind, or raise `InvalidValue`."""
    if kind not in ACTIONS:
        raise InvalidValue("kind", kind, "one of " + ", ".join(ACTIONS))
    return ACTIONS[kind]


def terms_of(action: Action, form: Mapping[str, str | None], at: datetime) -> dict[str, object]:
    """Give what was filled in as the run takes it; raises `InvalidValue`."""
    terms: dict[str, object] = {}
    if "consent" in action.fields and form.get("agreed_by"):
        terms["consent"] = {"by": form["agreed_by"], "how": form.get("how") or "", "at": at}
    if "min_share" in action.fields and form.get("min_percent"):
        terms["min_share"] = float(_amount("min_percent", form["min_percent"])) / 100
    if "min_value" in action.fields and form.get("min_value"):
        terms["min_value"] = _amount("min_value", form["min_value"])
    return terms


def _amount(field: str, words: str | None) -> Decimal:
    try:
        amount = Decimal(words or "")
    except InvalidOperation as wrong:
        raise InvalidValue(field, words, "a number") from wrong
    if not amount.is_finite() or amount < 0:
        raise InvalidValue(field, words, "a number of at least 0")
    return amount


def name_of(run: Run) -> str:
    """Say what a run does."""
    action = ACTIONS.get(run.kind)
    return action.name if action else run.kind.replace("_", " ").capitalize()


def came_to(run: Run) -> str:
    """Say what a run came to, or how far it is (SOP 4.5)."""
    counts = run.outcomes
    if not run.ended:
        return f"{run.done:,} of {counted(run.total, 'order')}"
    if run.kind == RunKind.ALLOCATE:
        still = sum(counts.get(word, 0) for word in ("PARTIALLY", "BACKORDERED", "HELD"))
        failed = f", {counts['FAILED']:,} failed" if counts.get("FAILED") else ""
        return f"Batch complete: {counts.get('FULFILLED', 0):,} fulfilled, {still:,} still backordered{failed}"
    words = [f"{number:,} {outcome.lower()}" for outcome, number in sorted(counts.items()) if number]
    return "Batch complete: " + (", ".join(words) or "nothing to do")
