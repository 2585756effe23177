"""The API in a process of its own, over books that exist: it prints its address, then serves until it is ended."""

import socket

import uvicorn

from makegood.entrypoints.api.app import make_app
from makegood.entrypoints.lobby.front import Front
from makegood.store.database import Database
from makegood.wiring import House
from tests.shop import MONDAY


def serve(conninfo: str) -> None:
    """Serve at the shop's clock."""
    front = Front(House(Database(conninfo)), clock=lambda: MONDAY)
    with socket.create_server(("127.0.0.1", 0)) as door:
        print(f"http://127.0.0.1:{door.getsockname()[1]}", flush=True)  # noqa: T201
        uvicorn.Server(uvicorn.Config(make_app(front), log_config=None)).run(sockets=[door])
