"""How an import shows: a bar while it runs, and what it came to."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from makegood.entrypoints.cli.output import counted, put, put_json, talk
from makegood.services.files.importing import Summary

# More of them than anybody reads at a terminal are only counted; --bad-rows and --json keep them.
MOST_SHOWN = 20


@contextmanager
def progress(length: int) -> Iterator[Callable[[int], object]]:
    """Show on stderr how far the import is, where that is a terminal; gives what is told the line."""
    if not sys.stderr.isatty():
        yield lambda line: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*parts, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("lines", total=length)
        yield lambda line: bar.update(task, completed=line)


def put_summary(summary: Summary, as_json: bool) -> None:
    """Print what an import came to: bad rows on stderr, the figures on stdout."""
    if as_json:
        told = {name: getattr(summary, name) for name in summary.__slots__}
        put_json(told | {"problems": [problem.as_json() for problem in summary.problems]})
        return
    for problem in summary.problems[:MOST_SHOWN]:
        talk(str(problem))
    hidden = len(summary.problems[MOST_SHOWN:]) + summary.problems_left_out
    if hidden:
        talk(f"{hidden:,} more; --bad-rows FILE keeps the rows with what is wrong with each.")
    if summary.passed_over:
        talk(f"{counted(summary.passed_over, 'order')} passed over: cancelled there, gone out, or not yet paid.")
    if summary.ignored_columns:
        talk(f"Not read: {', '.join(summary.ignored_columns)}.")
    put(sentence(summary))


def sentence(summary: Summary) -> str:
    """Say in one line what an import came to."""
    head = "Dry run, nothing was written: " if summary.dry_run else ""
    would = "would land" if summary.dry_run else "landed"
    landed = f"{summary.landed:,} {would}"
    if summary.things != summary.landed:
        landed += f" ({counted(summary.things, summary.kind.removesuffix('s'))})"
    rest = f"{summary.unchanged:,} unchanged, {summary.bad:,} bad."
    return f"{head}{counted(summary.read, 'row')} read, {landed}, {rest}"
