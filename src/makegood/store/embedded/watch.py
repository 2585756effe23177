"""The keeper: one small process per folder that keeps the postmaster up while it is used, and stops it after.

Run as `python -m makegood.store.embedded.watch HOME PROGRAMS KEEPER_LOCK_FD TCP_PORT`, by `summon` only. The
descriptor is never used: that it stays open, until the last breath, is what tells that a keeper is alive.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

from makegood.store.embedded.account import Account, server_account
from makegood.store.embedded.binaries import binaries_for
from makegood.store.embedded.cluster import ensure_cluster
from makegood.store.embedded.failure import ServerFailed, leave_note
from makegood.store.embedded.lease import Lock, lease_lock
from makegood.store.embedded.place import cluster_of, socket_folder
from makegood.store.embedded.postmaster import Postmaster, adopt, clear_away, start

# One command after another should find the server still up.
GRACE = 1.0
TICK = 0.05
ATTEMPTS = 3
PAUSE = 0.3


def main() -> None:
    """Keep the server until nobody uses it; leave a note for the clients when it cannot run."""
    home, programs, port = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[4])
    if os.fork():
        os._exit(0)  # so that no client is our parent and has to reap us
    os.umask(0o077)
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    try:
        account = server_account(cluster_of(home))
        _keep(home, account, lambda: _start(home, account, binaries_for(account, programs), port or None))
    except ServerFailed as failure:
        leave_note(home, failure)
        raise
    except Exception as surprise:
        leave_note(home, ServerFailed(home, f"{type(surprise).__name__}: {surprise}"))
        raise


def _keep(home: Path, account: Account, start_again: Callable[[], Postmaster]) -> None:
    lease = lease_lock(home)
    postmaster = adopt(home) or start_again()
    unused = Unused(lease)
    try:
        while not unused.for_long():
            time.sleep(TICK)
            # A folder that was removed may have been made anew, and then belongs to another keeper.
            if not postmaster.well() and lease.in_place():
                postmaster.stop()
                postmaster = start_again()
    finally:
        postmaster.stop()
        _leave_tidy(home, socket_folder(home, account), lease)


def _leave_tidy(home: Path, sockets: Path, lease: Lock) -> None:
    if lease.in_place():
        clear_away(home, sockets).close()
    with suppress(OSError):  # another keeper's socket lies there already
        sockets.rmdir()


@dataclass(slots=True)
class Unused:
    """How long nobody has held a share of the lease."""

    lease: Lock
    since: float | None = None

    def for_long(self) -> bool:
        """Whether it is time to go; then the lease is ours alone: newcomers wait until we are gone."""
        if not self.lease.in_place():
            return True  # somebody removed the folder
        if not self.lease.seize():
            self.since = None
            return False
        self.since = self.since or time.monotonic()
        if time.monotonic() - self.since >= GRACE:
            return True
        self.lease.release()
        return False


def _start(home: Path, account: Account, programs: Path, tcp_port: int | None) -> Postmaster:
    ensure_cluster(home, account, programs)
    for _ in range(ATTEMPTS - 1):
        try:
            return start(home, account, programs, tcp_port)
        except ServerFailed:
            time.sleep(PAUSE)  # the socket or port of one that is just going away
    return start(home, account, programs, tcp_port)


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
