"""Send what is available: split an order by quantity, unless too little of it could go out."""

from collections.abc import Sequence
from decimal import Decimal

from makegood.domain.errors import InvalidValue, TooLittleToSend
from makegood.domain.splits import Consent, SplitMode
from makegood.services.consents import insist_on_consent
from makegood.services.gates import LockedOrder, orders_named
from makegood.services.hold_to_split import hold_to_split
from makegood.services.preview import done_or_previewed
from makegood.services.split_order import Split, split_held
from makegood.services.work import Work


def send_available(
    work: Work,
    name: str,
    *,
    min_share: float = 0,
    min_value: Decimal | None = None,
    consent: Consent | None = None,
    dry_run: bool = False,
) -> Split:
    """Split one order into the units that are there and a child that waits for the others.

    Below `min_share` (0 to 1, of the units that have not gone out) or `min_value` (by unit prices; a line
    without one counts nothing) the order stays whole: `TooLittleToSend`. Otherwise as `split_order`.
    """
    if not 0 <= min_share <= 1:
        raise InvalidValue("min_share", min_share, "a share from 0 to 1")
    if min_value is not None and min_value < 0:
        raise InvalidValue("min_value", min_value, "an amount of at least 0")
    if not dry_run:
        insist_on_consent(work, consent)
    return done_or_previewed(work, dry_run, _send, name, min_share, min_value, consent)


def in_rank_order(work: Work, names: Sequence[str]) -> list[str]:
    """Give each named order once, in the order in which orders are served.

    A name that stands for none or for several comes last, as it was given: whoever acts on it is told why.
    """
    given = list(dict.fromkeys(names))
    found = orders_named(work, given)
    known = {found[name][0][0]: name for name in given if len(found.get(name, ())) == 1}
    ranked = [row[0] for row in work.db.all("best_ranks", orders=list(known))]
    return [*(known[order_id] for order_id in ranked), *(name for name in given if len(found.get(name, ())) != 1)]


def _send(work: Work, name: str, min_share: float, min_value: Decimal | None, consent: Consent | None) -> Split:
    locked = hold_to_split(work, name, SplitMode.QUANTITIES)
    if any(line.allocated for line in locked.lines):
        _insist_on_enough(work, locked, min_share, min_value)
    return split_held(work, locked, SplitMode.QUANTITIES, consent)


def _insist_on_enough(work: Work, locked: LockedOrder, min_share: float, min_value: Decimal | None) -> None:
    ready = sum(line.allocated for line in locked.lines)
    wanted = sum(line.quantity - line.cancelled - line.fulfilled for line in locked.lines)
    if ready < min_share * wanted:
        raise TooLittleToSend(
            order=locked.order.number, ready=f"{ready} of {wanted} units", least=f"{min_share:.0%}"
        )
    if min_value is None:
        return
    value = work.db.value("value_of_reserved", order=locked.order.order_id)
    if value < min_value:
        raise TooLittleToSend(order=locked.order.number, ready=f"a value of {value:.2f}", least=f"{min_value:.2f}")
