"""How a server is reached: its socket, its port, and what it promises whoever is in."""

import stat
from pathlib import Path

import psycopg
import pytest

from makegood.store.embedded import ServerFailed, served

from .crowd import answers, asked


def test_safety_is_on(folder: Path) -> None:
    with served(folder) as url:
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
            assert asked(url, f"SHOW {setting}") == "on"
        assert asked(url, "SHOW wal_level") == "replica"
        assert asked(url, "SHOW listen_addresses") == ""
        assert asked(url, "SHOW timezone") == "UTC"
        assert asked(url, "SHOW server_encoding") == "UTF8"


def test_tcp_asks_for_the_password(folder: Path, free_port: int) -> None:
    with served(folder, tcp_port=free_port) as url:
        assert asked(url, "SELECT inet_server_addr() = '127.0.0.1'") is True
        assert asked(url, "SELECT rolpassword LIKE 'SCRAM-SHA-256%' FROM pg_authid WHERE rolpassword > ''") is True
        for password in ("wrong", ""):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(url, password=password, passfile="/dev/null")
        assert stat.S_IMODE((folder / "pgpass").stat().st_mode) == 0o600
        with served(folder) as over_the_socket:
            assert "host=127" not in over_the_socket
            assert answers(over_the_socket)


@pytest.mark.slow
def test_who_wants_tcp_waits_for_a_server_without_it_that_is_just_going(folder: Path, free_port: int) -> None:
    with served(folder):
        pass
    with served(folder, tcp_port=free_port) as url:
        assert answers(url)


@pytest.mark.slow
def test_who_wants_tcp_is_told_when_others_do_without(folder: Path, free_port: int) -> None:
    with served(folder) as url:
        with pytest.raises(ServerFailed, match="in use without TCP"), served(folder, tcp_port=free_port):
            pass
        assert answers(url)


@pytest.mark.slow
def test_a_taken_port_is_told_with_the_words_of_the_server(folder: Path, taken_port: int) -> None:
    with pytest.raises(ServerFailed, match="Address already in use"), served(folder, tcp_port=taken_port):
        pass
    with served(folder) as url:
        assert answers(url)
