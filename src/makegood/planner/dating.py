"""Which days are to be kept for the lines of some queues, and what of that differs from what is kept.

A line of an order that ships in parts has the day of its own last unit. The lines of an order that ships whole
have that of the order's last line; as soon as one of them has a day all of them are kept, known or not, so that
whatever changes in any of their queues is seen to concern the order.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from makegood.planner.pegging import ON_HAND, LackingLine, whole_date


class DatedLine(NamedTuple):
    """What is kept of a line: the day of its own last unit, and the day that its backorder is told."""

    line_id: int
    variant_id: int
    order_id: int
    line_due: date | None
    due: date | None


class PartOfWhole(NamedTuple):
    """A line that lacks units of an order that ships whole, matched or not, with what is kept of it."""

    line_id: int
    variant_id: int | None
    order_id: int
    line_due: date | None
    due: date | None
    kept: bool

    @property
    def row(self) -> DatedLine:
        """Give what is kept."""
        return DatedLine(self.line_id, self.variant_id or 0, self.order_id, self.line_due, self.due)


class Told(NamedTuple):
    """A line whose backorder is told another day."""

    line_id: int
    was: date | None
    due: date | None


class Differences(NamedTuple):
    """Rows to be added, rows to be changed and rows to be dropped, and what people are told anew."""

    added: Sequence[DatedLine]
    changed: Sequence[DatedLine]
    dropped: Sequence[DatedLine]
    told: Sequence[Told]

    @property
    def rows(self) -> int:
        """How many rows are to be written or dropped."""
        return len(self.added) + len(self.changed) + len(self.dropped)

    def first(self, most: int) -> "Differences":
        """Give so many of these rows with what is told of them; the rest is found again afterwards."""
        if self.rows <= most:
            return self
        added = self.added[:most]
        changed = self.changed[: most - len(added)]
        dropped = self.dropped[: most - len(added) - len(changed)]
        lines = {row.line_id for row in (*added, *changed, *dropped)}
        return Differences(added, changed, dropped, [one for one in self.told if one.line_id in lines])


def shown(due: date | None) -> date | None:
    """Give a day as a person is told it: what lies there already is not awaited."""
    return None if due == ON_HAND else due


def alone_dates(lines: Iterable[LackingLine], days: Mapping[int, date]) -> list[DatedLine]:
    """Give the rows to be kept of lines whose orders ship in parts.

    `planner.dating_columns` finds the same by columns, as far as they differ from what is kept.
    """
    return [
        DatedLine(line.line_id, line.variant_id, line.order_id, day, day)
        for line in lines
        if not line.complete and (day := shown(days.get(line.line_id))) is not None
    ]


def whole_dates(parts: Iterable[PartOfWhole], days: Mapping[int, date], here: Collection[int]) -> list[DatedLine]:
    """Give the rows to be kept of orders that ship whole, of which all parts are given.

    `here` are the variants whose queues were pegged; of lines in other queues the kept day counts.
    """
    together: dict[int, list[DatedLine]] = {}
    for part in parts:
        day = days.get(part.line_id) if part.variant_id in here else part.line_due
        together.setdefault(part.order_id, []).append(part.row._replace(line_due=day))
    return [row for order in together.values() for row in _whole(order)]


def _whole(order: Sequence[DatedLine]) -> list[DatedLine]:
    """Give the rows of one order that ships whole; none while no line of it has a day."""
    if not any(shown(row.line_due) for row in order):
        return []
    due = whole_date([row.line_due for row in order])
    return [row._replace(due=due) for row in order if row.variant_id]


def differences(kept: Iterable[DatedLine], wanted: Iterable[DatedLine]) -> Differences:
    """Say what has to change so that what is kept is what is wanted.

    >>> kept = DatedLine(7, 1, 1, date(2026, 3, 9), date(2026, 3, 9))
    >>> later = kept._replace(line_due=date(2026, 3, 12), due=date(2026, 3, 12))
    >>> differences([kept], [later]).told
    [Told(line_id=7, was=datetime.date(2026, 3, 9), due=datetime.date(2026, 3, 12))]
    """
    before = {(row.variant_id, row.line_id): row for row in kept}
    after = {(row.variant_id, row.line_id): row for row in wanted}
    added = [row for place, row in after.items() if place not in before]
    changed = [row for place, row in after.items() if place in before and before[place] != row]
    dropped = [row for place, row in before.items() if place not in after]
    was = {row.line_id: shown(row.due) for row in before.values()}
    now = {row.line_id: shown(row.due) for row in after.values()}
    lines = {row.line_id for row in (*added, *changed, *dropped)}
    told = [Told(one, was.get(one), now.get(one)) for one in sorted(lines) if was.get(one) != now.get(one)]
    return Differences(added, changed, dropped, told)
