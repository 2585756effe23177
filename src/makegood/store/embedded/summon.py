"""How a client sees to it that a keeper is there, at its entry and as long as it stays."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from makegood.store.embedded.address import Address
from makegood.store.embedded.binaries import binaries
from makegood.store.embedded.failure import remove_note
from makegood.store.embedded.lease import Lock, take_keeper

LOG_LIMIT = 1_000_000
GLANCE, LONGEST_GLANCE = 0.5, 10.0


def summon(home: Path, keeper: Lock, tcp_port: int | None) -> None:
    """Start a keeper that holds the given lock from now on."""
    remove_note(home)
    with keeper_log(home).open("ab") as log:
        try:
            subprocess.run(
                _command(home, keeper, tcp_port),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Its own session, folder and descriptors: no Ctrl-C, pipe or mount of the client's binds it.
                start_new_session=True,
                cwd="/",
                pass_fds=(keeper.descriptor,),
                env=os.environ | {"PYTHONPATH": _import_path()},
                check=False,
            )
        finally:
            keeper.close()


def keeper_log(home: Path) -> Path:
    """Where a keeper writes what went wrong; begun anew when it has grown long."""
    log = home / "keeper.log"
    with suppress(FileNotFoundError):
        if log.stat().st_size > LOG_LIMIT:
            log.unlink()
    return log


@contextmanager
def looked_after(home: Path, address: Address) -> Iterator[None]:
    """For as long as the block lasts, a keeper that was killed is replaced within about a second."""
    over = threading.Event()
    watcher = threading.Thread(target=_look_after, args=(home, address.tcp_port, over), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
        # The last one out has nobody after it who would notice that the keeper was killed just now.
        with suppress(OSError):
            _replace_keeper(home, address.tcp_port)


def _look_after(home: Path, tcp_port: int | None, over: threading.Event) -> None:
    pause = GLANCE
    while not over.wait(pause):
        # The disk may be full, or the folder gone: then the next glance may find it better.
        with suppress(OSError):
            replaced = _replace_keeper(home, tcp_port)
            pause = min(2 * pause, LONGEST_GLANCE) if replaced else GLANCE


def _replace_keeper(home: Path, tcp_port: int | None) -> bool:
    """Start a keeper if there is none; whether there was none."""
    keeper = take_keeper(home)
    if keeper is None:
        return False
    summon(home, keeper, tcp_port)
    return True


def _command(home: Path, keeper: Lock, tcp_port: int | None) -> list[str]:
    arguments = (home, binaries(), keeper.descriptor, tcp_port or 0)
    return [sys.executable, "-m", f"{__package__}.watch", *map(str, arguments)]


def _import_path() -> str:
    # The keeper has to find this very package, however the client found it.
    return os.pathsep.join(filter(None, (str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH"))))
