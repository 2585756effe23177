"""Copies of the books: written by pg_dump, brought back by pg_restore, whole or not at all."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from makegood.domain.errors import DatabaseUnavailable, UnreadableFile
from makegood.store.embedded import binaries


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

    Raises `UnreadableFile` when it is no copy of books, `DatabaseUnavailable` with what pg_restore says.
    """
    if file.read_bytes()[:5] != b"PGDMP":
        raise UnreadableFile(str(file), "is not a copy that `makegood db backup` wrote")
    _run("pg_restore", conninfo, "--clean", "--if-exists", "--no-owner", "--no-privileges",
         "--single-transaction", "--exit-on-error", str(file))  # fmt: skip


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


def _run(program: str, conninfo: str, *options: str) -> None:
    # A password on a command line could be read by every user of the machine.
    password = str(conninfo_to_dict(conninfo).get("password") or "")
    secret = {"PGPASSWORD": password} if password else {}
    address = make_conninfo("", **{k: v for k, v in conninfo_to_dict(conninfo).items() if k != "password"})
    done = subprocess.run(
        [_newest(program, conninfo), *options, f"--dbname={address}"],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DatabaseUnavailable(f"{program}: {done.stderr.strip()}")


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
