"""A receiver of webhooks in a process of its own: it behaves as its path says, and writes down what came.

    /good          answers 204                     /fails       answers 500
    /slow          answers 204 after a second      /hangs       never answers
    /moved         redirects to /good              /gone        answers 410
    /endless       answers 200 and never ends      /drip        sends a header that never ends

`python -m tests.receiver FILE` prints its port; each request becomes a line of JSON in FILE.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar

ROOT = Path(__file__).parent.parent


class Handler(BaseHTTPRequestHandler):
    file: ClassVar[Path]
    lock = Lock()

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        body = self.rfile.read(length).decode()
        # Whoever was killed in the middle of it has not told anything.
        if len(body.encode()) < length:
            return
        told = {"path": self.path, "at": time.time(), "headers": dict(self.headers), "body": body}
        with self.lock, self.file.open("a") as log:
            log.write(json.dumps(told) + "\n")
        getattr(self, self.path.strip("/").split("/")[0])()

    do_GET = do_POST

    def good(self) -> None:
        self._answer(204)

    def slow(self) -> None:
        time.sleep(1)
        self._answer(204)

    def hangs(self) -> None:
        time.sleep(60)

    def fails(self) -> None:
        self._answer(500, b"out of order\0 today")

    def gone(self) -> None:
        self._answer(410)

    def moved(self) -> None:
        self.send_response(302)
        self.send_header("location", "/good")
        self.end_headers()

    def endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"more " * 100)

    def drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nx-long: ")
        while True:
            self.wfile.write(b"a")
            self.wfile.flush()
            time.sleep(0.2)

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Receiver:
    """A running receiver, as a test sees it."""

    def __init__(self, port: int, file: Path) -> None:
        self.port, self.file = port, file

    def url(self, path: str = "good", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}/{path}"

    def came(self, path: str = "") -> list[dict[str, Any]]:
        """Give what came, in the order in which it came."""
        lines = self.file.read_text().splitlines() if self.file.exists() else []
        return [one for one in map(json.loads, lines) if one["path"].startswith(f"/{path}")]

    def ids(self, path: str = "") -> list[str]:
        """Give the ids of the messages that came."""
        return [one["headers"]["webhook-id"] for one in self.came(path)]


@contextmanager
def receiving(folder: Path) -> Iterator[Receiver]:
    """Run a receiver for as long as the block lasts."""
    file = folder / "received.jsonl"
    command = [sys.executable, "-m", "tests.receiver", str(file)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout
        yield Receiver(int(process.stdout.readline()), file)
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    Handler.file = Path(sys.argv[1])
    ThreadingHTTPServer.request_queue_size = 256
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)  # noqa: T201
    server.serve_forever()
