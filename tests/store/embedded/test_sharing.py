"""Many processes, one server: the first one in starts it, the last one out stops it."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from makegood.store.embedded import served

from .crowd import CLIENT, Client, asked, deserted, eventually, keepers, postmasters, told

Enter = Callable[[], Client]


@pytest.mark.slow
def test_two_clients_share_one_postmaster_and_the_last_one_out_stops_it(folder: Path, enter: Enter) -> None:
    first, second = enter(), enter()
    assert first.url == second.url
    assert len(postmasters(folder)) == len(keepers(folder)) == 1
    first.leave()
    time.sleep(1.5)  # longer than an unused server is kept
    assert asked(second.url, "SELECT 1") == 1
    second.leave()
    assert eventually(lambda: deserted(folder)) < 5


def test_what_was_committed_is_there_the_next_time(folder: Path) -> None:
    with served(folder) as url:
        told(url, "CREATE TABLE orders (id int)", "INSERT INTO orders VALUES (7)")
    eventually(lambda: deserted(folder))
    with served(folder) as url:
        assert asked(url, "SELECT id FROM orders") == 7


def test_the_next_command_finds_the_server_still_up(folder: Path) -> None:
    with served(folder):
        before = postmasters(folder)
    with served(folder):
        assert postmasters(folder) == before


@pytest.mark.slow
def test_eight_who_open_an_empty_folder_at_once_get_one_cluster(empty: Path, enter: Enter) -> None:
    clients = [enter() for _ in range(8)]
    assert len({client.url for client in clients}) == 1
    assert len({asked(client.url, "SELECT system_identifier FROM pg_control_system()") for client in clients}) == 1
    assert len(postmasters(empty)) == len(keepers(empty)) == 1
    assert not list(empty.glob("cluster.draft-*"))


STORM = """
import random, sys, time
from pathlib import Path
import psycopg
from makegood.store.embedded import served
chance, over, rounds = random.Random(int(sys.argv[2])), time.monotonic() + 4, 0
while time.monotonic() < over:
    with served(Path(sys.argv[1])) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("INSERT INTO visits DEFAULT VALUES")
        rounds += 1
        time.sleep(chance.choice((0, 0, 0.2)))
    time.sleep(chance.choice((0, 0.01, 0.9, 1.0, 1.05, 1.1, 1.2)))
print(rounds)
"""


@pytest.mark.slow
def test_a_storm_of_comings_and_goings_meets_no_error(folder: Path) -> None:
    with served(folder) as url:
        told(url, "CREATE TABLE visits (id serial)")
    storm = [
        subprocess.Popen([sys.executable, "-c", STORM, folder, str(seed)], stdout=subprocess.PIPE, text=True)
        for seed in range(4)
    ]
    visits = sum(int(process.communicate(timeout=60)[0]) for process in storm)
    assert [process.returncode for process in storm] == [0] * 4
    with served(folder) as url:
        assert asked(url, "SELECT count(*) FROM visits") == visits > 10


@pytest.mark.slow
def test_a_newcomer_in_the_moment_of_stopping_waits_and_gets_a_new_server(folder: Path) -> None:
    for delay in (0.95, 1.0, 1.05, 1.1):
        with served(folder) as url:
            assert asked(url, "SELECT 1") == 1
        time.sleep(delay)
    assert len(postmasters(folder)) <= 1


def test_who_waits_for_the_output_of_a_client_does_not_wait_for_the_server(folder: Path) -> None:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, CLIENT, folder], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert keepers(folder), f"the server went before we could look, {time.monotonic() - began:.1f} s"


def test_a_client_leaves_nothing_behind_in_its_own_process(folder: Path) -> None:
    def open_files() -> list[Path]:
        return sorted(Path("/proc/self/fd").iterdir())

    with served(folder):
        pass
    before, threads = len(open_files()), threading.active_count()
    for _ in range(3):
        with served(folder):
            pass
    assert (len(open_files()), threading.active_count()) == (before, threads)


def test_the_keeper_holds_nothing_of_its_client(folder: Path, tmp_path: Path) -> None:
    with (tmp_path / "open").open("w"), served(folder):
        keeper = keepers(folder)[0]
        assert keeper.cwd() == "/"
        assert not [file for file in keeper.open_files() if str(tmp_path) in file.path]
        assert {Path(f"/proc/{keeper.pid}/fd/{n}").readlink().name for n in (0, 1, 2)} == {
            "null",
            "keeper.log",
        }
