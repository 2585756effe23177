"""The home of a folder's cluster: the folder itself, unless the server's user cannot get there."""

import os
import secrets
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from makegood.store.embedded.account import Account, server_account
from makegood.store.embedded.failure import ServerFailed
from makegood.store.embedded.lease import take_keeper
from makegood.store.embedded.place import cluster_of, lasting_base, private_bases, temporary_parents

POINTER = "cluster-at"
OWNER_NOTE = "belongs-to"


def home_of(folder: Path) -> Path:
    """The directory, made when missing, of the cluster of `folder`: itself, or where its pointer leads.

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


def _follow(pointer: Path) -> Path:
    home = Path(pointer.read_text().strip())
    if not home.is_dir():
        # An empty cluster in its place would look like lost orders.
        raise ServerFailed(pointer.parent, f"its cluster lay in {home}, which is gone")
    return home


def _settle_elsewhere(folder: Path, account: Account) -> Path:
    home = _base_for(folder, account) / f"cluster-{secrets.token_hex(6)}"
    home.mkdir()
    home.chmod(0o711)
    keeper = take_keeper(home)  # held until the pointer leads here: nobody sweeps it away before
    (home / OWNER_NOTE).write_text(f"{folder}\n")
    if not _publish(folder / POINTER, home):
        shutil.rmtree(home)
    if keeper:
        keeper.close()
    return _follow(folder / POINTER)


def _publish(pointer: Path, home: Path) -> bool:
    """Let the pointer lead to `home`, unless somebody was faster; whole and at once in either case."""
    draft = pointer.with_name(f"{POINTER}.{home.name}")
    draft.write_text(f"{home}\n")
    try:
        os.link(draft, pointer)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _base_for(folder: Path, account: Account) -> Path:
    if Path(os.path.realpath(tempfile.gettempdir())) not in folder.parents:
        return lasting_base(account)
    # What belongs to a temporary folder (a test's, say) is as temporary, and must not pile up.
    for base in private_bases(temporary_parents(), account):
        _sweep(base)
        return base
    return lasting_base(account)


def _sweep(base: Path) -> None:
    """Remove the homes that no pointer leads to any more, unless a server still runs there."""
    for note in base.glob(f"cluster-*/{OWNER_NOTE}"):
        home = note.parent
        with suppress(OSError):
            if _leads_to(Path(note.read_text().strip()) / POINTER, home):
                continue
            if keeper := take_keeper(home):
                shutil.rmtree(home, ignore_errors=True)
                keeper.close()


def _leads_to(pointer: Path, home: Path) -> bool:
    try:
        return pointer.read_text().strip() == str(home)
    except FileNotFoundError:
        return False
