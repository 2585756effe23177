"""The laws of pegging: the bodies take the rule, so that a wrong one can be put to them."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from makegood.planner.pegging import InboundUnits, LackingLine, Peg, Prospect, line_dates, peg

PegFunction = Callable[[Prospect], list[Peg]]
DatesFunction = Callable[[Prospect, Sequence[Peg]], dict[int, date]]
NEVER = date.max


def gives_no_unit_twice(peg: PegFunction, prospect: Prospect) -> None:
    """No supply is pegged beyond what it has, no line beyond what it lacks, and each to its own variant."""
    pegs = peg(prospect)
    variant = {line.line_id: line.variant_id for line in prospect.lines}
    of = {inbound.inbound_line_id: inbound for inbound in prospect.inbound}
    taken, drawn, got = Counter[int](), Counter[int](), Counter[int]()
    for one in pegs:
        assert one.units > 0
        got[one.line_id] += one.units
        if one.inbound_line_id is None:
            drawn[variant[one.line_id]] += one.units
        else:
            assert of[one.inbound_line_id].variant_id == variant[one.line_id]
            taken[one.inbound_line_id] += one.units
    assert all(units <= of[inbound].units for inbound, units in taken.items())
    assert all(units <= prospect.free.get(kind, 0) for kind, units in drawn.items())
    assert all(got[line.line_id] <= line.lacks for line in prospect.lines)


def leaves_nothing_unpegged(peg: PegFunction, prospect: Prospect) -> None:
    """Whoever waits lacks a source only when its variant's supply is spoken for to the last unit."""
    pegs = peg(prospect)
    pegged = Counter[int]()
    for one in pegs:
        pegged[one.line_id] += one.units
    for line in prospect.lines:
        if line.waits and pegged[line.line_id] < line.lacks:
            assert _spoken_for(prospect, pegs, line.variant_id) == _supply(prospect, line.variant_id)


def pegs_what_is_sourced_to_its_line(peg: PegFunction, prospect: Prospect) -> None:
    """Whoever has units of an inbound line by name has them, whoever else wants them."""
    pegged = Counter[tuple[int, int]]()
    for one in peg(prospect):
        pegged[one.line_id, one.inbound_line_id or 0] += one.units
    assert all(pegged[one.line_id, one.inbound_line_id] >= one.units for one in prospect.sourced)


def gives_a_held_line_only_what_it_sourced(peg: PegFunction, prospect: Prospect) -> None:
    """A line that does not wait has what it has by name, and nothing else."""
    sourced, pegged = Counter[int](), Counter[int]()
    for named in prospect.sourced:
        sourced[named.line_id] += named.units
    for one in peg(prospect):
        pegged[one.line_id] += one.units
    assert all(pegged[line.line_id] == sourced[line.line_id] for line in prospect.lines if not line.waits)


def lets_nobody_overtake(peg: PegFunction, prospect: Prospect) -> None:
    """Of two lines that wait for one variant and have sourced nothing, the better ranked is due no later."""
    dates = line_dates(prospect, peg(prospect))
    sourced = {one.line_id for one in prospect.sourced}
    last: dict[int, date] = {}
    for line in sorted(prospect.lines, key=lambda line: line.rank):
        if line.waits and line.line_id not in sourced:
            due = dates.get(line.line_id, NEVER)
            assert due >= last.get(line.variant_id, date.min)
            last[line.variant_id] = due


def is_blind_to_sequence(peg: PegFunction, prospect: Prospect, chance: Random) -> None:
    """Lines, supply and sourced units may come in any sequence."""
    mixed = replace(
        prospect,
        lines=chance.sample(list(prospect.lines), len(prospect.lines)),
        inbound=chance.sample(list(prospect.inbound), len(prospect.inbound)),
        sourced=chance.sample(list(prospect.sourced), len(prospect.sourced)),
    )
    assert sorted(map(_key, peg(mixed))) == sorted(map(_key, peg(prospect)))


def never_dates_later_for_more(peg: PegFunction, prospect: Prospect, chance: Random) -> None:
    """More units, an earlier day or another inbound line make nobody's day later or unknown."""
    before = line_dates(prospect, peg(prospect))
    better = with_more_supply(prospect, chance)
    after = line_dates(better, peg(better))
    assert all(after.get(line_id, NEVER) <= due for line_id, due in before.items())


def never_dates_later_for_less_demand(peg: PegFunction, prospect: Prospect, chance: Random) -> None:
    """When somebody leaves the queue nobody else's day becomes later or unknown."""
    before = line_dates(prospect, peg(prospect))
    gone = chance.choice(list(prospect.lines)).line_id
    fewer = replace(
        prospect,
        lines=[line for line in prospect.lines if line.line_id != gone],
        sourced=[one for one in prospect.sourced if one.line_id != gone],
    )
    after = line_dates(fewer, peg(fewer))
    assert all(after.get(line_id, NEVER) <= due for line_id, due in before.items() if line_id != gone)


def dates_a_line_by_its_last_unit(dates: DatesFunction, prospect: Prospect) -> None:
    """A line's day is the latest of its pegs, and known exactly when all that it lacks has a day."""
    pegs = peg(prospect)
    days = {inbound.inbound_line_id: inbound.due for inbound in prospect.inbound} | {None: date.min}
    expected = {}
    for line in prospect.lines:
        own = [one for one in pegs if one.line_id == line.line_id]
        known = [day for one in own if (day := days[one.inbound_line_id])]
        if sum(one.units for one in own) == line.lacks and len(known) == len(own):
            expected[line.line_id] = max(known)
    assert dates(prospect, pegs) == expected


def with_more_supply(prospect: Prospect, chance: Random) -> Prospect:
    """Let one more unit lie free, or some supply come earlier, in greater number, or besides."""
    inbound: list[InboundUnits] = list(prospect.inbound)
    variant = chance.choice(list(prospect.lines)).variant_id
    kind = chance.choice(["free", "more", "earlier", "besides"])
    if kind == "free":
        return replace(prospect, free={**prospect.free, variant: prospect.free.get(variant, 0) + 1})
    if kind == "besides" or not inbound:
        inbound.append(InboundUnits(999, variant, 2, date(2025, 3, chance.randrange(1, 29))))
    else:
        place = chance.randrange(len(inbound))
        one = inbound[place]
        day = (one.due or date(2025, 4, 1)) - timedelta(days=chance.randrange(9))
        inbound[place] = one._replace(units=one.units + 1) if kind == "more" else one._replace(due=day)
    return replace(prospect, inbound=inbound)


def _key(one: Peg) -> tuple[int, int, int]:
    return (one.line_id, one.inbound_line_id or 0, one.units)


def _supply(prospect: Prospect, variant: int) -> int:
    return prospect.free.get(variant, 0) + sum(i.units for i in prospect.inbound if i.variant_id == variant)


def _spoken_for(prospect: Prospect, pegs: Sequence[Peg], variant: int) -> int:
    of: dict[int, LackingLine] = {line.line_id: line for line in prospect.lines}
    return sum(one.units for one in pegs if of[one.line_id].variant_id == variant)
