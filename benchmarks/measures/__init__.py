"""One file per kind of figure; `ALL` is the list of what `make bench` measures, in this order."""

from collections.abc import Callable, Mapping, Sequence

from benchmarks.measures import (
    boards,
    dates,
    drains,
    gates,
    imports,
    intake,
    planning,
    receipts,
    records,
    reports,
    workers,
)
from benchmarks.report import Figure
from benchmarks.run import Run

Measure = Callable[[Run], Sequence[Figure]]

ALL: Mapping[str, Measure] = {
    "planner": planning.measure,
    "floor": drains.floors,
    "drains": drains.measure,
    "snapshot": drains.under_an_open_snapshot,
    "receipts": receipts.measure,
    "dates": dates.measure,
    "records": records.measure,
    "gates": gates.measure,
    "workers": workers.measure,
    "import": imports.measure,
    "intake": intake.measure,
    "boards": boards.measure,
    "reports": reports.measure,
}
