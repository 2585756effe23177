"""What the program says is in the reference: every error code and every command."""

import importlib

import pytest
import typer

from makegood.domain.errors import MakegoodError

from .reading import leaves, page, words

ERRORS = leaves(MakegoodError)


def commands() -> list[str]:
    """Every command a person can type, with its groups: `orders show`."""
    cli = importlib.import_module("makegood.entrypoints.cli.app")
    return sorted(spelled(typer.main.get_command(cli.app), ""))


def spelled(command: object, path: str) -> list[str]:
    """The full names of a command and of those below it, leaving hidden ones out."""
    below: dict[str, object] = getattr(command, "commands", {})
    if getattr(command, "hidden", False):
        return []
    if not below:
        return [path.strip()]
    return [name for word, child in below.items() for name in spelled(child, f"{path} {word}")]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_each_error_code_is_documented(error: type[MakegoodError]) -> None:
    assert f"`{error.code}`" in page("docs/reference/errors.md"), f"{error.__name__} has no entry `{error.code}`"


def test_each_error_has_a_code_of_its_own() -> None:
    codes = [error.code for error in ERRORS]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_a_code_is_the_name_of_its_error(error: type[MakegoodError]) -> None:
    assert error.code == "_".join(words(error.__name__))


def test_each_command_is_documented() -> None:
    reference = page("docs/reference/cli.md")
    missing = [name for name in commands() if f"makegood {name}" not in reference]
    assert not missing, f"docs/reference/cli.md does not name: {missing}"
