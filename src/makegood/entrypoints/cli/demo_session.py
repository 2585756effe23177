"""The end of the demo: a short session over the real HTTP API, in the words of curl, which a reader can repeat."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from textwrap import wrap
from typing import Any, NamedTuple

from makegood.entrypoints.cli.output import put

# What `make serve` opens.
ADDRESS = "localhost:8000"
WIDTH = 78


class Call(NamedTuple):
    """A request of the session, and what of its answer is shown."""

    method: str
    path: str
    why: str
    key: str | None = None


class Exchange(NamedTuple):
    """A request as curl makes it, and what was answered."""

    why: str
    curl: str
    status: int
    answer: Any


CALLS: Sequence[Call] = (
    Call("GET", "/healthz", "Does it live?"),
    Call("GET", "/skus/MUG/availability", "What a shop asks: how many mugs are free?"),
    Call("GET", "/orders/1010/explanation", "Why does order 1010 wait?"),
    Call("POST", "/orders/1003/allocate", "Try order 1003 again, once however often it is sent:", key="try-1"),
)


def hold_session(home: Path, as_of: datetime, token: str) -> list[Exchange]:
    """Serve the demo's books, make the calls, and give what was answered."""
    import httpx

    with _served(home, as_of) as address, httpx.Client(base_url=address, timeout=30) as client:
        return [
            _exchange(client.request(one.method, one.path, headers=_headers(one, token)), one) for one in CALLS
        ]


def put_session(exchanges: Sequence[Exchange], program: str, home: Path) -> None:
    """Print the session as a terminal would show it."""
    put("\nTHE SAME OVER HTTP, while `make serve` runs (the API in full: /docs)")
    put(f"  $ TOKEN=$(MAKEGOOD_HOME={home} {program} \\\n      tokens add me --role staff)")
    for one in exchanges:
        put(f"{one.why}\n  $ {one.curl}")
        answer = json.dumps(one.answer, ensure_ascii=False)
        put("\n".join(wrap(answer, WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False)))


def _exchange(answer: Any, call: Call) -> Exchange:
    return Exchange(call.why, _curl(call), answer.status_code, answer.json())


def _headers(call: Call, token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": call.key} if call.key else {})


def _curl(call: Call) -> str:
    words = ["curl -s"]
    if call.method != "GET":
        words.append(f"-X {call.method}")
    words.append(f"{ADDRESS}{call.path}")
    if call.path != "/healthz":
        words.append('\\\n      -H "Authorization: Bearer $TOKEN"')
    if call.key:
        words.append(f'-H "Idempotency-Key: {call.key}"')
    return " ".join(words)


@contextmanager
def _served(home: Path, as_of: datetime) -> Iterator[str]:
    """Run the real server in a process of its own, at the demo's business time, and give its address."""
    command = [sys.executable, "-m", "makegood", "--as-of", as_of.isoformat(), "serve", "--home", str(home)]
    with subprocess.Popen([*command, "--port", "0", "--no-worker"], stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr
            told = next((line for line in server.stderr if "http://" in line), "")
            yield told.split()[3]
        finally:
            server.terminate()
