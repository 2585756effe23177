"""The examples in the docstrings of the pure rooms are true."""

import doctest
import importlib
import pkgutil

import pytest

import makegood.domain
import makegood.planner

MODULES = sorted(
    module.name
    for room in (makegood.domain, makegood.planner)
    for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}.")
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [test for name in MODULES for test in finder.find(importlib.import_module(name)) if test.examples]
    assert len(found) >= 5
