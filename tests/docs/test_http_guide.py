"""The guides over HTTP say what is so."""

import pytest

from makegood.settings import Settings
from makegood.store.database import Database
from tests.docs import http_guide
from tests.docs.console import ROOT


@pytest.mark.slow
def test_the_commands_answer_what_the_page_shows(books: Database) -> None:
    exports: list[str] = []
    with http_guide.served(books.conninfo) as address:
        for command, told in http_guide.commands(http_guide.PAGE.read_text(encoding="utf-8")):
            if command.startswith("export "):
                # A token is made once, and its value stays.
                name = command.split()[1].split("=")[0]
                value = http_guide.printed(f'{command}; echo "${name}"', exports, address, books.conninfo)
                exports.append(f"export {name}='{value.strip()}'")
                continue
            answer = http_guide.printed(command, exports, address, books.conninfo)
            assert http_guide.shows(told, answer), (command, answer)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_each_setting_is_told_in_the_guide(name: str) -> None:
    page = (ROOT / "docs" / "guides" / "run-makegood.md").read_text(encoding="utf-8")
    assert f"`MAKEGOOD_{name.upper()}`" in page
