"""Take in what was announced: post it, let what is sourced have its part first, leave the rest to the queue."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from makegood.domain.catalogue import Place, UnitStatus
from makegood.domain.errors import InboundClosed
from makegood.domain.inbound import InboundKind
from makegood.services.gates import LockedOrder
from makegood.services.inbound.feed_sourced import feed
from makegood.services.inbound.hold_inbound import held_sourcings, hold_sourced, release_surplus
from makegood.services.inbound.records import InboundRow, Told, hold_inbound, read_rows, tell, write_inbound
from makegood.services.inbound.transfers import Load, loads, take_off
from makegood.services.post_stock import Posted, hold_places, post, summed
from makegood.services.shrink_stock import lock_units
from makegood.services.sourcings import Sourcing
from makegood.services.stock_sessions import SessionLine
from makegood.services.work import Work
from makegood.store.database import StartOver


class Held(NamedTuple):
    """Inbound lines that are held as they stand, with whoever has a part of them and what is under way."""

    rows: Mapping[int, InboundRow]
    orders: Sequence[LockedOrder]
    sourcings: Sequence[Sourcing]
    loads: Sequence[Load]


def take_in(work: Work, warehouse: int, lines: Sequence[SessionLine]) -> list[Posted]:
    """Post delivered units and give where they stand; of announced ones the inbound lines are lowered.

    What is sourced of them becomes allocations, also where it cannot be picked yet; damaged or expired units
    serve nobody. More than was announced may come. Raises `InboundClosed` for a transfer of which nothing is
    under way any more.
    """
    held = _hold(work, warehouse, lines)
    coming = summed((_arrival(line), line.quantity) for line in lines)
    taken = _unload(coming, held)
    posted = post(work, _places(lines), reason="receipt", ages=_ages(lines, taken))
    take_off(work, taken, reason="transfer arrived")
    fed = feed(work, held.orders, held.sourcings, _sound(lines), posted)
    _write(work, held, lines, fed)
    work.mark((row.variant_id, row.warehouse_id) for row in posted if row.usable)
    return posted


def _hold(work: Work, warehouse: int, lines: Sequence[SessionLine]) -> Held:
    """Hold gates and orders, places, units and inbound lines, in this order; what decides is read afterwards."""
    ids = sorted({line.inbound_line_id for line in lines if line.inbound_line_id})
    seen = read_rows(work, ids)
    orders = hold_sourced(work, warehouse, ids, {row.variant_id for row in seen.values()})
    spots = hold_places(work, list(_places(lines)))
    transfers = [row.inbound_line_id for row in seen.values() if row.kind == InboundKind.TRANSFER]
    way = loads(work, transfers)
    lock_units(work, [*(load.unit_id for load in way), *(spot.unit_id for spot in spots)])
    rows = hold_inbound(work, ids)
    for row in rows.values():
        if row.kind == InboundKind.TRANSFER and not row.figures.outstanding:
            raise InboundClosed(inbound=row.name, status=row.status)
    if transfers and way != loads(work, transfers):
        raise StartOver("a transfer was received or changed before it was held")
    return Held(rows, orders, held_sourcings(work, ids, orders), way)


def _places(lines: Sequence[SessionLine]) -> dict[Place, int]:
    damaged = ((line.place._replace(status=UnitStatus.DAMAGED), line.damaged) for line in lines)
    return summed([*((line.place, line.quantity - line.damaged) for line in lines), *damaged])


def _sound(lines: Sequence[SessionLine]) -> dict[tuple[int, Place], int]:
    """Count the sound units of each inbound line by the place in which they stand."""
    return summed(
        ((line.inbound_line_id, line.place), line.quantity - line.damaged)
        for line in lines
        if line.inbound_line_id
    )


class _Arrival(NamedTuple):
    inbound_line_id: int | None
    lot: tuple[str, object]


def _arrival(line: SessionLine) -> _Arrival:
    return _Arrival(line.inbound_line_id, (line.lot, line.expires_on))


def _unload(coming: Mapping[_Arrival, int], held: Held) -> dict[Load, int]:
    """Choose which units under way have arrived: those of the lot first, then others, whose lot was mistaken.

    Beyond them a transfer brings more than had left.
    """
    left = {load: load.quantity for load in held.loads}
    for arrival, units in sorted(coming.items(), key=str):
        own = [load for load in held.loads if load.inbound_line_id == arrival.inbound_line_id]
        for load in sorted(own, key=lambda load: (load.lot, load.expires_on) != arrival.lot):
            count = min(left[load], units)
            left[load] -= count
            units -= count
    return {load: load.quantity - rest for load, rest in left.items() if rest < load.quantity}


def _ages(lines: Sequence[SessionLine], taken: Mapping[Load, int]) -> dict[Place, datetime]:
    """Let units that were under way keep their age."""
    since: dict[_Arrival, datetime] = {}
    for load in taken:
        arrival = _Arrival(load.inbound_line_id, (load.lot, load.expires_on))
        since[arrival] = min(load.received_at, since.get(arrival, load.received_at))
    return {line.place: since[_arrival(line)] for line in lines if _arrival(line) in since}


def _write(work: Work, held: Held, lines: Sequence[SessionLine], fed: Mapping[Sourcing, int]) -> None:
    """Write what came of each inbound line and who was given some of it; surplus sourcings are given back."""
    came = summed((line.inbound_line_id, line.quantity) for line in lines if line.inbound_line_id)
    given = summed((one.inbound_line_id, count) for one, count in fed.items())
    before = [held.rows[inbound]._replace(sourced=held.rows[inbound].sourced - given.get(inbound, 0))
              for inbound in came]  # fmt: skip
    after = [
        row._replace(
            received=row.received + came[row.inbound_line_id], given=row.given + given.get(row.inbound_line_id, 0)
        )
        for row in before
    ]
    left = [one._replace(quantity=one.quantity - fed.get(one, 0)) for one in held.sourcings]
    release_surplus(
        work, before, after, [one for one in left if one.quantity], "fewer sound units came than announced"
    )
    write_inbound(work, after)
    tell(
        work,
        [
            Told(row.inbound_line_id, "inbound:received",
                 {"quantity": came[row.inbound_line_id], "given": given.get(row.inbound_line_id, 0)})
            for row in after
        ],
    )  # fmt: skip
