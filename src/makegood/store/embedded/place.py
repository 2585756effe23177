"""Where things lie, and directories that nobody else can have laid a trap in."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

from makegood.store.embedded.account import Account
from makegood.store.embedded.failure import ServerFailed

# Linux allows 107 bytes for a socket's path, macOS 103.
LONGEST_SOCKET_PATH = 103


def cluster_of(home: Path) -> Path:
    """PostgreSQL's own data directory in a home."""
    return home / "cluster"


def socket_folder(home: Path, account: Account) -> Path:
    """A short directory, the same for every caller, that only the server's account and root can enter."""
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    for base in private_bases(temporary_parents(), account):
        folder = base / name
        if len(os.fsencode(folder / ".s.PGSQL.65535")) > LONGEST_SOCKET_PATH:
            continue
        folder.mkdir(mode=0o700, exist_ok=True)
        account.own(folder)
        return folder
    raise ServerFailed(home, "found no safe directory that is short enough for its socket")


def lasting_base(account: Account) -> Path:
    """A directory of ours, open to the server's account, for what must outlive a restart of the machine."""
    for base in private_bases((Path("/var/lib"), Path("/var/tmp")), account):
        return base
    raise ServerFailed(Path("/var/lib"), "found no place that the server's user can reach")


def temporary_parents() -> tuple[Path, ...]:
    """Where passing things go, best first."""
    # /tmp comes first although TMPDIR may say otherwise: everyone has to find the same socket.
    return Path("/tmp"), Path(tempfile.gettempdir()), Path("/var/tmp")


def private_bases(parents: Iterable[Path], account: Account) -> Iterable[Path]:
    """Those directories `makegood-<uid>` that are ours alone to write in, made when missing."""
    mode = 0o711 if account.user is not None else 0o700
    for parent in parents:
        # Without links in it: a process is recognised by the directory it works in.
        base = Path(os.path.realpath(parent)) / f"makegood-{os.geteuid()}"
        try:
            base.mkdir(mode=mode, exist_ok=True)
            status = base.lstat()
            if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
                continue  # somebody else was here first, perhaps to lure us in
            base.chmod(mode)
        except OSError:
            continue
        if account.may_enter(base):
            yield base
