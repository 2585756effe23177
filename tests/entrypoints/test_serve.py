"""`makegood serve` as whoever runs it meets it: from nothing, with a worker beside it, to a clean end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx
import psutil  # type: ignore[import-untyped]
import pytest

pytestmark = pytest.mark.slow

PASSWORD = "oolong and biscuits"


class Server:
    """The real program, and what it has said so far."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process, self.said = process, ""
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.said += line

    @property
    def address(self) -> str:
        """Where it is, once it has said so."""
        soon(lambda: "http://" in self.said or self.process.poll() is not None)
        return self.said.split("makegood is at ")[1].split()[0]

    @property
    def workers(self) -> list[psutil.Process]:
        """The worker processes beside it that live; one that was killed stays a while without a command."""
        below = psutil.Process(self.process.pid).children(recursive=True)
        return [one for one in below if is_a_worker(one)]


def is_a_worker(process: psutil.Process) -> bool:
    """Tell whether a process lives and was started to work for the queue."""
    try:
        return "spawn_main" in " ".join(process.cmdline())
    except (psutil.ZombieProcess, psutil.NoSuchProcess):
        return False


@contextmanager
def serving(home: Path, *words: str) -> Iterator[Server]:
    """Start the program in a folder of its own; it is killed if it does not end."""
    env = {**os.environ, "MAKEGOOD_HOME": str(home), "NO_COLOR": "1"}
    env.pop("MAKEGOOD_DATABASE_URL", None)
    command = [sys.executable, "-m", "makegood", "serve", "--port", "0", *words]
    process = subprocess.Popen(command, env=env, cwd=home, stderr=subprocess.PIPE, text=True)
    try:
        yield Server(process)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def soon(fact: Callable[[], object], within: float = 60.0) -> None:
    """Wait until something is so."""
    began = time.monotonic()
    while not fact():
        assert time.monotonic() - began < within, "it did not come to that in time"
        time.sleep(0.05)


def test_from_nothing_to_a_user_and_a_clean_end(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        address = server.address
        soon(lambda: "/setup/" in server.said)
        secret = server.said.split("/setup/")[1].split()[0]
        first = {"name": "ann", "password": PASSWORD, "secret": secret}
        assert httpx.post(f"{address}/setup", json=first).status_code == 201
        client = httpx.Client(base_url=address, timeout=20)
        told = client.post("/login", json={"name": "ann", "password": PASSWORD}).json()
        assert (told["role"], client.get("/me").json()["name"]) == ("SUPER_ADMIN", "ann")
        soon(lambda: len(server.workers) == 1)
        worker = server.workers[0]
        # A listener that would stay for ever does not hold up the end.
        with client.stream("GET", "/events/stream") as stream:
            assert next(stream.iter_lines()) == ": events"
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(20) == 0
        assert not worker.is_running()
        assert "Coming to an end." in server.said
    with serving(tmp_path) as again:
        assert httpx.get(f"{again.address}/readyz").json()["status"] == "ok"
        assert "/setup/" not in again.said


def test_a_worker_that_dies_is_begun_anew_and_none_outlives_the_server(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        assert httpx.get(f"{server.address}/healthz").status_code == 200
        soon(lambda: len(server.workers) == 1)
        first = server.workers[0]
        first.kill()
        soon(lambda: [one.pid for one in server.workers] not in ([], [first.pid]))
        assert "the worker died (exit code -9) and is begun anew" in server.said
        second = server.workers[0]
        server.process.kill()
        soon(lambda: not second.is_running() or second.status() == psutil.STATUS_ZOMBIE)


def test_a_rate_that_nobody_can_read_is_refused_before_anything_is_begun(tmp_path: Path) -> None:
    home = tmp_path / "books"
    done = subprocess.run(
        [sys.executable, "-m", "makegood", "serve", "--port", "0", "--home", str(home)],
        env={**os.environ, "MAKEGOOD_RATE_LIMIT": "often"},
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert (done.returncode, home.exists()) == (2, False)
    assert "rate_limit: 'often' is not a rate such as 100/second or 6000/minute" in done.stderr


def test_a_port_that_is_taken_is_said_to_be_so_at_once(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        port = server.address.rsplit(":", 1)[1]
        other = subprocess.run(
            [sys.executable, "-m", "makegood", "serve", "--port", port, "--home", str(tmp_path / "other")],
            capture_output=True,
            text=True,
            timeout=20,
        )
    assert other.returncode == 2
    assert f"port: '127.0.0.1:{port}' is not free to listen on (Address already in use)" in other.stderr
    assert not (tmp_path / "other").exists()


def test_the_demos_books_go_on_at_their_own_time(tmp_path: Path) -> None:
    with serving(tmp_path, "--demo") as server:
        address = server.address
        assert "Living through the demo's day first" in server.said
        made = subprocess.run(
            [sys.executable, "-m", "makegood", "tokens", "add", "me"],
            env={**os.environ, "MAKEGOOD_HOME": str(tmp_path / ".makegood" / "demo")},
            capture_output=True,
            text=True,
            timeout=30,
        )
        client = httpx.Client(base_url=address, headers={"Authorization": f"Bearer {made.stdout.strip()}"})
        time.sleep(3)
        # In their own March nobody has waited for thirty days: the worker holds none of them as stale.
        counts = client.get("/orders").json()["counts"]
        assert counts["ON_HOLD"] == 1
        assert counts["PARTIALLY_ALLOCATED"] >= 2
    with serving(tmp_path, "--demo", "--no-worker") as again:
        assert again.address
        assert "Living through" not in again.said
