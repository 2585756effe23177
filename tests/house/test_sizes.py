"""A function fits half a screen, a file one coffee."""

import ast
from pathlib import Path
from statistics import median
from textwrap import dedent

import pytest

from .reading import ROOT, SCRIPTS, SOURCE, TESTS, Function, functions, python_files, short, tree

LONGEST_FUNCTION = 40
MEDIAN_FUNCTION = 8
LONGEST_FILE = 400

FILES = [*python_files(SOURCE, TESTS, ROOT / "benchmarks"), *SCRIPTS]


def whole_lines(function: Function) -> int:
    """Lines from `def` to the end, docstring and comments included."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def code_lines(function: Function, text: list[str]) -> int:
    """Lines that do something: no docstring, comment or blank line."""
    told = docstring_lines(function)
    lines = range(function.lineno, (function.end_lineno or function.lineno) + 1)
    return sum(1 for line in lines if line not in told and text[line - 1].split("#")[0].strip())


def docstring_lines(function: Function) -> set[int]:
    """The numbers of the lines that the docstring takes."""
    first = function.body[0]
    if ast.get_docstring(function) is None:
        return set()
    return set(range(first.lineno, (first.end_lineno or first.lineno) + 1))


def code_lines_of(file: Path) -> list[int]:
    """The code lines of each function of the file."""
    text = file.read_text(encoding="utf-8").splitlines()
    return [code_lines(function, text) for function in functions(tree(file))]


@pytest.mark.parametrize("file", FILES, ids=short)
def test_no_function_is_longer_than_a_screen(file: Path) -> None:
    too_long = {
        f"{short(file)}:{function.lineno} {function.name}": whole_lines(function)
        for function in functions(tree(file))
        if whole_lines(function) > LONGEST_FUNCTION
    }
    assert not too_long, f"over {LONGEST_FUNCTION} lines: {too_long}"


@pytest.mark.parametrize("file", FILES, ids=short)
def test_no_file_is_too_long(file: Path) -> None:
    lines = len(file.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_FILE, f"{short(file)} has {lines} lines, at most {LONGEST_FILE} are allowed"


@pytest.mark.parametrize("folder", [SOURCE, TESTS], ids=short)
def test_the_usual_function_is_short(folder: Path) -> None:
    lengths = [length for file in python_files(folder) for length in code_lines_of(file)]
    assert median(lengths) <= MEDIAN_FUNCTION


def test_a_function_is_measured_without_its_prose() -> None:
    text = dedent('''
        def one(x: int) -> int:
            """Say so.

            At length.
            """

            # why
            return x
    ''')
    function = next(functions(ast.parse(text)))
    assert (whole_lines(function), code_lines(function, text.splitlines())) == (8, 2)
