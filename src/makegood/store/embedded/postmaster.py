"""The PostgreSQL process itself: started, found again, watched and stopped."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from makegood.store.embedded.account import Account
from makegood.store.embedded.address import DEFAULT_PORT, LOOPBACK, read_address
from makegood.store.embedded.cluster import ENVIRONMENT
from makegood.store.embedded.failure import ServerFailed, tail
from makegood.store.embedded.place import cluster_of, socket_folder

TICK = 0.01
PROC = Path("/proc")
# Fast shutdown, then immediate (recovers at the next start), then what nobody can refuse; seconds for each.
STOPPING = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))


@dataclass(slots=True)
class Postmaster:
    """A running postmaster, our child or one that an earlier keeper left behind."""

    pid: int
    cluster: Path
    child: subprocess.Popen[bytes] | None = None

    def alive(self) -> bool:
        """Whether it runs; a zombie does not."""
        if self.child is not None:
            return self.child.poll() is None
        return _is_postgres_in(self.pid, self.cluster)

    def stop(self) -> None:
        """Gone when this returns, with everything committed on disk."""
        for kill, patience in STOPPING:
            if self.alive():
                _signal(self.pid, kill)
            deadline = time.monotonic() + patience
            while self.alive() and time.monotonic() < deadline:
                time.sleep(TICK)


def adopt(home: Path) -> Postmaster | None:
    """The postmaster that still runs in `home` although its keeper is gone, or None."""
    address = read_address(home)
    if address is None or not _is_postgres_in(address.pid, cluster_of(home)):
        return None
    return Postmaster(address.pid, cluster_of(home))


def start(home: Path, account: Account, programs: Path, tcp_port: int | None) -> Postmaster:
    """A postmaster that is ready, after whatever an earlier one left behind was cleared away."""
    sockets = socket_folder(home, account)
    clear_away(cluster_of(home), sockets)
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
        )
    postmaster = Postmaster(child.pid, cluster_of(home), child)
    try:
        _wait_until_ready(home, postmaster)
    except BaseException:
        postmaster.stop()  # told to leave while it was starting
        raise
    return postmaster


def clear_away(cluster: Path, sockets: Path) -> None:
    """No process of a dead postmaster is left in `cluster`, nor a file that claims one is.

    Only for the holder of the keeper lock. Orphaned backends keep shared memory that a new postmaster refuses
    to share; and it takes a zombie, or a stranger with a dead postmaster's number, for a living one.
    """
    if not PROC.is_dir():
        return  # PostgreSQL's own checks have to do
    while orphans := [pid for pid in _processes() if _is_postgres_in(pid, cluster)]:
        for pid in orphans:
            _signal(pid, signal.SIGKILL)
        time.sleep(TICK)
    for claim in (cluster / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
        claim.unlink(missing_ok=True)


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


def _processes() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def _is_postgres_in(pid: int, cluster: Path) -> bool:
    """Whether `pid` is a living PostgreSQL process of this cluster: each works in its data directory."""
    process = PROC / str(pid)
    if not PROC.is_dir():
        return _signal(pid, 0)
    try:
        program, folder = os.readlink(process / "exe"), os.readlink(process / "cwd")
    except OSError:
        return False  # gone, a zombie, or not ours to see
    # The kernel marks what was removed or replaced since, as an upgraded program is.
    gone = " (deleted)"
    return Path(program.removesuffix(gone)).name == "postgres" and folder.removesuffix(gone) == os.fspath(
        cluster
    )


def _signal(pid: int, kill: int) -> bool:
    try:
        os.kill(pid, kill)
    except ProcessLookupError:
        return False
    return True
