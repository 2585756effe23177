"""What the house rules read: the repository's files, its Python as trees, its pages, its commands."""

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "makegood"
TESTS = ROOT / "tests"
DOCS = ROOT / "docs"
SCRIPTS = (ROOT / "scripts" / "environment",)

Kind = TypeVar("Kind")
Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

# Where there is no git to ask, as in an unpacked archive: what never belongs to the repository.
NEVER_OURS = {".git", ".venv", ".tools", ".makegood", ".hypothesis", "__pycache__", "dist", "build"}


def python_files(*folders: Path) -> list[Path]:
    """Every Python file under the folders that exist, in a fixed order."""
    return sorted(file for folder in folders if folder.exists() for file in folder.rglob("*.py"))


@cache
def tree(file: Path) -> ast.Module:
    """The file as Python's own parser sees it."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def functions(module: ast.AST) -> Iterator[Function]:
    """Every function and method, also those inside others."""
    return (node for node in ast.walk(module) if isinstance(node, FUNCTIONS))


def classes(module: ast.Module) -> Iterator[ast.ClassDef]:
    """Every class at the top of the module whose name is public."""
    return (node for node in module.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_"))


def short(file: Path) -> str:
    """The file's path as a person would say it."""
    return str(file.relative_to(ROOT))


def page(path: str) -> str:
    """The text of a documentation page, which has to exist."""
    file = ROOT / path
    assert file.exists(), f"{path} is missing; the house rules read it"
    return file.read_text(encoding="utf-8")


def repository_files() -> list[Path]:
    """Every file that is, or is about to be, in the repository."""
    command = [
        "git",
        "-c",
        f"safe.directory={ROOT}",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return sorted(walked(ROOT))
    return sorted(file for name in listed.split("\0") if name and (file := ROOT / name).is_file())


def walked(folder: Path) -> Iterator[Path]:
    """Every file below, without the folders that never are ours."""
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name not in NEVER_OURS and not entry.name.endswith("_cache"):
            yield from walked(entry)
        elif entry.is_file():
            yield entry


def leaves(root: type[Kind]) -> list[type[Kind]]:
    """The classes below `root` that nothing is derived from, by name."""
    below: list[type[Kind]] = root.__subclasses__()
    found = {leaf for child in below for leaf in (leaves(child) or [child])}
    return sorted(found, key=lambda leaf: leaf.__name__)


def words(name: str) -> list[str]:
    """The single words of a snake_case or CamelCase name, in small letters.

    >>> words("OrderData_utils")
    ['order', 'data', 'utils']
    """
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


def listing(faults: Iterable[str]) -> str:
    """The faults one to a line, for the message of an assertion."""
    return "\n" + "\n".join(faults)
