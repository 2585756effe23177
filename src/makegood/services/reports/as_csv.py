"""A report as a file for a spreadsheet."""

from collections.abc import Iterator, Sequence
from typing import Any

from makegood.services.files.spreadsheet import written
from makegood.services.reports.kinds import kind_named
from makegood.services.reports.make_report import Report
from makegood.services.reports.rows import SkuRow


def as_csv(report: Report[Any]) -> str:
    """Give the rows under the names of their fields."""
    return "".join(written(fields_of(report.report), cells_of(report)))


def cells_of(report: Report[Any]) -> Iterator[Sequence[object]]:
    """Give the rows as cells: of SKUs their names, yes and no."""
    return ([_cell(value) for value in row] for row in report.rows)


def fields_of(report: str) -> Sequence[str]:
    """Give the names of the fields of a report's rows."""
    fields: Sequence[str] = getattr(kind_named(report).row, "_fields")  # noqa: B009 - every row is a NamedTuple
    return fields


def _cell(value: object) -> object:
    if isinstance(value, list | tuple):
        return [one.sku if isinstance(one, SkuRow) else one for one in value]
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
