"""What came of an act, in a sentence for the one who did it."""

from makegood.entrypoints.web.rendering import counted, said
from makegood.services.tell_outcome import OrderOutcome


def tried(made: OrderOutcome) -> str:
    """Say what a try came to, and the first reasons for what is still short."""
    got = f"{counted(made.granted, 'unit')} reserved" if made.granted else "nothing new reserved"
    whole = f"Order {made.order} is {said(made.status)}: {got}."
    if not made.short:
        return whole
    reasons = [f"{one['sku']}: {one['sentence']}" for one in made.reasons[:3]]
    return " ".join([whole, f"{counted(made.short, 'unit')} still short.", *reasons])
