"""Visitors of the API: each with a token of a role, over a test client or over a real server."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Thread
from typing import Any

import uvicorn
from starlette.testclient import TestClient

from makegood.domain.accounts import Role
from makegood.entrypoints.api.app import make_app
from makegood.entrypoints.lobby.front import Front
from makegood.services.accounts.tokens import create_token
from makegood.wiring import House
from tests.shop import Shop


class Visitor:
    """Somebody who calls the API; `calls` gives the answer whatever it is, `asks` and `does` insist on success."""

    def __init__(self, client: Any, token: str | None = None) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def calls(self, method: str, path: str, **more: Any) -> Any:
        """Send a request and give the answer."""
        return self.client.request(method, path, headers=self.headers | more.pop("headers", {}), **more)

    def asks(self, path: str, **query: Any) -> Any:
        """Read something that must be there."""
        answer = self.calls("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def does(self, path: str, body: Any = None, *, method: str = "POST", **headers: str) -> Any:
        """Write something that must be accepted; headers are given as `Idempotency_Key=…`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.calls(method, path, json=body, headers=named)
        assert answer.is_success, answer.text
        return answer.json()

    def refused(self, method: str, path: str, **more: Any) -> tuple[int, str]:
        """Give status and code of a request that must be refused."""
        answer = self.calls(method, path, **more)
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        return answer.status_code, answer.json()["code"]


class Api:
    """The API over a shop's books, and visitors of every role."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.front = Front(House(shop.books), clock=lambda: shop.clock)
        self.app = make_app(self.front)
        self.client = TestClient(self.app, raise_server_exceptions=False)

    def token(self, role: Role, *, merchants: Sequence[str] | None = None, days: int = 30) -> str:
        """Make a token of this role and give its secret."""
        number = self.shop.value("SELECT count(*) FROM tokens")
        made = self.shop.do(create_token, f"t{number}", role=role, merchants=merchants, days=days)
        return made.secret

    def visitor(self, role: Role = Role.STAFF, *, merchants: Sequence[str] | None = None) -> Visitor:
        """Give somebody with a token of this role."""
        return Visitor(self.client, self.token(role, merchants=merchants))

    def anonymous(self) -> Visitor:
        """Give somebody whom nobody knows."""
        return Visitor(self.client)

    @contextmanager
    def served(self) -> Iterator[str]:
        """Serve the API by a real server on a free port of this machine, and give its address."""
        front = Front(self.front.house, self.front.clock, self.front.rules)
        with socket.create_server(("127.0.0.1", 0)) as door:
            server = uvicorn.Server(uvicorn.Config(make_app(front), log_config=None, timeout_graceful_shutdown=5))
            thread = Thread(target=server.run, kwargs={"sockets": [door]})
            thread.start()
            try:
                yield f"http://127.0.0.1:{door.getsockname()[1]}"
            finally:
                front.live.close()
                server.should_exit = True
                thread.join()
