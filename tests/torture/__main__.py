"""Torture the books and judge them: `python -m tests.torture [--seconds 60] [--seed 1] [--home FOLDER]`.

It starts a PostgreSQL of its own, ends with 1 if anything is broken, and then leaves the books where they are.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from makegood.store.database import Database
from makegood.store.embedded import served
from makegood.store.embedded.home import home_of
from makegood.store.migrate import migrate
from tests.conftest import ROOT
from tests.torture.conductor import conduct, furnish
from tests.torture.deadlocks import deadlocks, name_processes
from tests.torture.journal import read_journals
from tests.torture.verdict import faults, told, too_calm

BOOKS = "torture"


def torture(home: Path, seconds: float, seed: int) -> tuple[list[str], list[str]]:
    """Let everybody work on new books for so long; give what there is to tell, and what is broken."""
    with served(home) as server, tempfile.TemporaryDirectory(prefix="torture") as journals:
        address = _new_books(server)
        log = max((home_of(home) / "log").glob("server-*.log"), key=lambda file: file.stat().st_mtime)
        began = log.stat().st_size
        day = conduct(address, Path(journals), seconds, seed)
        requests = read_journals(Path(journals))
        found = [*day.faults, *too_calm(day), *faults(address, requests)]
        # One that the server ends is done again and costs a second, but it is a wrong order of locks.
        found += [f"deadlock: {words}" for words in deadlocks(log, began, requests)]
    return told(day, requests, found), found


def _new_books(server: str) -> str:
    with psycopg.connect(server, autocommit=True) as admin:
        name_processes(admin)
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(BOOKS)))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(BOOKS)))
    address = make_conninfo(server, dbname=BOOKS)
    migrate(address)
    books = Database(address)
    furnish(books)
    books.close()
    return address


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", type=Path, default=ROOT / ".makegood" / "torture")
    asked = parser.parse_args()
    said, found = torture(asked.home, asked.seconds, asked.seed)
    sys.stdout.write("\n".join(said) + "\n")
    if found:
        sys.stdout.write(f"The books are left in the database {BOOKS} of {asked.home}\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
