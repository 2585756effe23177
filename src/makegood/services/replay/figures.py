"""What came of a replay, read from the books: the figures that are named, and who got what came back."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from makegood.services.doctor import doctor
from makegood.services.findings import Finding
from makegood.services.replay.building import RETURNS
from makegood.services.sweep import sweep
from makegood.store.database import Database, Db


class Figures(NamedTuple):
    """The figures of a replay; days run from an order's becoming short to its being allocated whole.

    `units_ordered` = `units_filled_at_once` + `units_filled_after_waiting` + `units_waiting` + `units_cancelled`:
    at once is what an order's first attempt gave, and it still has or has shipped; held orders wait.
    """

    orders: int
    lines: int
    units_ordered: int
    units_filled_at_once: int
    units_filled_after_waiting: int
    units_waiting: int
    units_cancelled: int
    orders_resolved: int
    orders_held: int
    units_returned: int
    median_days_waited: float | None
    p90_days_waited: float | None
    laws_broken: int
    sweep_defects: int
    wall_seconds: float


class Receiver(NamedTuple):
    """An order that got returned units; `after_waiting` of them not by its first attempt."""

    order: str
    customer: str
    units: int
    after_waiting: int


class Outcome(NamedTuple):
    """What came of a replay: the figures, who got returned units, how much was swept, and what is wrong."""

    figures: Figures
    receivers: list[Receiver]
    lines_swept: int
    findings: list[Finding]

    @property
    def is_clean(self) -> bool:
        """Tell whether no law is broken and nothing was left lying."""
        return not self.figures.laws_broken and not self.figures.sweep_defects


def come_to(books: Database, as_of: datetime, *, wall_seconds: Callable[[], float]) -> Outcome:
    """Sweep and examine the books, and read the figures; `wall_seconds` is asked last."""
    swept = sweep(books, as_of)
    examined = doctor(books, as_of)
    with books.snapshot() as db:
        figures = _figures(
            db, db.value("replay_returned"), examined.laws_broken, len(swept.defects), wall_seconds()
        )
        receivers = db.records(Receiver, "replay_returned_to", shelf=RETURNS)
    return Outcome(figures, receivers, swept.lines_looked_at, examined.findings)


def _figures(db: Db, returned: int, laws_broken: int, defects: int, wall_seconds: float) -> Figures:
    orders, lines, ordered, at_once, later, waiting, cancelled, resolved, held = db.all("replay_orders")[0]
    median, ninth_decile = (None if days is None else round(days, 2) for days in db.all("replay_waits")[0])
    return Figures(
        orders=orders,
        lines=lines,
        units_ordered=ordered,
        units_filled_at_once=at_once,
        units_filled_after_waiting=later,
        units_waiting=waiting,
        units_cancelled=cancelled,
        orders_resolved=resolved,
        orders_held=held,
        units_returned=returned,
        median_days_waited=median,
        p90_days_waited=ninth_decile,
        laws_broken=laws_broken,
        sweep_defects=defects,
        wall_seconds=round(wall_seconds, 1),
    )
