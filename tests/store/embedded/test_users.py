"""Root and others: each has servers of their own, and reaches nobody else's."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from makegood.store.embedded import served
from makegood.store.embedded.account import Account

from .crowd import CLIENT, answers, deserted, eventually, opened, postmasters

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0, reason="NOT TESTED: only root can become another user; run this as root too"
)
NOBODY = Account(uid=65534, gid=65534)
ROOT = Path(__file__).parents[3]
SYSTEM_PYTHON = Path("/usr/bin/python3")


def everyones_python() -> Path:
    """An interpreter that the user nobody can run, of our own version, so that it can import what we can."""
    for python in (Path(sys.executable), SYSTEM_PYTHON.resolve()):
        if NOBODY.may_execute(python.resolve()):
            return python
    pytest.skip("NOT TESTED: the user nobody can run neither our Python nor the system's")


@pytest.fixture(scope="module")
def reachable() -> Iterator[Path]:
    """The clone where the user nobody can read it: itself, or linked elsewhere when it lies in a closed folder."""
    if NOBODY.may_enter(ROOT):
        yield ROOT
        return
    with tempfile.TemporaryDirectory(prefix="makegood-open-") as folder:
        os.chmod(folder, 0o755)
        for part in ("src", "tests", ".venv/lib"):
            shutil.copytree(ROOT / part, Path(folder, part), copy_function=linked, symlinks=True)
        yield Path(folder)


def linked(source: str, target: str) -> None:
    """Give a file a second name, or copy it where that cannot be."""
    with suppress(OSError):
        os.link(source, target)
        return
    shutil.copy2(source, target)


def as_nobody(reachable: Path, *arguments: str | Path) -> subprocess.Popen[str]:
    """A Python of the user nobody."""
    python, path = everyones_python(), os.pathsep.join(filter(None, sys.path))
    if f"python3.{sys.version_info.minor}" not in str(python.resolve()):
        pytest.skip(f"NOT TESTED: {python} is of another version than ours")
    return subprocess.Popen(
        [python, *(str(one).replace(f"{ROOT}/", f"{reachable}/") for one in arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        user=NOBODY.uid,
        group=NOBODY.gid,
        extra_groups=[],
        cwd="/",
        env=os.environ | {"PYTHONPATH": path.replace(str(ROOT), str(reachable))},
    )


def test_the_server_of_root_runs_as_somebody_else(folder: Path) -> None:
    with served(folder):
        assert postmasters(folder)[0].uids().real != 0


def test_any_user_may_have_a_server(empty: Path, reachable: Path) -> None:
    empty.mkdir()
    shutil.chown(empty, "nobody", "nogroup")
    client = as_nobody(reachable, CLIENT, empty)
    url = opened(client.stdout).readline().strip()
    assert answers(url), client.communicate()
    assert postmasters(empty)[0].username() == "nobody"
    client.communicate(timeout=20)
    eventually(lambda: deserted(empty))


def test_another_user_cannot_reach_the_server(folder: Path, reachable: Path) -> None:
    attempt = "import psycopg, sys; psycopg.connect(sys.argv[1])"
    with served(folder) as url:
        _, complaint = as_nobody(reachable, "-c", attempt, url).communicate(timeout=20)
    assert "Permission denied" in complaint


def test_a_folder_of_somebody_else_is_told(folder: Path, reachable: Path) -> None:
    with served(folder):
        pass
    _, complaint = as_nobody(reachable, CLIENT, folder).communicate(timeout=20)
    assert "ServerFailed" in complaint
    assert "Permission denied" in complaint
