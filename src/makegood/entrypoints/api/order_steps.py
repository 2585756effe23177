"""An order on its way, over HTTP: held, released, explained, handed to the pickers, picked, short, shipped."""

from pydantic import Field

from makegood.entrypoints.api.bodies import Body, LineNumber, Units, Word
from makegood.entrypoints.api.calls import Explained, answered
from makegood.entrypoints.api.orders import OrderId
from makegood.services.explain_order import explain_order
from makegood.services.hold_order import hold_order
from makegood.services.pick_order import confirm_pick, release_to_pick, ship_order, short_pick, start_pick
from makegood.services.release_hold import release_hold
from makegood.services.tell_outcome import OrderOutcome, tell_outcome
from makegood.services.work import Work


class Hold(Body):
    """Why an order is held."""

    because: Word = Field(examples=["the address is unclear"])
    free: bool = Field(default=False, description="Offer what it has reserved to the queue; else it keeps that.")


class Release(Body):
    """How long a released order is left in peace."""

    snooze_days: int | None = Field(
        default=None,
        ge=0,
        le=3650,
        description="It is not held for its age again for so many days; else as many as the settings say.",
        examples=[7],
    )


class ShortPick(Body):
    """What a picker did not find."""

    line: LineNumber
    missing: Units
    quarantine: bool = Field(
        default=False, description="Keep the units on the books, out of reach, to be counted."
    )


def hold(work: Work, order: OrderId, why: Hold) -> OrderOutcome:
    """Hold an order.

    It leaves the queue until somebody releases it.
    """
    return tell_outcome(work, hold_order(work, order, because=why.because, free=why.free))


def release(work: Work, order: OrderId, how: Release = Release()) -> OrderOutcome:
    """Release an order that is held.

    It returns to the queue with the age and rank that it had.
    """
    return tell_outcome(work, release_hold(work, order, snooze_days=how.snooze_days))


def to_pick(work: Work, order: OrderId) -> OrderOutcome:
    """Release an order to the pickers.

    Only an ALLOCATED one; a part of an order leaves by a split, or as a fulfilled backorder.
    """
    return tell_outcome(work, release_to_pick(work, [order])[0])


def start(work: Work, order: OrderId) -> OrderOutcome:
    """Note that picking has begun.

    The order cannot be cancelled any more.
    """
    return tell_outcome(work, start_pick(work, [order])[0])


def picked(work: Work, order: OrderId) -> OrderOutcome:
    """Confirm that an order was picked.

    Its units leave their bins and stay reserved for it.
    """
    return tell_outcome(work, confirm_pick(work, [order])[0])


def short(work: Work, order: OrderId, what: ShortPick) -> OrderOutcome:
    """Report units that the picker did not find.

    They are booked out of their bin, so that nobody is promised them again; the line's demand returns to the
    queue.
    """
    made = short_pick(work, order, line_number=what.line, missing=what.missing, quarantine=what.quarantine)
    return tell_outcome(work, made)


def shipped(work: Work, order: OrderId) -> OrderOutcome:
    """Let a picked order leave.

    Its units are gone, its lines fulfilled.
    """
    return tell_outcome(work, ship_order(work, [order])[0])


def explanation(work: Work, order: OrderId) -> Explained:
    """Explain why an order waits.

    For each short line the facts, the same in sentences, its place in the queue, the next supply that is due, and
    what a person could do about it, each as a call that works.
    """
    return answered(explain_order(work, order))
