"""Debian's PostgreSQL in a folder of our own, where it is installed: the oldest server that we run on."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def debian_postgres() -> Path | None:
    """Give the folder of the oldest installed server's programs, None when there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return found[0].parent if found else None


@contextmanager
def debian_served() -> Iterator[str]:
    """Run a throw-away server for as long as the block lasts and give the address of its database."""
    programs = debian_postgres()
    assert programs is not None
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="makegood-debian-"))
    if user:
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    control: list[str | Path] = [programs / "pg_ctl", "-D", folder / "cluster", "-w", "-l", folder / "log"]
    try:
        run([programs / "initdb", "-D", folder / "cluster", "-U", "makegood", "-A", "trust", "-E", "UTF8"], user)
        run([*control, "start", "-o", f"-c listen_addresses= -c unix_socket_directories={folder}"], user)
        yield f"host={folder} user=makegood dbname=postgres"
    finally:
        run([*control, "-m", "immediate", "stop"], user)
        shutil.rmtree(folder)


def run(command: list[str | Path], user: str | None) -> None:
    """Run one of the server's programs as the user that owns the folder."""
    done = subprocess.run(command, user=user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert done.returncode == 0, f"{command[0]} ended with {done.returncode}"
