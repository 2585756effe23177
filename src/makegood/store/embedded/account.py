"""Which user of the machine the server runs as: PostgreSQL refuses to run as root."""

import os
import pwd
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from makegood.store.embedded.failure import ServerFailed

PREFERRED = ("postgres", "nobody")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The user that owns the cluster's files and runs every PostgreSQL process."""

    uid: int
    gid: int

    @property
    def user(self) -> int | None:
        """The uid to switch to, or None when this process already is that user."""
        return self.uid if self.uid != os.geteuid() else None

    @property
    def group(self) -> int | None:
        """The gid to switch to, or None when there is nothing to switch."""
        return self.gid if self.user is not None else None

    @property
    def extra_groups(self) -> list[int] | None:
        """No further groups after a switch: root's own must not come along."""
        return [] if self.user is not None else None

    def own(self, path: Path) -> None:
        """Hand `path` to this account when it is not its own yet."""
        if self.user is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def may_enter(self, folder: Path) -> bool:
        """Whether `folder` and every directory above it let this account pass.

        Judged by mode bits alone: an access list that says otherwise is found out when the server starts.
        """
        return all(self._has(step.stat(), stat.S_IXUSR) for step in (folder, *folder.parents))

    def may_execute(self, program: Path) -> bool:
        """Whether this account can reach, read and run `program`."""
        bits = stat.S_IRUSR | stat.S_IXUSR
        return self.may_enter(program.parent) and self._has(program.stat(), bits)

    def _has(self, status: os.stat_result, bits: int) -> bool:
        shift = 0 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 6
        return status.st_mode & (bits >> shift) == bits >> shift


def server_account(cluster: Path) -> Account:
    """This process's own user; for root, who owns the cluster already, else an unprivileged system user."""
    if os.geteuid() == 0 and cluster.exists() and cluster.stat().st_uid != 0:
        return Account(uid=cluster.stat().st_uid, gid=cluster.stat().st_gid)
    return unprivileged()


def unprivileged() -> Account:
    """This process's own user; for root, a system user that may run servers."""
    if os.geteuid() != 0:
        return Account(uid=os.geteuid(), gid=os.getegid())
    for name in PREFERRED:
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(uid=entry.pw_uid, gid=entry.pw_gid)
    raise ServerFailed(Path("/"), f"this is root, and none of the users {PREFERRED} exists to run a server")
