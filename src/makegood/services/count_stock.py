"""Count what lies in the bins: the difference to the books at the moment of counting is posted on approval."""

from collections.abc import Sequence

from makegood.domain.catalogue import Place
from makegood.domain.errors import CountOutdated
from makegood.domain.sessions import Approval, CountedLine, SessionKind
from makegood.services.change_stock import change_stock
from makegood.services.enter_figures import Figure, enter_figures, record_whole
from makegood.services.find_stock import Named
from makegood.services.shrink_stock import Unit
from makegood.services.stock_sessions import (
    Applied,
    Session,
    SessionLine,
    approve_session,
    open_session,
    reject_session,
)
from makegood.services.work import Work

KIND = SessionKind.COUNT


def open_count(work: Work, reference: str, *, warehouse: str | None = None) -> None:
    """Open a count; opening it again has no effect. Raises `AlreadyExists` for another warehouse."""
    open_session(work, KIND, reference, warehouse=warehouse)


def add_counted(work: Work, reference: str, lines: Sequence[CountedLine]) -> int:
    """Enter what was counted and give how many figures are new; a later figure for a place supersedes.

    A figure whose key came before counts once. Raises `SessionNotFound`, `SessionClosed` or `KeyReused`.
    """
    return enter_figures(work, KIND, reference, [_figure(line) for line in lines])


def approve_count(work: Work, reference: str) -> Approval:
    """Post the differences exactly once: what was found goes to whoever waits, what is missing is written off.

    Raises `CountOutdated` when so little is left of a unit that it would become negative.
    """
    return approve_session(work, KIND, reference, _correct)


def reject_count(work: Work, reference: str) -> None:
    """Close the count and leave the books as they are."""
    reject_session(work, KIND, reference)


def count(work: Work, reference: str, lines: Sequence[CountedLine], *, warehouse: str | None = None) -> Approval:
    """Enter and approve a count at once; the same again has no effect and gives the first result.

    Raises `AlreadyExists` when the reference stands for another count.
    """
    figures = [_figure(line) for line in lines]
    return record_whole(work, KIND, reference, figures, approve_count, warehouse=warehouse)


def _figure(line: CountedLine) -> Figure:
    named = Named(line.sku, line.location, line.merchant, line.lot, line.expires_on)
    return Figure(named, line.counted, key=line.key)


def _correct(work: Work, session: Session, lines: Sequence[SessionLine]) -> Applied:
    counted = {line.place: line for line in lines}
    variances = {line.place: line.quantity - (line.booked or 0) for line in lines}

    def refusal(place: Place, unit: Unit | None) -> CountOutdated:
        return CountOutdated(
            session=session.reference,
            sku=counted[place].sku,
            variance=variances[place],
            booked=unit.quantity if unit else 0,
        )

    changed = change_stock(work, session.warehouse_id, variances, reason="cycle count", refusal=refusal)
    return Applied(
        added=sum(units for units in variances.values() if units > 0),
        removed=-sum(units for units in variances.values() if units < 0),
        usable=sum(variances[row.place] for row in changed.posted if row.usable),
    )
