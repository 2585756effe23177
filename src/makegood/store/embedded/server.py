"""`served`: the one way in."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from makegood.store.embedded.address import Address, read_address
from makegood.store.embedded.failure import ServerFailed, read_note, tail
from makegood.store.embedded.home import home_of
from makegood.store.embedded.lease import PATIENCE, TICK, Lock, take_keeper, take_lease
from makegood.store.embedded.postmaster import last_words
from makegood.store.embedded.summon import keeper_log, looked_after, summon

# A keeper may be killed while it starts, but not time and again.
MOST_KEEPERS = 5
# How long a newcomer that wants a TCP port waits for those who do without it.
LEAVING = 5.0


@contextmanager
def served(folder: Path, *, tcp_port: int | None = None) -> Iterator[str]:
    """A running server on `folder` for as long as the block lasts; yields the URL of its database `makegood`.

    Processes that name the same folder share one server; the last one out stops it, about a second later.
    The URL leads to a socket that only this user of the machine (and root) can reach; with `tcp_port`, to
    that port on 127.0.0.1, with a password that libpq takes from a file. Should the server be killed, it is
    back at the same address within seconds. Raises `ServerFailed` when it cannot run, or when others are
    using it without the wanted `tcp_port`.
    """
    try:
        home = home_of(folder)
        lease, address = _enter(home, tcp_port)
    except OSError as refusal:
        raise ServerFailed(folder, str(refusal)) from refusal
    try:
        with looked_after(home, address):
            yield _url(home, address, tcp_port)
    finally:
        lease.close()


def _enter(home: Path, tcp_port: int | None) -> tuple[Lock, Address]:
    """A share of the lease, and the address of a server that answers there."""
    deadline = time.monotonic() + LEAVING
    while True:
        lease = take_lease(home)
        try:
            address = _await_server(home, tcp_port)
        except BaseException:
            lease.close()
            raise
        if tcp_port in (None, address.tcp_port):
            return lease, address
        lease.close()
        _await_departure(home, deadline, tcp_port)


def _await_server(home: Path, tcp_port: int | None) -> Address:
    from makegood.store.embedded.reach import (
        answers,
    )  # the driver takes its time to import: not in the keeper

    deadline = time.monotonic() + PATIENCE
    summoned = 0
    while time.monotonic() < deadline:
        if keeper := take_keeper(home):
            _refuse_to_insist(home, keeper, summoned)
            summon(home, keeper, tcp_port)
            summoned += 1
        address = read_address(home)
        if address and answers(address):
            return address
        time.sleep(TICK)
    raise ServerFailed(home, f"did not answer within {PATIENCE:.0f} s", last_words(home))


def _refuse_to_insist(home: Path, keeper: Lock, summoned: int) -> None:
    """Raise what made the last keeper give up, once there was one for us."""
    if not summoned:
        return
    failure = read_note(home)
    if failure is None and summoned < MOST_KEEPERS:
        return
    keeper.close()
    raise failure or ServerFailed(home, "its keeper does not stay alive", tail(keeper_log(home)))


def _await_departure(home: Path, deadline: float, tcp_port: int | None) -> None:
    """Return once the server that lacks `tcp_port` has been stopped, its last client having left."""
    while (keeper := take_keeper(home)) is None:
        if time.monotonic() > deadline:
            raise ServerFailed(home, f"is in use without TCP port {tcp_port}")
        time.sleep(TICK)
    keeper.close()


def _url(home: Path, address: Address, tcp_port: int | None) -> str:
    if tcp_port is None:
        return address.url()
    from makegood.store.embedded.reach import admit_by_password

    return address.tcp_url(admit_by_password(home, address))
