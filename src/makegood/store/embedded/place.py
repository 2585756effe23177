"""Where things lie: the home of a cluster, and directories that nobody else can have laid a trap in."""

import hashlib
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

from makegood.store.embedded.account import Account, server_account
from makegood.store.embedded.failure import ServerFailed

# Linux allows 107 bytes for a socket's path, macOS 103.
LONGEST_SOCKET_PATH = 103
POINTER = "cluster-at"


def cluster_of(home: Path) -> Path:
    """PostgreSQL's own data directory in a home."""
    return home / "cluster"


def home_of(folder: Path) -> Path:
    """The directory that keeps the cluster of `folder`: itself, or where its pointer leads.

    Another place is needed only for root, whose folders the unprivileged server may be unable to reach. The
    parents of `folder` keep their modes: opening them would open whatever else lies in them.
    """
    folder = Path(os.path.realpath(folder))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    pointer = folder / POINTER
    if pointer.exists():
        return _follow(pointer)
    account = server_account(cluster_of(folder))
    if account.user is None or cluster_of(folder).exists():
        return folder
    if not account.may_enter(folder.parent):
        return _settle_elsewhere(folder, account)
    if not account.may_enter(folder):
        folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_IXGRP | stat.S_IXOTH)
    return folder


def socket_folder(home: Path, account: Account) -> Path:
    """A short directory, the same for every caller, that only the server's account and root can enter."""
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    for base in _private_bases(_temporary(), account):
        folder = base / name
        if len(os.fsencode(folder / ".s.PGSQL.65535")) > LONGEST_SOCKET_PATH:
            continue
        folder.mkdir(mode=0o700, exist_ok=True)
        account.own(folder)
        return folder
    raise ServerFailed(home, "found no safe directory that is short enough for its socket")


def lasting_base(account: Account) -> Path:
    """A directory of ours, open to the server's account, for what must outlive a restart of the machine."""
    for base in _private_bases((Path("/var/lib"), Path("/var/tmp")), account):
        return base
    raise ServerFailed(Path("/var/lib"), "found no place that the server's user can reach")


def _follow(pointer: Path) -> Path:
    home = Path(pointer.read_text().strip())
    if not home.is_dir():
        # An empty cluster in its place would look like lost orders.
        raise ServerFailed(pointer.parent, f"its cluster lay in {home}, which is gone")
    return home


def _settle_elsewhere(folder: Path, account: Account) -> Path:
    # What belongs to a temporary folder (a test's, say) must not pile up in a lasting place.
    passing = Path(os.path.realpath(tempfile.gettempdir())) in folder.parents
    bases = _private_bases(_temporary(), account) if passing else iter((lasting_base(account),))
    home = next(iter(bases)) / f"cluster-{secrets.token_hex(6)}"
    home.mkdir(mode=0o711)
    home.chmod(0o711)
    (home / "belongs-to").write_text(f"{folder}\n")
    draft = folder / f"{POINTER}.{home.name}"
    draft.write_text(f"{home}\n")
    try:
        # A hard link appears whole and only once: of many at the same time one wins, the others follow it.
        os.link(draft, folder / POINTER)
    except FileExistsError:
        shutil.rmtree(home)
    finally:
        draft.unlink()
    return _follow(folder / POINTER)


def _temporary() -> tuple[Path, ...]:
    # /tmp comes first although TMPDIR may say otherwise: everyone has to find the same socket.
    return Path("/tmp"), Path(os.path.realpath(tempfile.gettempdir())), Path("/var/tmp")


def _private_bases(parents: Iterable[Path], account: Account) -> Iterable[Path]:
    """Those directories `makegood-<uid>` that are ours alone to write in, made when missing."""
    mode = 0o711 if account.user is not None else 0o700
    for parent in parents:
        base = parent / f"makegood-{os.geteuid()}"
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
