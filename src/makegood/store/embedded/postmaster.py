"""The PostgreSQL process itself: started, found again, watched and stopped."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from makegood.store.embedded.account import Account
from makegood.store.embedded.address import DEFAULT_PORT, LOOPBACK, read_address, socket_in
from makegood.store.embedded.cluster import ENVIRONMENT
from makegood.store.embedded.failure import ServerFailed, tail
from makegood.store.embedded.lease import Lock, guard_lock
from makegood.store.embedded.place import cluster_of, socket_folder

TICK = 0.01
CLEARING = 2.0
LAST_LINE = 1.0
PROC = Path("/proc")
# Fast shutdown, then immediate (recovers at the next start), then what nobody can refuse; seconds for each.
STOPPING = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))


@dataclass(slots=True)
class Postmaster:
    """A running postmaster, our child or one that an earlier keeper left behind."""

    pid: int
    cluster: Path
    socket: Path
    child: subprocess.Popen[bytes] | None = None

    def alive(self) -> bool:
        """Whether it runs; a zombie does not."""
        if self.child is not None:
            return self.child.poll() is None
        return _is_postgres_in(self.pid, self.cluster)

    def well(self) -> bool:
        """Whether it runs and can be reached: who empties the temporary directory takes the socket too."""
        return self.alive() and self.socket.exists()

    def stop(self) -> None:
        """Gone when this returns, with everything committed on disk."""
        for kill, patience in STOPPING:
            if self.alive():
                _signal(self.pid, kill)
            deadline = time.monotonic() + patience
            while self.alive() and time.monotonic() < deadline:
                time.sleep(TICK)
        # The process that writes the log goes last, after the last line.
        deadline = time.monotonic() + LAST_LINE
        while _orphans(self.cluster) and time.monotonic() < deadline:
            time.sleep(TICK)


def adopt(home: Path) -> Postmaster | None:
    """The postmaster that still runs in `home` although its keeper is gone, or None."""
    address = read_address(home)
    if address is None or not _is_postgres_in(address.pid, cluster_of(home)):
        return None
    return Postmaster(address.pid, cluster_of(home), address.socket)


def start(home: Path, account: Account, programs: Path, tcp_port: int | None) -> Postmaster:
    """A postmaster that is ready, after whatever an earlier one left behind was cleared away."""
    sockets = socket_folder(home, account)
    guard = clear_away(home, sockets)
    with open(home / "start.log", "wb") as log:
        child = subprocess.Popen(
            _command(programs, cluster_of(home), sockets, tcp_port),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=ENVIRONMENT,
            user=account.user,
            group=account.group,
            extra_groups=account.extra_groups,
            start_new_session=True,
            pass_fds=(guard.descriptor,),
        )
    guard.close()
    socket = socket_in(sockets, tcp_port or DEFAULT_PORT)
    postmaster = Postmaster(child.pid, cluster_of(home), socket, child)
    try:
        _wait_until_ready(home, postmaster)
    except BaseException:
        postmaster.stop()  # told to leave while it was starting
        raise
    return postmaster


def clear_away(home: Path, sockets: Path) -> Lock:
    """No process of a dead postmaster is left in `home`, nor a file that claims one is; yields the guard lock.

    Only for the holder of the keeper lock. Orphaned backends keep shared memory that a new postmaster refuses
    to share; and it takes a zombie, or a stranger with a dead postmaster's number, for a living one.
    """
    guard = guard_lock(home)
    deadline = time.monotonic() + CLEARING
    while (orphans := _orphans(cluster_of(home))) or not guard.seize():
        for pid in orphans:
            _signal(pid, signal.SIGKILL)
        if time.monotonic() > deadline:
            # In another container, say. Two servers on the same files would ruin them.
            guard.close()
            raise ServerFailed(home, "is still in use by server processes that cannot be ended from here")
        time.sleep(TICK)
    for claim in (cluster_of(home) / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
        claim.unlink(missing_ok=True)
    return guard


def _command(programs: Path, cluster: Path, sockets: Path, tcp_port: int | None) -> list[str]:
    settings = {
        "unix_socket_directories": sockets,
        "unix_socket_permissions": "0700",
        "listen_addresses": LOOPBACK if tcp_port else "",
        "port": tcp_port or DEFAULT_PORT,
    }
    return [
        os.fspath(programs / "postgres"),
        "-D",
        os.fspath(cluster),
        *(part for name, setting in settings.items() for part in ("-c", f"{name}={setting}")),
    ]


def _wait_until_ready(home: Path, postmaster: Postmaster) -> None:
    # Without a deadline: replaying a long log after a crash takes its time, and ends.
    while (address := read_address(home)) is None or address.pid != postmaster.pid:
        if not postmaster.alive():
            raise ServerFailed(home, "PostgreSQL ended while it was starting", last_words(home))
        time.sleep(TICK)


def last_words(home: Path) -> str:
    """The end of what the server wrote last, before and after its log was open."""
    logs = sorted((home / "log").glob("server-*.log"), key=lambda log: log.stat().st_mtime)
    return "\n".join(filter(None, (tail(log) for log in (home / "start.log", *logs[-1:]))))


def _orphans(cluster: Path) -> list[int]:
    if not PROC.is_dir():
        return []  # they end by themselves as soon as they notice
    everyone = (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())
    return [pid for pid in everyone if _is_postgres_in(pid, cluster)]


def _is_postgres_in(pid: int, cluster: Path) -> bool:
    """Whether `pid` is a living PostgreSQL process of this cluster: each works in its data directory."""
    if not PROC.is_dir():
        return _signal(pid, 0)
    program, folder = PROC / str(pid) / "exe", PROC / str(pid) / "cwd"
    try:
        if Path(_without_mark(program)).name != "postgres":
            return False
        # By name for a directory that was removed, by identity for one that was mounted twice.
        return _without_mark(folder) == os.fspath(cluster) or folder.samefile(cluster)
    except OSError:
        return False  # gone, a zombie, or not ours to see


def _without_mark(link: Path) -> str:
    # The kernel marks what was removed or replaced since, as an upgraded program is.
    return os.readlink(link).removesuffix(" (deleted)")


def _signal(pid: int, kill: int) -> bool:
    try:
        os.kill(pid, kill)
    except ProcessLookupError:
        return False
    return True
