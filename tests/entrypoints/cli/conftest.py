"""A terminal at which the tests type: in this process for most, the real program for a few."""

import json
import os
import signal
import subprocess
import sys
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner

from makegood.entrypoints.cli.app import app
from makegood.store.database import Database


class Answer(NamedTuple):
    """What a command left: its exit code, what a program reads, what a person is told besides."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Read what was printed for a program."""
        return json.loads(self.out)


class Terminal:
    """Types commands into the books of one test; `width` is the terminal's, None for a pipe."""

    def __init__(self, address: str, *, width: int | None = 160) -> None:
        self.env = {"MAKEGOOD_DATABASE_URL": address, "MAKEGOOD_ACTOR": "ann", "NO_COLOR": "1"}
        self.env |= {"COLUMNS": str(width)} if width else {}
        self.address = address

    def types(self, line: str, *words: str, input: str | None = None) -> Answer:
        """Run a command line in this process; `words` are arguments that hold blanks."""
        done = CliRunner().invoke(app, [*line.split(), *words], env=self.env, input=input)
        return Answer(done.exit_code, done.stdout, done.stderr)

    def does(self, line: str, *words: str) -> Answer:
        """Run a command line that must succeed."""
        answer = self.types(line, *words)
        assert answer.code == 0, (line, answer)
        return answer

    def starts(self, *line: str, **more: Any) -> "subprocess.Popen[str]":
        """Start the real program; like one at a keyboard it can be interrupted, also where the test run cannot."""
        more = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | more
        outside = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
        command = [sys.executable, "-m", "makegood", *line]
        # A shell makes its background jobs, and so this run and what it starts, deaf to Ctrl-C.
        return subprocess.Popen(command, env=outside | self.env, preexec_fn=_hears_ctrl_c, **more)

    def runs(self, *line: str) -> Answer:
        """Run the real program to its end."""
        with self.starts(*line) as process:
            out, err = process.communicate(timeout=60)
        return Answer(process.returncode, out, err)

    def has_a_shop(self) -> "Terminal":
        """Set up warehouse EAST with a pickable bin A-01 and a dock, and two variants."""
        for line in (
            "warehouses add EAST",
            "locations add A-01 --type picking --sequence 1",
            "locations add DOCK --type receiving --not-pickable",
            "variants add MUG --name Mug",
            "variants add LID",
        ):
            self.does(line)
        return self


def _hears_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def terminal(books: Database) -> Terminal:
    """A terminal on empty books."""
    return Terminal(books.conninfo)


@pytest.fixture
def clerk(terminal: Terminal) -> Terminal:
    """A terminal on the books of a small shop."""
    return terminal.has_a_shop()
