"""`make bench`: measure, and print a table for people or one JSON object; what is under way goes to stderr."""

import argparse
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks.books import sweep_up
from benchmarks.measures import ALL
from benchmarks.report import Figure, as_json, table
from benchmarks.run import FULL, QUICK, Run, Scale, running, tell, telling
from makegood.store.embedded import served

HOME = Path(".makegood") / "bench"
# A floor is only one if it is durable.
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what was asked for."""
    asked = _parser().parse_args(arguments)
    scale = QUICK if asked.quick else FULL if asked.full else Scale()
    with _server(asked.database_url) as server:
        facts = _facts(server, asked.quick)
        with running(server, scale) as run:
            figures = _measure(run, asked.only)
    facts |= {"load after": _load()}
    print(as_json(figures, facts) if asked.json else table(figures, facts))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    parser.add_argument("--only", action="append", choices=[*ALL], help="measure this only; may be given again")
    parser.add_argument(
        "--quick", action="store_true", help="a smoke run with few lines; its figures mean nothing"
    )
    parser.add_argument("--full", action="store_true", help="also drain 1,000,000 lines")
    parser.add_argument("--database-url", help="a PostgreSQL of your own, where databases may be created")
    return parser


def _measure(run: Run, only: Sequence[str] | None) -> list[Figure]:
    figures: list[Figure] = []
    for name, measure in ALL.items():
        if only is None or name in only:
            with telling(f"== {name}"):
                made = measure(run)
            # A run takes half an hour: what ends it early does not take what was measured along.
            for figure in made:
                tell(f"   {figure.name} {figure.value:.3f} ({figure.note})")
            figures += made
    return figures


@contextmanager
def _server(database_url: str | None) -> Iterator[str]:
    if database_url:
        yield database_url
        return
    with served(HOME) as server:
        sweep_up(server)
        yield server


def _facts(server: str, quick: bool) -> dict[str, str]:
    """Say what was measured on: the figures are ratios, but who compares two runs must know."""
    with psycopg.connect(server) as connection:
        told = {name: _setting(connection, name) for name in ("server_version", "shared_buffers", *DURABLE)}
    if not quick and any(told[name] != "on" for name in DURABLE):
        raise SystemExit(f"the server is not durable: {told}")
    machine: Mapping[str, str] = {
        "scale": "quick, the figures mean nothing" if quick else "as named",
        "machine": f"{os.cpu_count()} processors, {platform.machine()}, {platform.system()}",
        "python": platform.python_version(),
        "load before": _load(),
    }
    return {**machine, **told}


def _setting(connection: psycopg.Connection[tuple[str]], name: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
    return row[0] if row else ""


def _load() -> str:
    return " ".join(f"{load:.2f}" for load in os.getloadavg())


if __name__ == "__main__":
    main()
