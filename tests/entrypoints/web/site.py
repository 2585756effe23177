"""The pages over a shop's books: somebody who looks at them without a browser, and a real server."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from threading import Thread
from typing import Any

import uvicorn
from starlette.testclient import TestClient

from makegood.domain.accounts import Role
from makegood.entrypoints.lobby.front import Front
from makegood.entrypoints.serve import compose
from makegood.services.accounts.tokens import create_token
from makegood.wiring import House
from tests.shop import Shop


class Page:
    """What a browser got: its status, its text as a person reads it, and the HTML."""

    def __init__(self, answer: Any) -> None:
        self.status, self.html, self.headers = answer.status_code, answer.text, answer.headers
        visible = re.sub(r"<(script|style|title)\b.*?</\1>|<[^>]+>", " ", self.html, flags=re.S)
        self.text = " ".join(unescape(visible).split())

    def rows(self, nth: int = 0) -> list[list[str]]:
        """Give the cells of a table of the page, row by row."""
        bodies = re.findall(r"<tbody>(.*?)</tbody>", self.html, flags=re.S)
        if nth >= len(bodies):
            return []
        rows = re.findall(r"<tr\b.*?</tr>", bodies[nth], flags=re.S)
        cells = [re.findall(r"<td\b[^>]*>(.*?)</td>", row, flags=re.S) for row in rows]
        return [[" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row] for row in cells]


class Reader:
    """Somebody of a role who goes from page to page without scripts."""

    def __init__(self, client: TestClient, token: str | None) -> None:
        self.client = client
        self.headers = {"Accept": "text/html"} | ({"Authorization": f"Bearer {token}"} if token else {})

    def sees(self, path: str, **headers: str) -> Page:
        """Open a page."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Page(self.client.get(path, headers=self.headers | named))

    def sends(self, path: str, form: dict[str, str] | None = None, **headers: str) -> Page:
        """Send a form and give the page that it leads to."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Page(self.client.post(path, data=form or {}, headers=self.headers | named))


class Site:
    """The doors as they are served, over a shop's books."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.front = Front(House(shop.books), clock=lambda: shop.clock)
        self.app = compose(self.front)

    def token(self, role: Role) -> str:
        """Make a token of this role and give its secret."""
        number = self.shop.value("SELECT count(*) FROM tokens")
        return self.shop.do(create_token, f"t{number}", role=role).secret

    def reader(self, role: Role | None = Role.MANAGER) -> Reader:
        """Give somebody of this role, or without one somebody unknown."""
        client = TestClient(self.app, raise_server_exceptions=False)
        return Reader(client, self.token(role) if role else None)

    @contextmanager
    def served(self) -> Iterator[str]:
        """Serve on a free port of this machine, and give the address."""
        with answering(self.front) as address:
            yield address


@contextmanager
def answering(front: Front) -> Iterator[str]:
    """Serve all doors by a real server on a free port of this machine, and give the address."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = uvicorn.Server(uvicorn.Config(compose(front), log_config=None, timeout_graceful_shutdown=2))
        thread = Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            front.live.close()
            server.should_exit = True
            thread.join()
