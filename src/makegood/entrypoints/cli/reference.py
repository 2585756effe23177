"""`makegood reference`: the pages docs/reference/cli.md and errors.md, written from the program itself."""

import inspect
from collections.abc import Iterator
from typing import Any

import typer

from makegood.domain.errors import MakegoodError, leaves
from makegood.entrypoints.cli.exits import CODES, MEANINGS, REMEDIES
from makegood.entrypoints.cli.output import put
from makegood.entrypoints.cli.tree import ENTRIES, SECTIONS, group, load

app = group("Print the reference pages as Markdown.")

WIDTH = 100


@app.command()
def cli() -> None:
    """Print docs/reference/cli.md."""
    put(cli_page())


@app.command()
def errors() -> None:
    """Print docs/reference/errors.md."""
    put(errors_page())


def cli_page() -> str:
    """Write the page of all commands."""
    parts = [CLI_HEAD, *_sections()]
    return "\n\n".join(parts) + "\n"


def errors_page() -> str:
    """Write the page of all errors and exit codes."""
    exits = [f"| {code} | {meaning} |" for code, meaning in MEANINGS.items()]
    table = "\n".join(["| exit code | meaning |", "|---:|---|", *exits])
    return "\n\n".join([ERRORS_HEAD, table, "## Errors", *map(_error, leaves(MakegoodError))]) + "\n"


def _sections() -> Iterator[str]:
    for section in SECTIONS:
        entries = [entry for entry in ENTRIES if entry.section == section]
        if entries:
            yield f"## {section}"
        for entry in entries:
            yield from _commands(load(entry), f"makegood {entry.name}")


def _commands(command: Any, path: str) -> Iterator[str]:
    below = getattr(command, "commands", None)
    if below is None:
        context = typer.Context(command, info_name=path, terminal_width=WIDTH, max_content_width=WIDTH)
        yield f"### {path}\n\n```text\n{command.get_help(context).strip()}\n```"
        return
    for name, child in below.items():
        if not child.hidden:
            yield from _commands(child, f"{path} {name}")


def _error(error: type[MakegoodError]) -> str:
    code = next(code for kind, code in CODES.items() if issubclass(error, kind))
    facts = [name for name in inspect.signature(error.__init__).parameters if name not in ("self", "hint")]
    lines = [
        f"### `{error.code}`",
        "",
        " ".join((inspect.getdoc(error) or "").split()),
        REMEDIES.get(error.code, ""),
        "",
        f"Exit code {code}. Facts: {', '.join(f'`{name}`' for name in facts)}.",
    ]
    return "\n".join(lines)


CLI_HEAD = """# The command line

Written by `scripts/reference`; a test compares it with the program.

Every command prints tables for people on stdout, and with `--json` the same as JSON with names in snake_case; what
is said about it goes to stderr. Times are in UTC. When stock becomes usable by a command, whoever waits for it is
served before the command ends, and stderr says who. Exit codes and errors are in [errors.md](errors.md).

Before the command may stand `--actor NAME` (or `MAKEGOOD_ACTOR`), who is on record for what is done, and `--as-of
TIME`, business time for tests and replays. `MAKEGOOD_DATABASE_URL` names a PostgreSQL 15 or newer; without it an
embedded one keeps the books in `MAKEGOOD_HOME`, else in `~/.makegood`. `NO_COLOR` is respected.
`makegood --install-completion` sets up completion for your shell (bash, zsh, fish, PowerShell): commands, options
and words such as statuses."""

ERRORS_HEAD = """# Errors and exit codes

Written by `scripts/reference`; a test compares it with the program.

What is refused is said in one line on stderr, with what to do about it. With `--json` it is an object on stdout:
`{"error": {"code": …, "message": …, "facts": {…}}}`. Codes are stable, words are not. A command line that makes no
sense has the code `usage`, a defect of makegood itself the code `defect`."""
