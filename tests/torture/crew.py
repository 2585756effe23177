"""The processes: hands and real workers, started, killed with SIGKILL, replaced, and asked to end their day."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from tests.conftest import ROOT

WORKER = "worker"
# A day's crew: ten processes on the same few SKUs.
CREW = ("intake", "importer", "desk", "receiver", "receiver", "counter", "mover", "picker", "supplier", WORKER)
# How long the piece at hand may take when a process is asked to end its day.
LAST_PIECE = 40.0


class Member:
    """One place in the crew; whoever is killed there is replaced under a name of their own."""

    def __init__(self, role: str, number: int, address: str, folder: Path, seed: str) -> None:
        self.role, self.number, self.address, self.folder, self.seed = role, number, address, folder, seed
        self.lives = 0
        self._start()

    def _start(self) -> None:
        self.lives += 1
        name = f"{self.role}{self.number}-{self.lives}"
        address = make_conninfo(self.address, application_name=name)
        command = ["-m", "makegood", "worker"]
        if self.role != WORKER:
            command = ["-m", "tests.torture.hand", address, str(self.folder), self.role, name, self.seed]
        self.said = self.folder / f"{name}.said"
        with open(self.said, "wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env={**os.environ, "MAKEGOOD_DATABASE_URL": address},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )

    def kill(self) -> None:
        """End it in the middle of whatever it does, and put another in its place."""
        self.process.kill()
        self.process.wait()
        self._start()

    def fault(self) -> str | None:
        """Tell how it ended, if it ended by itself, and replace it."""
        if self.process.poll() is None:
            return None
        said = self.said.read_text(errors="replace")[-2000:]
        fault = f"{self.said.stem} ended by itself with {self.process.returncode}: {said}"
        self._start()
        return fault

    def ask_to_end(self) -> None:
        """Let it finish the piece at hand."""
        self.process.send_signal(signal.SIGTERM)

    def end(self) -> str | None:
        """Wait for its end, and tell what was wrong with it."""
        try:
            code = self.process.wait(LAST_PIECE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return f"{self.said.stem} did not end within {LAST_PIECE:.0f} s"
        # Who has only just come does not know the signal yet.
        if code in (0, -signal.SIGTERM):
            return None
        return f"{self.said.stem} ended with {code}: {self.said.read_text(errors='replace')[-2000:]}"


def kill_the_server(address: str) -> None:
    """Kill the postmaster, and return when another one answers at the same address."""
    with psycopg.connect(address, autocommit=True) as connection:
        found = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
    assert found
    os.kill(int(found[0].splitlines()[0]), signal.SIGKILL)
    until = time.monotonic() + LAST_PIECE
    while not answers(address):
        assert time.monotonic() < until, "the server did not come back"
        time.sleep(0.05)


def answers(address: str) -> bool:
    """Tell whether the server takes connections."""
    try:
        psycopg.connect(address, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
