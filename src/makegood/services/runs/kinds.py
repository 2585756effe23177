"""Every kind of run in one list: what it asks for, what it does to one order, and to which orders."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from makegood.domain.errors import (
    ConsentNeeded,
    InvalidValue,
    MakegoodError,
    NothingShort,
    NothingToDivide,
    NothingToShip,
    NothingToSubstitute,
    TooLittleToSend,
)
from makegood.domain.runs import STANDS, RunKind, RunOutcome
from makegood.domain.splits import Consent, SplitMode
from makegood.domain.states import OrderStatus
from makegood.planner.attempt import Attempt
from makegood.services.allocate_order import allocate_order
from makegood.services.alternatives.apply_alternatives import apply_alternatives
from makegood.services.cancel_order import cancel_order
from makegood.services.hold_order import hold_order
from makegood.services.network.divide_network import divide_network
from makegood.services.release_hold import release_hold
from makegood.services.send_available import send_available
from makegood.services.split_order import Split, split_order
from makegood.services.work import Work


class Came(NamedTuple):
    """What came of one order: an outcome, where the order stands, and facts for programs."""

    outcome: RunOutcome
    status: str
    facts: dict[str, object]


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a run is asked for besides its orders; the same for each of them."""


class AllocateTerms(Terms, frozen=True):
    """With `allow_partial` false an order gets all that it lacks or nothing."""

    allow_partial: bool = True


class SplitTerms(Terms, frozen=True):
    """How orders are split, and the agreement of their customers."""

    mode: SplitMode = SplitMode.LINES
    consent: Consent | None = None


class SendTerms(Terms, frozen=True):
    """Below which share (0 to 1) or value an order stays whole, and the agreement of the customers."""

    min_share: float = 0
    min_value: Decimal | None = None
    consent: Consent | None = None


class SubstituteTerms(Terms, frozen=True):
    """The agreement of the customers; without it only what needs none is sent instead."""

    consent: Consent | None = None


class DivideTerms(Terms, frozen=True):
    """The agreement of the customers, where they were asked."""

    consent: Consent | None = None


class CancelTerms(Terms, frozen=True):
    """Why the orders are cancelled."""

    because: str = ""


class HoldTerms(Terms, frozen=True):
    """Why the orders are held, and whether what they have reserved goes to the queue."""

    because: str
    free: bool = False


class ReleaseTerms(Terms, frozen=True):
    """For how many days the orders are not held for their age again."""

    snooze_days: int | None = None


class Kind(NamedTuple):
    """One kind of run.

    `act` is tried on each order, by name. Errors of the kinds in `skips` say that there was nothing to do.
    `statuses` are those of orders that are not named; without any, orders must be named or filtered.
    """

    terms: type[Terms]
    act: Callable[[Work, str, Any], Came]
    statuses: Sequence[OrderStatus] = ()
    skips: tuple[type[MakegoodError], ...] = ()
    most: int | None = None
    needs_consent: bool = False


# Each order divided makes children in several warehouses: a person looks at what came of it.
MOST_DIVIDED = 200

SHORT = (OrderStatus.BACKORDERED, OrderStatus.PARTIALLY_ALLOCATED)


def _allocate(work: Work, name: str, terms: AllocateTerms) -> Came:
    return _stands(allocate_order(work, name, allow_partial=terms.allow_partial))


def _release(work: Work, name: str, terms: ReleaseTerms) -> Came:
    return _stands(release_hold(work, name, snooze_days=terms.snooze_days))


def _cancel(work: Work, name: str, terms: CancelTerms) -> Came:
    return _done(cancel_order(work, name, because=terms.because))


def _hold(work: Work, name: str, terms: HoldTerms) -> Came:
    return _done(hold_order(work, name, because=terms.because, free=terms.free))


def _split(work: Work, name: str, terms: SplitTerms) -> Came:
    return _parted(split_order(work, name, mode=terms.mode, consent=terms.consent))


def _send(work: Work, name: str, terms: SendTerms) -> Came:
    least = {"min_share": terms.min_share, "min_value": terms.min_value}
    return _parted(send_available(work, name, **least, consent=terms.consent))  # type: ignore[arg-type]


def _substitute(work: Work, name: str, terms: SubstituteTerms) -> Came:
    made = apply_alternatives(work, name, consent=terms.consent)
    sent = [f"{one.substitute_units} {one.substitute} for {one.units} {one.sku}" for one in made.lines]
    return Came(RunOutcome.DONE, made.status, {"substituted": ", ".join(sent), "short": made.short})


def _divide(work: Work, name: str, terms: DivideTerms) -> Came:
    made = divide_network(work, name, consent=terms.consent)
    sent = [f"{one.units} from {one.warehouse} as {one.order_number}" for one in made.parts]
    return Came(RunOutcome.DONE, made.status, {"divided": ", ".join(sent), "short": made.short})


def _stands(made: Attempt) -> Came:
    return _done(made)._replace(outcome=STANDS.get(made.after.status, RunOutcome.DONE))


def _done(made: Attempt) -> Came:
    return Came(RunOutcome.DONE, made.after.status.value, {"granted": made.granted, "short": made.short})


def _parted(made: Split) -> Came:
    facts: dict[str, object] = {
        "child": made.backorder_order_number,
        "child_status": made.backorder_status,
        "shippable": made.shippable_items,
        "backordered": made.backordered_items,
    }
    return Came(RunOutcome.DONE, made.original_status, facts)


NOTHING_TO_SPLIT = (NothingToShip, NothingShort, TooLittleToSend)

KINDS: Mapping[RunKind, Kind] = {
    RunKind.ALLOCATE: Kind(AllocateTerms, _allocate, SHORT),
    RunKind.SPLIT: Kind(SplitTerms, _split, SHORT, NOTHING_TO_SPLIT, needs_consent=True),
    RunKind.SEND_AVAILABLE: Kind(SendTerms, _send, SHORT, NOTHING_TO_SPLIT, needs_consent=True),
    RunKind.APPLY_ALTERNATIVES: Kind(SubstituteTerms, _substitute, SHORT, (NothingToSubstitute, ConsentNeeded)),
    RunKind.DIVIDE_NETWORK: Kind(DivideTerms, _divide, SHORT, (NothingToDivide,), most=MOST_DIVIDED),
    RunKind.CANCEL: Kind(CancelTerms, _cancel),
    RunKind.HOLD: Kind(HoldTerms, _hold),
    RunKind.RELEASE: Kind(ReleaseTerms, _release, (OrderStatus.ON_HOLD,)),
}


def read_kind(word: str) -> RunKind:
    """Give the kind of run that a word stands for, or raise `InvalidValue`."""
    spelled = word.strip().upper().replace("-", "_")
    if spelled not in list(RunKind):
        raise InvalidValue("kind", word, f"one of {', '.join(RunKind)}")
    return RunKind(spelled)


def read_terms(kind: RunKind, given: Mapping[str, object]) -> Terms:
    """Give what a run is asked for as its kind knows it; raises `InvalidValue` for what makes no sense."""
    try:
        return msgspec.convert(dict(given), KINDS[kind].terms, strict=False)
    except msgspec.ValidationError as wrong:
        raise InvalidValue("terms", str(dict(given)), f"what {kind} takes ({wrong})") from wrong


def plain(terms: Terms) -> dict[str, object]:
    """Give terms as they are kept and shown."""
    found: dict[str, object] = msgspec.to_builtins(terms)
    return found
