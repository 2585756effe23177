"""What the pages say is so: their commands run and print what they print, their links lead somewhere."""

import re
from pathlib import Path

import pytest

from makegood.store.database import Database
from tests.docs import drawing
from tests.docs.console import PAGES, ROOT, retold
from tests.house.test_reference import commands

EVERY_PAGE = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
CALL = re.compile(r"(?:`|\$ |bin/|^)makegood ((?:[a-z][a-z-]+ ?){1,2})", re.M)


def name(page: Path) -> str:
    """Give the page's path as a person would say it."""
    return str(page.relative_to(ROOT))


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=name)
def test_the_commands_print_what_the_page_says(page: Path, books: Database) -> None:
    text = page.read_text(encoding="utf-8")
    assert retold(text, books.conninfo) == text, "renew it with `python -m tests.docs.console`"


@pytest.mark.parametrize("page", EVERY_PAGE, ids=name)
def test_each_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", EVERY_PAGE, ids=name)
def test_each_command_that_is_named_exists(page: Path) -> None:
    known = {" ".join(one.split()[:length]) for one in commands() for length in (1, 2)}
    found = {call.split()[0] for call in CALL.findall(page.read_text(encoding="utf-8"))}
    assert sorted(found - known) == []


def test_the_readme_opens_with_all_that_a_newcomer_needs() -> None:
    opening = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:60])
    wanted = [
        "**makegood resolves backorders.**",
        "It is for ",
        "make demo",
        "make test",
        "src/makegood/",
        "  domain/",
    ]
    assert [words for words in wanted if words not in opening] == []


def test_the_statuses_are_drawn_as_the_table_decides_them() -> None:
    page = drawing.PAGE.read_text(encoding="utf-8")
    assert drawing.redrawn(page) == page, "renew it with `python -m tests.docs.drawing`"
