"""Whoever is killed, nothing committed is lost, nobody waits for long, and nothing is left running."""

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from makegood.store.embedded import ServerFailed, served
from makegood.store.embedded.lease import guard_lock

from .crowd import Client, answers, asked, deserted, eventually, keepers, postgres_of, postmasters, told

Enter = Callable[[], Client]
# Seconds suffice on a machine that is not busy; on one that is, a limit must still be a limit.
SECONDS = 20.0


def kill_and_see_dead(process: psutil.Process) -> None:
    process.kill()
    eventually(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE)


@pytest.mark.slow
def test_a_killed_client_does_not_disturb_the_other(folder: Path, enter: Enter) -> None:
    doomed, other = enter(), enter()
    told(doomed.url, "CREATE TABLE orders (id int)", "INSERT INTO orders VALUES (7)")
    before = postmasters(folder)
    doomed.kill()
    assert asked(other.url, "SELECT id FROM orders") == 7
    assert postmasters(folder) == before
    other.leave()
    assert eventually(lambda: deserted(folder)) < SECONDS


def test_when_all_clients_are_killed_the_server_goes(folder: Path, enter: Enter) -> None:
    clients = [enter(), enter()]
    assert all(answers(client.url) for client in clients)
    for client in clients:
        client.kill()
    assert eventually(lambda: deserted(folder)) < SECONDS


def test_a_killed_postmaster_is_back_at_the_same_address(folder: Path) -> None:
    with served(folder) as url:
        told(url, "CREATE TABLE orders (id int)", "INSERT INTO orders VALUES (7)")
        before = postmasters(folder)[0]
        before.kill()
        assert eventually(lambda: answers(url)) < SECONDS
        assert asked(url, "SELECT id FROM orders") == 7
        assert postmasters(folder) != [before]
        assert len(postmasters(folder)) == 1


def test_backends_that_outlive_their_postmaster_do_not_keep_it_down(folder: Path) -> None:
    with served(folder) as url:
        postmaster = postmasters(folder)[0]
        backend = next(one for one in postgres_of(folder) if "checkpointer" in " ".join(one.cmdline()))
        # Stopped, it cannot notice that its postmaster is gone, and holds on to the shared memory.
        backend.suspend()
        postmaster.kill()
        assert eventually(lambda: answers(url)) < SECONDS
        assert not backend.is_running() or backend.status() == psutil.STATUS_ZOMBIE


@pytest.mark.slow
def test_a_killed_keeper_is_replaced_while_the_server_runs_on(folder: Path) -> None:
    with served(folder) as url:
        keeper, postmaster = keepers(folder)[0], postmasters(folder)
        keeper.kill()
        assert eventually(lambda: keepers(folder) and keepers(folder) != [keeper]) < SECONDS
        assert answers(url)
        assert postmasters(folder) == postmaster
        postmaster[0].kill()  # the new keeper has to look after a server that is not its child
        assert eventually(lambda: answers(url)) < SECONDS
    assert eventually(lambda: deserted(folder)) < SECONDS


@pytest.mark.slow
def test_a_keeper_killed_as_the_last_client_leaves_is_missed_all_the_same(folder: Path) -> None:
    for _ in range(3):
        with served(folder) as url:
            assert answers(url)
            kill_and_see_dead(keepers(folder)[0])
        assert eventually(lambda: deserted(folder)) < SECONDS


def test_keeper_and_postmaster_killed_together_come_back(folder: Path) -> None:
    with served(folder) as url:
        told(url, "CREATE TABLE orders (id int)", "INSERT INTO orders VALUES (7)")
        for one in (*keepers(folder), *postmasters(folder)):
            one.kill()
        assert eventually(lambda: answers(url)) < SECONDS
        assert asked(url, "SELECT id FROM orders") == 7


@pytest.mark.slow
def test_when_everything_of_ours_was_killed_the_next_client_takes_the_server_over(
    folder: Path, enter: Enter
) -> None:
    client = enter()
    assert answers(client.url)
    before = postmasters(folder)
    kill_and_see_dead(keepers(folder)[0])
    client.kill()
    with served(folder) as url:
        assert answers(url)
        assert postmasters(folder) == before
    assert eventually(lambda: deserted(folder)) < SECONDS


def test_a_postmaster_that_is_a_zombie_counts_as_dead(folder: Path) -> None:
    with served(folder) as url:
        told(url, "CREATE TABLE orders (id int)")
        keeper, postmaster = keepers(folder)[0], postmasters(folder)[0]
        keeper.suspend()  # it cannot reap its child now, nor can anybody else
        postmaster.kill()
        eventually(lambda: postmaster.status() == psutil.STATUS_ZOMBIE)
        keeper.resume()
        assert eventually(lambda: answers(url)) < SECONDS


def test_a_stale_claim_with_the_number_of_a_stranger_is_seen_through(folder: Path) -> None:
    with served(folder):
        claim = (folder / "cluster" / "postmaster.pid").read_text()
    eventually(lambda: deserted(folder))
    _, *rest = claim.splitlines(keepends=True)
    (folder / "cluster" / "postmaster.pid").write_text(f"{os.getppid()}\n{''.join(rest)}")
    with served(folder) as url:
        assert answers(url)


@pytest.mark.slow
def test_processes_that_cannot_be_seen_keep_a_second_server_from_the_files(folder: Path) -> None:
    with served(folder):
        pass
    eventually(lambda: deserted(folder))
    guard = guard_lock(folder)  # as a server in another container would hold it
    assert guard.seize()
    with pytest.raises(ServerFailed, match="still in use"), served(folder):
        pass
    guard.close()
    with served(folder) as url:
        assert answers(url)


def test_a_lost_socket_is_made_anew(folder: Path) -> None:
    with served(folder) as url:
        with_sockets = Path(str(asked(url, "SHOW unix_socket_directories")))
        shutil.rmtree(with_sockets)
        assert eventually(lambda: answers(url)) < SECONDS


@pytest.mark.slow
def test_a_removed_folder_takes_its_server_along(folder: Path, enter: Enter) -> None:
    client = enter()
    assert answers(client.url)
    keeper, everyone = keepers(folder), postgres_of(folder)
    shutil.rmtree(folder, ignore_errors=True)
    assert eventually(lambda: not any(one.is_running() for one in (*keeper, *everyone))) < SECONDS
    client.kill()


@pytest.mark.slow
def test_a_keeper_that_is_asked_to_go_stops_the_server_first(folder: Path, enter: Enter) -> None:
    client = enter()
    assert answers(client.url)
    keeper, postmaster = keepers(folder)[0], postmasters(folder)[0]
    keeper.send_signal(signal.SIGTERM)
    client.kill()
    assert eventually(lambda: not keeper.is_running() and not postmaster.is_running()) < SECONDS
    log = "".join(file.read_text() for file in (folder / "log").iterdir())
    assert "database system is shut down" in log
