"""Enter figures into a stock session: what is sent twice counts once, what is entered anew supersedes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple

from makegood.domain.catalogue import Place
from makegood.domain.errors import AlreadyExists, InvalidValue, KeyReused, SessionLineNotFound
from makegood.domain.sessions import Approval, SessionKind
from makegood.services.find_stock import Named, insist_on_units, places_that_hold, places_to_fill
from makegood.services.inbound.announced import meant, with_lots
from makegood.services.inbound.records import InboundRow
from makegood.services.stock_sessions import Session, SessionLine, hold_open_session, open_session
from makegood.services.work import Work


class Figure(NamedTuple):
    """So many units in a place, as somebody named it; the same `key` counts once.

    `inbound` names the inbound line that they belong to, `inbound_line_id` is the one that it stands for.
    """

    named: Named
    quantity: int
    damaged: int = 0
    key: str | None = None
    inbound: str | None = None
    inbound_line_id: int | None = None


class Said(NamedTuple):
    """What a figure says: so many units, so many of them damaged, in this place, of this inbound line."""

    place: Place
    quantity: int
    damaged: int
    inbound_line_id: int | None


def enter_figures(work: Work, kind: SessionKind, reference: str, figures: Sequence[Figure]) -> int:
    """Enter figures into an open session and give how many are new.

    Raises `KeyReused` when a key came before with another figure.
    """
    return write_figures(work, hold_open_session(work, kind, reference), figures)


def write_figures(work: Work, session: Session, figures: Sequence[Figure]) -> int:
    """Enter figures into a session that is held open, and give how many are new."""
    for figure in figures:
        insist_on_figure(session.kind, figure.quantity, figure.damaged)
    counting = session.kind == SessionKind.COUNT
    figures = with_inbound(work, session.warehouse_id, figures)
    find = places_that_hold if counting else places_to_fill
    places = find(work, session.site, [figure.named for figure in figures])
    new = _not_yet_entered(work, session, list(zip(figures, places, strict=True)))
    if counting:
        _supersede(work, session, new)
    if new:
        _append(work, session, new)
    return len(new)


def with_inbound(work: Work, warehouse: int, figures: Sequence[Figure]) -> list[Figure]:
    """Give figures of announced units the inbound line that they name; those of a transfer bring their lot."""
    named = [figure for figure in figures if figure.inbound is not None]
    if not named:
        return list(figures)
    rows = meant(work, warehouse, [(figure.inbound or "", figure.named) for figure in named])
    lots = with_lots(work, rows, [figure.named for figure in named])
    known = iter(zip(lots, rows, strict=True))
    return [figure if figure.inbound is None else _known(figure, *next(known)) for figure in figures]


def _known(figure: Figure, named: Named, row: InboundRow) -> Figure:
    return figure._replace(named=named, inbound_line_id=row.inbound_line_id)


def restate_figure(
    work: Work, kind: SessionKind, reference: str, key: str, quantity: int, damaged: int = 0
) -> None:
    """Let the figure under a key say another quantity; 0 takes it out. The former one stays on record.

    Raises `SessionNotFound`, `SessionClosed` or `SessionLineNotFound`.
    """
    insist_on_figure(SessionKind.COUNT, quantity, damaged)
    session = hold_open_session(work, kind, reference)
    written = work.db.run(
        "restate_line",
        session=session.session_id,
        key=key,
        quantity=quantity,
        damaged=damaged,
        actor=work.actor,
        as_of=work.as_of,
    )
    if not written:
        raise SessionLineNotFound(session=session.reference, key=key)


def record_whole(
    work: Work,
    kind: SessionKind,
    reference: str,
    figures: Sequence[Figure],
    approve: Callable[[Work, str], Approval],
    *,
    warehouse: str | None,
    order: str | None = None,
) -> Approval:
    """Open a session, enter all its figures and approve it; the same again has no effect.

    Raises `AlreadyExists` when the reference stands for other figures.
    """
    fingerprint = _fingerprint(figures)
    session, is_new = open_session(
        work, kind, reference, warehouse=warehouse, order=order, fingerprint=fingerprint
    )
    if is_new:
        write_figures(work, session, figures)
    elif session.fingerprint != fingerprint:
        raise AlreadyExists(kind=f"{kind.capitalize()} session", name=session.reference)
    return approve(work, reference)


def insist_on_figure(kind: str, quantity: int, damaged: int) -> None:
    """Refuse a figure that nobody can mean; only a count may find nothing."""
    insist_on_units(quantity, field="quantity", least=0 if kind == SessionKind.COUNT else 1)
    if not 0 <= damaged <= quantity:
        raise InvalidValue("damaged", damaged, f"a whole number from 0 to {quantity}")


def _not_yet_entered(
    work: Work, session: Session, entered: Sequence[tuple[Figure, Place]]
) -> list[tuple[Figure, Place]]:
    """Leave out what was entered before under the same key, even if it was restated since."""
    keys = sorted({figure.key for figure, _ in entered if figure.key is not None})
    rows = work.db.records(SessionLine, "keyed_lines", session=session.session_id, keys=keys) if keys else []
    known: dict[str, list[Said]] = defaultdict(list)
    for row in rows:
        known[row.key or ""].append(Said(row.place, row.quantity, row.damaged, row.inbound_line_id))
    new = []
    for figure, place in entered:
        said = Said(place, figure.quantity, figure.damaged, figure.inbound_line_id)
        before = known[figure.key] if figure.key is not None else []
        if not before:
            new.append((figure, place))
            before.append(said)
        elif not any(_repeats(one, said, figure.named) for one in before):
            raise KeyReused(str(figure.key))
    return new


def _repeats(known: Said, said: Said, named: Named) -> bool:
    """Tell whether a figure says the same again; a lot that it leaves open is the one that was found then."""
    place = said.place._replace(
        lot=said.place.lot if named.lot else known.place.lot,
        expires_on=said.place.expires_on if named.expires_on else known.place.expires_on,
    )
    return said._replace(place=place) == known


def _supersede(work: Work, session: Session, new: Sequence[tuple[Figure, Place]]) -> None:
    """Let former figures of the same places give way; in one go each place is counted once."""
    for place, times in Counter(place for _, place in new).items():
        if times > 1:
            sku = next(figure.named for figure, other in new if other == place)
            raise InvalidValue("lines", f"{sku.sku} in {sku.location}", "counted once: add its figures up")
    if new:
        work.db.run(
            "supersede_places",
            session=session.session_id,
            variants=[place.variant_id for _, place in new],
            locations=[place.location_id for _, place in new],
            lots=[place.lot for _, place in new],
            expiries=[place.expires_on for _, place in new],
        )


def _append(work: Work, session: Session, new: Sequence[tuple[Figure, Place]]) -> None:
    work.db.run_expecting(
        len(new),
        "add_session_lines",
        session=session.session_id,
        counting=session.kind == SessionKind.COUNT,
        variants=[place.variant_id for _, place in new],
        locations=[place.location_id for _, place in new],
        statuses=[place.status for _, place in new],
        lots=[place.lot for _, place in new],
        expiries=[place.expires_on for _, place in new],
        quantities=[figure.quantity for figure, _ in new],
        damaged=[figure.damaged for figure, _ in new],
        keys=[figure.key for figure, _ in new],
        inbound=[figure.inbound_line_id for figure, _ in new],
        actor=work.actor,
        as_of=work.as_of,
    )


def _fingerprint(figures: Sequence[Figure]) -> str:
    """Give a text that is the same for the same figures in any order.

    >>> cups, lids = Figure(Named("CUP", "A-01"), 1), Figure(Named("LID", "A-01"), 1)
    >>> _fingerprint([cups, lids]) == _fingerprint([lids, cups]) != _fingerprint([cups, cups])
    True
    """
    said = sorted("\t".join(map(str, _words(one))) for one in figures)
    return sha256("\n".join(said).encode()).hexdigest()


def _words(one: Figure) -> tuple[object, ...]:
    """Give what counts of a figure; what belongs to no inbound line reads as it did before there were any."""
    return (*one.named, one.quantity, one.damaged, *([one.inbound] if one.inbound else ()))
