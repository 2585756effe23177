"""What an agent may read besides the tools: the words, the rules in force, and the open backorders."""

import inspect
import json
from importlib.resources import files

from makegood.domain.plain import as_plain
from makegood.entrypoints.mcp.arguments import FEW_ROWS
from makegood.jobs.desk import Desk
from makegood.services.backorders.list_backorders import list_backorders
from makegood.services.backorders.summarize_backorders import summarize_backorders
from makegood.services.business_settings import BusinessSettings, business_settings

GLOSSARY = "makegood://glossary"
POLICY = "makegood://policy"
OPEN = "makegood://backorders/open"
OPEN_AFTER = OPEN + "/{cursor}"


def glossary() -> str:
    """Give every word of makegood with its one meaning."""
    return _page("glossary.md")


def policy(desk: Desk) -> str:
    """Say which business settings are in force, and who is served first."""
    found = desk.read(lambda work: business_settings(work.db))
    rows = [f"- `{name}`: {json.dumps(value)}" for name, value in found._asdict().items()]
    return "\n".join(
        ["# Settings in force", "", _paragraphs(BusinessSettings), "", *rows, "", _page("served_first.md")]
    )


def open_backorders(desk: Desk, cursor: str | None) -> str:
    """Give the open backorders in numbers, and a page of them, the most urgent first."""
    summary = desk.read(summarize_backorders)
    page = desk.read(list_backorders, sort="priority", after=cursor, most=FEW_ROWS)
    following = page.next and OPEN_AFTER.format(cursor=page.next)
    told = {"summary": summary, **page.as_told(), "next": following}
    return json.dumps(as_plain(told), ensure_ascii=False)


def _page(name: str) -> str:
    """Read a page of the documentation, which the package carries."""
    return files("makegood.entrypoints.mcp").joinpath(name).read_text(encoding="utf-8")


def _paragraphs(documented: type) -> str:
    return (inspect.getdoc(documented) or "").split("\n\n", 1)[-1]
