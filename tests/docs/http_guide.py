"""The commands of the HTTP guide, run against a real server: what they answer holds all that the page shows."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.docs.console import BLOCK, PROGRAM, ROOT

PAGE = ROOT / "docs" / "guides" / "operate-over-http.md"


def commands(page: str) -> Iterator[tuple[str, str]]:
    """Give each command of the page with what is shown below it."""
    for block in BLOCK.findall(page):
        for entry in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, told = entry.partition("\n")
            yield command, told.strip()


@contextmanager
def served(conninfo: str) -> Iterator[str]:
    """Serve these books by the real program, and give where it is."""
    command = [sys.executable, "-m", "makegood", "serve", "--port", "0", "--no-worker"]
    env = {**os.environ, "MAKEGOOD_DATABASE_URL": conninfo}
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr
            yield next(line for line in server.stderr if "http://" in line).split("http://")[1].split()[0]
        finally:
            server.terminate()


def printed(command: str, before: list[str], address: str, conninfo: str) -> str:
    """Run a command in a shell in which these were run before, against the server at this address."""
    script = "\n".join(["set -e", *before, command]).replace("localhost:8000", address)
    env = {**os.environ, "MAKEGOOD_DATABASE_URL": conninfo, "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def shows(told: str, answer: str) -> bool:
    """Tell whether an answer holds all that is shown of it.

    >>> shows('{"a": [{"b": 1, …}], …}', '{"a": [{"b": 1, "c": 2}], "d": 3}')
    True
    """
    if not told.startswith("{"):
        return told in answer
    return _holds(json.loads(answer), json.loads(re.sub(r",? *…", "", told)))


def _holds(whole: Any, part: Any) -> bool:
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(name in whole and _holds(whole[name], part[name]) for name in part)
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(_holds, whole, part))
    return bool(whole == part)
