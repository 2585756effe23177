"""Where a server may live, who may reach it, and what becomes of the directories around it."""

import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from makegood.store.embedded import ServerFailed, binaries, served
from makegood.store.embedded.account import Account
from makegood.store.embedded.binaries import INSTALL, LIBRARIES, binaries_for, copy_programs
from makegood.store.embedded.place import lasting_base

from .crowd import answers, cluster, deserted, eventually

NOBODY = Account(uid=65534, gid=65534)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="NOT TESTED: only root hands its server to another user")


def modes(*folders: Path) -> list[tuple[int, int, int]]:
    return [(one.stat().st_mode, one.stat().st_uid, one.stat().st_gid) for one in folders]


@pytest.fixture
def closed(empty: Path) -> Path:
    """An empty folder below a directory that only its owner may enter."""
    empty.parent.chmod(0o700)
    return empty.parent / "shop"


def test_a_long_path_is_no_hindrance(empty: Path) -> None:
    deep = empty / ("a long name with spaces, 'quotes' and % signs " * 4)
    with served(deep) as url:
        assert answers(url)
    eventually(lambda: deserted(deep))


@as_root
def test_below_a_closed_directory_the_cluster_lies_elsewhere_and_no_mode_changes(closed: Path) -> None:
    above = [*closed.parents]
    before = modes(*above)
    with served(closed) as url:
        assert answers(url)
        assert cluster(closed).parent != closed
    assert modes(*above) == before
    eventually(lambda: deserted(closed))
    with served(closed) as url:
        assert answers(url)


@as_root
def test_a_cluster_that_was_lost_is_not_replaced_by_an_empty_one(closed: Path) -> None:
    with served(closed):
        home = cluster(closed).parent
    eventually(lambda: deserted(closed))
    home.rename(home.with_name("moved"))
    with pytest.raises(ServerFailed, match="which is gone"), served(closed):
        pass
    home.with_name("moved").rename(home)


@pytest.mark.slow
@as_root
def test_a_home_is_swept_away_once_its_temporary_folder_is_gone(closed: Path) -> None:
    with served(closed):
        home = cluster(closed).parent
    eventually(lambda: deserted(closed))
    shutil.rmtree(closed)
    with served(closed):
        assert not home.exists()


@pytest.fixture
def hidden(empty: Path) -> Path:
    """An installation that only its owner can reach."""
    site = empty / "hidden"
    for part in (INSTALL, LIBRARIES):
        shutil.copytree(binaries().parents[2] / part, site / part)
    site.chmod(0o700)
    return site


@pytest.fixture
def lasting() -> Iterator[Path]:
    """Where copies are kept; those that the test made are removed."""
    base = lasting_base(NOBODY)
    before = set(base.iterdir())
    yield base
    for copy in set(base.iterdir()) - before:
        shutil.rmtree(copy)


@as_root
def test_programs_that_the_server_cannot_reach_are_used_from_a_copy(hidden: Path, lasting: Path) -> None:
    found = hidden / INSTALL / "bin"
    copied = binaries_for(NOBODY, found)
    assert lasting in copied.parents
    assert binaries_for(NOBODY, found) == copied
    assert stat.S_IMODE(hidden.stat().st_mode) == 0o700


@as_root
def test_two_who_copy_the_programs_at_once_get_one_whole_copy(hidden: Path, empty: Path) -> None:
    empty.chmod(0o711)
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(copy_programs, hidden, empty / "copy") for _ in range(2)]:
            done.result()
    assert sorted(one.name for one in empty.iterdir()) == ["copy", "hidden"]
    program = [empty / "copy" / INSTALL / "bin" / "initdb", Path("--version")]
    said = subprocess.run(program, user=NOBODY.uid, group=NOBODY.gid, capture_output=True, text=True, cwd="/")
    assert "PostgreSQL) 18" in said.stdout


def test_programs_within_reach_are_used_where_they_are() -> None:
    own = Account(uid=os.geteuid(), gid=os.getegid())
    assert binaries_for(own, binaries()) == binaries()
    done = subprocess.run([binaries() / "pg_dump", "--version"], capture_output=True, text=True)
    assert "PostgreSQL) 18" in done.stdout


@pytest.mark.slow
def test_a_cluster_of_another_version_is_told_and_left_alone(folder: Path) -> None:
    with served(folder):
        version = folder / "cluster" / "PG_VERSION"
    eventually(lambda: deserted(folder))
    version.write_text("12\n")
    with pytest.raises(ServerFailed, match="not compatible") as failed, served(folder):
        pass
    assert failed.value.folder == folder
    assert "12" in failed.value.log_tail
    version.write_text("18\n")
    with served(folder) as url:
        assert answers(url)


def test_a_folder_that_cannot_be_made_is_told(empty: Path) -> None:
    empty.write_text("a file")
    with pytest.raises(ServerFailed, match="exists"), served(empty):
        pass
