"""Planting a mutation: for the length of a block one statement or one function of the program is another."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import ModuleType

from makegood.store.database import statements

Plant = Callable[[], AbstractContextManager[None]]


def statement(name: str, old: str, new: str) -> Plant:
    """Let a statement say something else in one place."""

    @contextmanager
    def planted() -> Iterator[None]:
        right = statements()[name]
        assert isinstance(right, bytes)
        wrong = right.replace(old.encode(), new.encode())
        assert wrong != right, f"{name} does not say {old!r}"
        statements()[name] = wrong
        try:
            yield
        finally:
            statements()[name] = right

    return planted


def function(module: ModuleType, name: str, other: Callable[..., object]) -> Plant:
    """Let a module call another function by this name."""

    @contextmanager
    def planted() -> Iterator[None]:
        right = vars(module)[name]
        vars(module)[name] = other
        try:
            yield
        finally:
            vars(module)[name] = right

    return planted
