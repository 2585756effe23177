"""Words first: names say what a thing is, and the glossary knows every noun of the domain."""

import ast
import importlib
import re
from pathlib import Path

import pytest

from .reading import ROOT, SOURCE, TESTS, classes, listing, page, python_files, short, tree, words

# They name a drawer, not a thing.
EMPTY_WORDS = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "data"}

DOMAIN = python_files(SOURCE / "domain")


def empty_names(file: Path, names: list[str]) -> list[str]:
    """The names, of files, folders or classes, that hold a word which says nothing."""
    return [f"{short(file)}: {name}" for name in names if EMPTY_WORDS & set(words(name))]


def names_in(file: Path, root: Path) -> list[str]:
    """The file's folders below the root, its own name and its classes'."""
    path = file.relative_to(root).with_suffix("").parts
    return [*path, *(node.name for node in ast.walk(tree(file)) if isinstance(node, ast.ClassDef))]


@pytest.mark.parametrize("root", [ROOT / "src", TESTS, ROOT / "benchmarks"], ids=short)
def test_names_say_what_a_thing_is(root: Path) -> None:
    faults = [fault for file in python_files(root) for fault in empty_names(file, names_in(file, root))]
    assert not faults, listing(faults)


def test_an_empty_word_is_noticed_inside_a_name() -> None:
    names = ["StockManager", "import_utils", "Database", "helpers", "OrderData"]
    found = [fault.split(": ")[1] for fault in empty_names(SOURCE, names)]
    assert found == ["StockManager", "import_utils", "helpers", "OrderData"]


def nouns(file: Path) -> list[str]:
    """The public classes of a domain module; errors are documented on a page of their own."""
    dotted = ".".join(file.relative_to(ROOT / "src").with_suffix("").parts)
    module = importlib.import_module(dotted)
    return [node.name for node in classes(tree(file)) if not issubclass(getattr(module, node.name), Exception)]


@pytest.mark.parametrize("file", [file for file in DOMAIN if nouns(file)], ids=short)
def test_the_glossary_knows_every_noun(file: Path) -> None:
    glossary = page("docs/glossary.md")
    unknown = [noun for noun in nouns(file) if not re.search(rf"\b{noun}\b", glossary)]
    assert not unknown, f"docs/glossary.md does not name these classes of {short(file)}: {unknown}"


def mocks(module: ast.Module) -> list[int]:
    """The lines that import unittest.mock, in whatever way."""
    imports = (node for node in ast.walk(module) if isinstance(node, ast.Import | ast.ImportFrom))
    return [node.lineno for node in imports if imports_mock(node)]


def imports_mock(node: ast.Import | ast.ImportFrom) -> bool:
    """Does the statement import unittest.mock or something out of it?"""
    if isinstance(node, ast.Import):
        return any(name.name.startswith("unittest.mock") for name in node.names)
    return any(f"{node.module}.{name.name}".startswith("unittest.mock") for name in node.names)


@pytest.mark.parametrize("file", python_files(SOURCE, TESTS), ids=short)
def test_tests_use_the_real_thing(file: Path) -> None:
    assert not mocks(tree(file)), f"{short(file)} imports unittest.mock: use the real thing or a small fake"


def test_a_mock_is_noticed_however_it_comes_in() -> None:
    ways = [
        "import unittest.mock",
        "from unittest import mock",
        "from unittest.mock import Mock",
        "import json",
    ]
    assert [bool(mocks(ast.parse(way))) for way in ways] == [True, True, True, False]
