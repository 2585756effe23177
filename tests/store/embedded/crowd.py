"""The processes around a folder: the clients that a test starts, and whatever runs there because of them."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil  # type: ignore[import-untyped]
import psycopg

CLIENT = Path(__file__).with_name("client.py")


class Client:
    """A process inside a `served` block, at the URL it got."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, CLIENT, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    @property
    def url(self) -> str:
        """What the process was told, once it was."""
        if not hasattr(self, "_url"):
            self._url = opened(self.process.stdout).readline().strip()
        return self._url

    def leave(self) -> None:
        """End the block in good order."""
        opened(self.process.stdin).close()
        assert self.process.wait(30) == 0

    def kill(self) -> None:
        """End the process as a crash would."""
        self.process.kill()
        self.process.wait()
        for end in (self.process.stdin, self.process.stdout):
            opened(end).close()


def opened(end: IO[str] | None) -> IO[str]:
    assert end is not None
    return end


def cluster(folder: Path) -> Path:
    """Where the files of the folder's cluster lie."""
    pointer = folder / "cluster-at"
    return (Path(pointer.read_text().strip()) if pointer.exists() else folder) / "cluster"


def postgres_of(folder: Path) -> list[psutil.Process]:
    """Every living PostgreSQL process of the folder."""
    return list(seen(lambda one: one.name() == "postgres" and one.cwd() == str(cluster(folder))))


def postmasters(folder: Path) -> list[psutil.Process]:
    """Those that are nobody's child among them: one, if all is well."""
    everyone = postgres_of(folder)
    numbers = {one.pid for one in everyone}
    return list(seen(lambda one: one.ppid() not in numbers, everyone))


def keepers(folder: Path) -> list[psutil.Process]:
    home = str(cluster(folder).parent)
    return list(seen(lambda one: "makegood.store.embedded.watch" in one.cmdline() and home in one.cmdline()))


def seen(
    wanted: Callable[[psutil.Process], bool], among: Iterable[psutil.Process] | None = None
) -> Iterator[psutil.Process]:
    """Those wanted among the living; who ends while we look was not seen."""
    for one in psutil.process_iter() if among is None else among:
        with suppress(psutil.Error):
            if one.status() != psutil.STATUS_ZOMBIE and wanted(one):
                yield one


def eventually(holds: Callable[[], object], within: float = 10.0) -> float:
    """The seconds until it held; fails when it did not in time."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < within, f"not so within {within} s"
        time.sleep(0.02)
    return time.monotonic() - began


def deserted(folder: Path) -> bool:
    return not postgres_of(folder) and not keepers(folder)


def asked(url: str, question: str) -> object:
    """The first column of the first row that answers the question."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()
        return row and row[0]


def told(url: str, *statements: str) -> None:
    """Run the statements, each committed."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def answers(url: str) -> bool:
    with suppress(psycopg.OperationalError):
        return asked(url, "SELECT 1") == 1
    return False
