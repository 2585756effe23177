"""Rows of a Parquet file, read in pieces; needs the extra `parquet`."""

from collections.abc import Iterator
from pathlib import Path

from makegood.domain.errors import UnreadableFile
from makegood.services.files.rows import SourceRow

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
