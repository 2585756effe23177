"""The locks of a home: who uses the server, who keeps it, who is it. The kernel releases them however one dies.

A flock belongs to the open file: a child that was handed the descriptor holds it on after the parent closed
its own. So the client that starts a keeper takes the keeper lock first and passes it on, without a gap.
"""

import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path

from makegood.store.embedded.failure import ServerFailed

PATIENCE = 120.0
TICK = 0.01


@dataclass(slots=True)
class Lock:
    """An open lock file; closing it releases what was held, unless another process was handed it."""

    path: Path
    descriptor: int

    @classmethod
    def open(cls, path: Path) -> "Lock":
        """The lock file at `path`, made when missing, with nothing held yet."""
        return cls(path, os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))

    def share(self) -> bool:
        """Hold it beside others; False while somebody holds it alone."""
        return self._try(fcntl.LOCK_SH)

    def seize(self) -> bool:
        """Hold it alone; False while anybody else holds it."""
        return self._try(fcntl.LOCK_EX)

    def release(self) -> None:
        """Let go, also on behalf of every process that was handed this lock."""
        fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close our end of it."""
        os.close(self.descriptor)

    def in_place(self) -> bool:
        """Whether the file still lies where it was opened; False once its folder has been removed."""
        try:
            return os.path.samestat(self.path.stat(), os.fstat(self.descriptor))
        except FileNotFoundError:
            return False

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self.descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def lease_lock(home: Path) -> Lock:
    """Shared by every client; the keeper holds it alone while it stops the server."""
    return Lock.open(home / "lease")


def keeper_lock(home: Path) -> Lock:
    """Held by the one keeper of the home for as long as it lives."""
    return Lock.open(home / "keeper")


def guard_lock(home: Path) -> Lock:
    """Held by the postmaster and every child of it, wherever they can be seen from: the files are in use."""
    return Lock.open(home / "guard")


def take_lease(home: Path) -> Lock:
    """A share of the lease, granted once nobody is stopping the server: from here on nobody will."""
    lease = lease_lock(home)
    deadline = time.monotonic() + PATIENCE
    while not lease.share():
        if time.monotonic() > deadline:
            lease.close()
            raise ServerFailed(home, f"was still being stopped by another process after {PATIENCE:.0f} s")
        time.sleep(TICK)
    return lease


def take_keeper(home: Path) -> Lock | None:
    """The keeper lock, or None while a keeper is alive."""
    keeper = keeper_lock(home)
    if keeper.seize():
        return keeper
    keeper.close()
    return None
