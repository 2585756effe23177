"""A cluster on disk: made once and whole, set up for a small machine, never trading safety for speed."""

import os
import secrets
import shutil
import subprocess
import time
from pathlib import Path

from makegood.store.embedded.account import Account
from makegood.store.embedded.address import OWNER
from makegood.store.embedded.failure import ServerFailed
from makegood.store.embedded.place import cluster_of

DRAFT = "cluster.draft-"
LOG_DAYS = 6

# Written to postgresql.conf when the cluster is made; whoever knows better may edit them there.
SETTINGS = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "max_connections": "100",
    "wal_level": "replica",  # pg_basebackup needs it
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "logging_collector": "on",
    "log_directory": "../log",
    "log_filename": "server-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
}

# PostgreSQL's own C.UTF-8, so that sorting is the same on every machine, whatever locales it has installed.
LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
# The socket's directory is the guard there; TCP always asks for a password.
ACCESS = ("--auth-local=trust", "--auth-host=scram-sha-256", f"--username={OWNER}")

# Nothing of the caller's environment (PGDATA, PGPORT, LD_PRELOAD, …) may steer the server.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def ensure_cluster(home: Path, account: Account, programs: Path) -> Path:
    """The cluster of `home`, made when missing; half of one is never seen under its name."""
    cluster = cluster_of(home)
    if not cluster.exists():
        _make(home, account, programs)
    _prepare_log(home, account)
    return cluster


def _make(home: Path, account: Account, programs: Path) -> None:
    for leftover in home.glob(f"{DRAFT}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    draft = home / f"{DRAFT}{secrets.token_hex(4)}"
    draft.mkdir(mode=0o700)
    account.own(draft)
    settings = (f"--set={name}={setting}" for name, setting in SETTINGS.items())
    made = subprocess.run(
        [programs / "initdb", f"--pgdata={draft}", *LOCALE, *ACCESS, *settings],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        cwd="/",
        env=ENVIRONMENT,
        user=account.user,
        group=account.group,
        extra_groups=account.extra_groups,
    )
    if made.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        raise ServerFailed(home, "initdb could not make a cluster", made.stderr.strip())
    draft.rename(cluster_of(home))
    _settle(home)


def _settle(folder: Path) -> None:
    """Make a rename in `folder` outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _prepare_log(home: Path, account: Account) -> None:
    log = home / "log"
    log.mkdir(mode=0o700, exist_ok=True)
    account.own(log)
    # PostgreSQL empties a weekday's file only at a midnight that it sees: short lives would only append.
    for file in log.glob("server-*.log"):
        if file.stat().st_mtime < time.time() - LOG_DAYS * 86_400:
            file.unlink(missing_ok=True)
