"""The pages' console blocks, run for real: `python -m tests.docs.console PAGE…` writes down what is printed now.

A line that starts with `$` is a command; what follows, up to the next one, is what it printed. A command below
which nothing stands must succeed, and what it prints is not told. `make demo` and `export` are the reader's own:
the first is run in a folder apart, the second is what the test has done already.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).parent / "makegood"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
TOLD = (
    "quickstart.md",
    "guides/month-end.md",
    "guides/resolve-many-orders.md",
    "guides/supply-that-is-due.md",
)
PAGES = [ROOT / "README.md", *(ROOT / "docs" / name for name in TOLD)]


def retold(page: str, address: str) -> str:
    """Give the page with what its commands print now, run from top to bottom on these books."""
    return BLOCK.sub(lambda found: "```console\n" + "".join(_run(found[1], address)) + "```", page)


def _run(block: str, address: str) -> Iterator[str]:
    for entry in re.split(r"^(?=\$ )", block, flags=re.M):
        if not entry.startswith("$ "):
            yield entry
            continue
        command, _, told = entry[2:].partition("\n")
        printed = _printed(command, address) if told or not command.startswith(("make ", "export ")) else ""
        yield f"$ {command}\n" + (printed + "\n" * told.endswith("\n\n") if told else "")


def _printed(command: str, address: str) -> str:
    if command.split()[:2] == ["make", "demo"]:
        return demo_told()
    path = f"{PROGRAM.parent}:{os.environ['PATH']}"
    with TemporaryDirectory() as folder:
        (Path(folder) / "docs").symlink_to(ROOT / "docs")
        return told_by(["bash", "-c", command], folder, {"MAKEGOOD_DATABASE_URL": address, "PATH": path})


def demo_told() -> str:
    """Give what `make demo` prints, though its books lie in a folder apart."""
    with TemporaryDirectory() as folder:
        home = Path(folder) / "demo"
        told = told_by([str(PROGRAM), "demo", "--home", str(home)], folder, {"PATH": "/usr/bin:/bin"})
    return told.replace(str(home), ".makegood/demo").replace(str(PROGRAM), ".venv/bin/makegood")


def told_by(command: list[str], folder: str, env: Mapping[str, str]) -> str:
    """Give what a command prints, talk and all; it must succeed."""
    kept = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**kept, "PYTHONUTF8": "1", "COLUMNS": "80", **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, f"{command}: {done.stdout}"
    return done.stdout


def renew(pages: list[Path]) -> None:
    """Write down what the commands of these pages print now."""
    from makegood.store.embedded import served
    from tests.clean_books import fresh_books
    from tests.conftest import HOME

    with served(HOME) as server:
        for page in pages:
            with fresh_books(server) as books:
                page.write_text(retold(page.read_text(encoding="utf-8"), books.conninfo), encoding="utf-8")


if __name__ == "__main__":
    renew([Path(name) for name in sys.argv[1:]] or PAGES)
