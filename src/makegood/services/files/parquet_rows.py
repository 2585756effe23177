"""Rows of a Parquet file, read and written in pieces; needs the extra `parquet`."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from makegood.domain.errors import UnreadableFile
from makegood.services.files.cells import as_day, as_flag, as_instant, as_number, as_price
from makegood.services.files.columns import Column
from makegood.services.files.rows import SourceRow

if TYPE_CHECKING:
    import polars

ROWS_A_PIECE = 20_000


def insist_on_polars(name: str) -> None:
    """Refuse Parquet where what reads and writes it is not installed, and say which extra brings it."""
    try:
        import polars  # noqa: F401
    except ImportError as missing:
        needs = "Parquet needs the extra `parquet`: pip install 'makegood[parquet]'"
        raise UnreadableFile(name, needs) from missing


def parquet_headers(path: Path, name: str) -> list[str]:
    """Read the headers of a Parquet file."""
    insist_on_polars(name)
    import polars

    try:
        return polars.scan_parquet(path, glob=False).collect_schema().names()
    except (polars.exceptions.PolarsError, OSError) as wrong:
        raise UnreadableFile(name, f"it is no Parquet file: {str(wrong).splitlines()[0]}") from wrong


def parquet_length(path: Path) -> int:
    """Count the rows."""
    import polars

    return int(polars.scan_parquet(path, glob=False).select(polars.len()).collect().item())


def parquet_rows(path: Path) -> Iterator[SourceRow]:
    """Read the rows piece by piece; a row's line is its number, from 1."""
    import polars

    line = 0
    pieces = polars.scan_parquet(path, glob=False).collect_batches(chunk_size=ROWS_A_PIECE, lazy=True)
    for piece in pieces:
        for cells in piece.iter_rows(named=True):
            line += 1
            yield SourceRow(line, cells)


def write_parquet(rows: Path, made: Path, columns: Sequence[Column] | Sequence[str]) -> None:
    """Turn a CSV file with these columns into Parquet, piece by piece, each column with its type."""
    import polars

    typed = [column if isinstance(column, str) else _typed(column) for column in columns]
    polars.scan_csv(rows, infer_schema=False).select(typed).sink_parquet(made)


def _typed(column: Column) -> "polars.Expr":
    import polars

    cell = polars.col(column.name)
    ways: dict[Callable[[object], object], Callable[[], polars.Expr]] = {
        as_number: lambda: cell.cast(polars.Int64),
        as_flag: lambda: cell == "yes",
        as_instant: lambda: cell.str.to_datetime(time_unit="us", time_zone="UTC"),
        as_day: lambda: cell.str.to_date(),
        as_price: lambda: cell.cast(polars.Decimal(14, 4)),
    }
    return ways.get(column.reading, lambda: cell)()
