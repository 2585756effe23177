"""The agent's session in the guide, held for real; `python -m tests.docs.session` writes down what is answered.

A block ```json with a `command` starts the server, as a client would, on the books that the demo leaves behind;
one with a `tool` calls it. The block ```jsonc below is the answer; what is said besides stands in its comments.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mcp.client.stdio import StdioServerParameters, stdio_client

from tests.docs.console import PROGRAM, ROOT
from tests.entrypoints.mcp.agents import Agent, connected

PAGE = ROOT / "docs" / "guides" / "agents.md"
BLOCK = re.compile(r"^```json\n(?P<asked>.*?)^```\n(?P<answered>\n```jsonc\n.*?^```\n)?", re.M | re.S)
# The evening of the demo's day: what happens in the session happens then.
EVENING = "2026-03-02T17:00Z"
WIDTH = 112


class Session:
    """A session with one server after the other, on one set of books."""

    def __init__(self, home: Path, stack: ExitStack) -> None:
        self.home, self.stack = home, stack
        self.agent: Agent | None = None

    def hears(self, block: re.Match[str]) -> str:
        """Do what a block asks for, and give it with its answer."""
        asked = json.loads(block["asked"])
        if "command" in asked:
            self.stack.close()
            self.agent = self.stack.enter_context(self._started(asked["args"]))
        if "tool" not in asked:
            return block[0]
        assert self.agent is not None
        answer = self.agent.asks(asked["tool"], **asked["arguments"])
        told = [laid_out(answer.told), *(f"// {words}" for words in answer.talk)]
        return f"```json\n{block['asked']}```\n\n```jsonc\n" + "\n".join(told) + "\n```\n"

    def _started(self, arguments: list[str]) -> Any:
        server = StdioServerParameters(
            command=str(PROGRAM),
            args=["--as-of", EVENING, *arguments],
            env={"MAKEGOOD_HOME": str(self.home), "MAKEGOOD_ACTOR": "agent", "PATH": os.environ["PATH"]},
        )
        return connected(stdio_client(server))


def retold(page: str) -> str:
    """Give the page with what its calls are answered now, held from top to bottom on fresh books of the demo."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        home = Path(folder) / "demo"
        subprocess.run([PROGRAM, "demo", "--home", home], check=True, capture_output=True, timeout=120)
        return BLOCK.sub(Session(home, stack).hears, page)


def laid_out(value: Any, indent: str = "", room: int = WIDTH) -> str:
    """Write JSON as a person would: on one line where it fits, else as many fields on a line as fit.

    >>> print(laid_out({"a": 1, "b": [{"c": "x" * 20}, 2]}, room=34))
    {
      "a": 1,
      "b": [
        {"c": "xxxxxxxxxxxxxxxxxxxx"},
        2
      ]
    }
    """
    flat = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(flat) <= room or not isinstance(value, dict | list):
        return flat
    deeper = indent + "  "
    opens, closes = "{}" if isinstance(value, dict) else "[]"
    fields = value.items() if isinstance(value, dict) else ((None, one) for one in value)
    parts = [_named(name) + laid_out(one, deeper, room) for name, one in fields]
    return f"{opens}\n" + "\n".join(_filled(parts, deeper, room)) + f"\n{indent}{closes}"


def _named(name: str | None) -> str:
    return "" if name is None else f"{json.dumps(name)}: "


def _filled(parts: list[str], indent: str, room: int) -> Iterator[str]:
    """Put as many fields on a line as fit; one that takes several lines has them for itself."""
    line = ""
    for number, part in enumerate(parts):
        told = part + ("," if number + 1 < len(parts) else "")
        if line and ("\n" in told or "\n" in line or len(indent) + len(line) + 1 + len(told) > room):
            yield indent + line
            line = told
        else:
            line = f"{line} {told}".strip()
    yield indent + line


if __name__ == "__main__":
    PAGE.write_text(retold(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
