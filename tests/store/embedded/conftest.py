import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from makegood.store.embedded import served

from .crowd import Client, cluster, deserted, eventually, keepers


@pytest.fixture
def empty() -> Iterator[Path]:
    """A folder, not made yet, that the server's user can reach; deserted again when the test is over."""
    top = Path(tempfile.mkdtemp(prefix="makegood-test-"))
    top.chmod(0o755)
    yield top / "shop"
    clear(top / "shop")
    shutil.rmtree(top)


@pytest.fixture(scope="session")
def stopped() -> Iterator[Path]:
    """A folder with a cluster that nobody uses: to make one takes longer than most tests."""
    top = Path(tempfile.mkdtemp(prefix="makegood-test-"))
    top.chmod(0o755)
    with served(top / "shop"):
        pass
    clear(top / "shop")
    yield top / "shop"
    shutil.rmtree(top)


@pytest.fixture
def folder(empty: Path, stopped: Path) -> Path:
    """A folder with a stopped server, deserted again when the test is over."""
    subprocess.run(["cp", "-a", stopped, empty], check=True)
    return empty


def clear(folder: Path) -> None:
    for keeper in keepers(folder):
        keeper.terminate()
    eventually(lambda: deserted(folder), within=20)
    if cluster(folder).parent != folder:
        shutil.rmtree(cluster(folder).parent)


@pytest.fixture
def enter(empty: Path) -> Iterator[Callable[[], Client]]:
    """Start one more client of the folder, whether it is empty or not; those still there at the end are killed."""
    clients: list[Client] = []

    def begin() -> Client:
        clients.append(Client(empty))
        return clients[-1]

    yield begin
    for client in clients:
        client.kill()


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A loopback port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


@pytest.fixture
def free_port() -> int:
    """A loopback port that nobody listened on a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
