"""Import a text into a shop as a file would be, and tell in a few words what came of it."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from makegood.services.files.columns import Columns
from makegood.services.files.importing import Import, Kind, Summary
from makegood.services.files.rows import Refused, Terms
from makegood.services.files.source import opened
from tests.shop import Shop


def take(
    shop: Shop, kind: str, text: str | bytes, *, desk: Callable[..., Any] | None = None, **options: Any
) -> Summary:
    """Import a CSV text of some kind, or JSON Lines where it begins with a brace."""
    refused: list[Refused] = options.pop("refused", [])
    dry_run = options.pop("dry_run", False)
    about: Kind[Any] = import_module(f"makegood.services.import_{kind}").KIND
    columns = Columns(about.entry, {})
    content = text if isinstance(text, bytes) else text.encode()
    with TemporaryDirectory() as folder:
        path = Path(folder) / ("file.jsonl" if content.startswith(b"{") else "file.csv")
        path.write_bytes(content)
        with opened(path, recognised=columns.knows) as source:
            if source.headers is not None:
                columns.insist(source.name, source.headers)
            way = Import(desk or shop.do, about, terms=Terms(**options), dry_run=dry_run, refused=refused.append)
            return way.take("file", source.rows, columns)


def counts(summary: Summary) -> tuple[int, int, int]:
    """Give rows landed, unchanged and bad; together they are the rows that were read."""
    assert summary.read == summary.landed + summary.unchanged + summary.bad
    return summary.landed, summary.unchanged, summary.bad


def said(summary: Summary) -> list[tuple[int, str, str]]:
    """Give line, field and reason of each problem."""
    return [(problem.line, problem.field, problem.because) for problem in summary.problems]
