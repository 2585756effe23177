import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .crowd import Client, cluster, deserted, eventually, keepers


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the server's user can reach, empty, and deserted again when the test is over."""
    top = Path(tempfile.mkdtemp(prefix="makegood-test-"))
    top.chmod(0o755)
    yield top / "shop"
    clear(top / "shop")
    shutil.rmtree(top)


def clear(folder: Path) -> None:
    for keeper in keepers(folder):
        keeper.terminate()
    eventually(lambda: deserted(folder), within=20)
    if cluster(folder).parent != folder:
        shutil.rmtree(cluster(folder).parent)


@pytest.fixture
def enter(folder: Path) -> Iterator[Callable[[], Client]]:
    """Start one more client of the folder; those still there at the end are killed."""
    clients: list[Client] = []

    def begin() -> Client:
        clients.append(Client(folder))
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
