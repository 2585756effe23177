"""Copies of the books: written by pg_dump, brought back by pg_restore, whole or not at all."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from makegood.domain.errors import DatabaseUnavailable, UnreadableFile
from makegood.store.embedded import binaries

# The name of the connections that write a copy or bring it back, and the seconds between two looks at others.
AT_IT = "makegood copy"
A_LOOK = 0.05


def back_up(conninfo: str, file: Path) -> int:
    """Write the books as they stand at one instant to a file, and give its size in bytes.

    The file appears whole or not at all. Raises `DatabaseUnavailable` with what pg_dump says.
    """
    draft = file.with_name(f"{file.name}.part")
    try:
        _run("pg_dump", conninfo, "--format=custom", "--no-owner", "--no-privileges", f"--file={draft}")
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)
    return file.stat().st_size


def restore(conninfo: str, file: Path) -> None:
    """Put the books of a copy in the place of those that are there, in one transaction.

    Whoever works on the books is sent away for as long as that takes, and goes on with those of the copy. Raises
    `UnreadableFile` when it is no whole copy of books, `DatabaseUnavailable` with what pg_restore says.
    """
    with file.open("rb") as copy:
        if copy.read(5) != b"PGDMP":
            raise UnreadableFile(str(file), "is not a copy that `makegood db backup` wrote")
    _read_to_its_end(conninfo, file)
    with psycopg.connect(conninfo, autocommit=True, application_name=AT_IT) as door:
        whole = ("--clean", "--if-exists", "--single-transaction", "--exit-on-error")
        as_ours = ("--no-owner", "--no-privileges")
        _run("pg_restore", conninfo, *whole, *as_ours, str(file), meanwhile=partial(_send_away, door))


def _read_to_its_end(conninfo: str, file: Path) -> None:
    """Insist that a copy is whole, before anybody is sent away for it."""
    reading = [_newest("pg_restore", conninfo), f"--file={os.devnull}", str(file)]
    read = subprocess.run(reading, capture_output=True, text=True, check=False)
    if read.returncode:
        raise UnreadableFile(str(file), f"is no whole copy: {read.stderr.strip()}")


def _send_away(door: psycopg.Connection) -> None:
    """End all connections but those that bring a copy back: they would wait for each other's tables in a ring."""
    door.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND usename = current_user AND application_name <> %s",
        [AT_IT],
    )


def make_events_own(conninfo: str) -> bool:
    """Let the events of a copy be told by this server too, in the order of their ids; tell whether that was due.

    Whoever follows the stream from a position of the other server has to begin anew.
    """
    with psycopg.connect(conninfo) as connection:
        return bool(connection.execute("SELECT make_events_own()").fetchall()[0][0])


def described(conninfo: str) -> str:
    """Say where the books are, without the password.

    >>> described("host=db.example.org dbname=books user=me password=secret")
    'books on db.example.org as me'
    """
    parts = conninfo_to_dict(conninfo)
    port = f" port {parts['port']}" if parts.get("port") else ""
    return (
        f"{parts.get('dbname', 'postgres')} on {parts.get('host', 'localhost')}{port} as {parts.get('user', '')}"
    )


def _run(program: str, conninfo: str, *options: str, meanwhile: Callable[[], object] = lambda: None) -> None:
    # A password on a command line could be read by every user of the machine.
    password = str(conninfo_to_dict(conninfo).get("password") or "")
    secret = {"PGPASSWORD": password} if password else {}
    hidden = ("password", "application_name")
    address = make_conninfo("", **{k: v for k, v in conninfo_to_dict(conninfo).items() if k not in hidden})
    running = subprocess.Popen(
        [_newest(program, conninfo), *options, f"--dbname={address}"],
        env={**os.environ, **secret, "PGAPPNAME": AT_IT},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if said := _wait_for(running, meanwhile):
        raise DatabaseUnavailable(f"{program}: {said}")


def _wait_for(running: subprocess.Popen[str], meanwhile: Callable[[], object]) -> str:
    """Do something time and again until a program has ended; give what it says if it failed."""
    with running:
        while True:
            meanwhile()
            with suppress(subprocess.TimeoutExpired):
                _, said = running.communicate(timeout=A_LOOK)
                return said.strip() or f"ended with {running.returncode}" if running.returncode else ""


def _newest(program: str, conninfo: str) -> str:
    """Give a program that is as new as the server: the machine's own, which may speak TLS, else ours."""
    with psycopg.connect(conninfo) as connection:
        server = connection.info.server_version // 10_000
    own = shutil.which(program)
    if own and _version(own) >= server:
        return own
    return str(binaries() / program)


def _version(program: str) -> int:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)", told)
    return int(found[1]) if found else 0
