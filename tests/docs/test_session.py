"""The agent's session in the guide is one that was held: every call is made again, and answered the same."""

import json

import pytest

from makegood.entrypoints.mcp.tools import TOOLS
from tests.docs.session import BLOCK, PAGE, retold


@pytest.mark.slow
def test_the_session_is_answered_as_the_page_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert retold(page) == page, "renew it with `python -m tests.docs.session`"


def test_the_session_is_whole() -> None:
    blocks = [json.loads(block["asked"]) for block in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))]
    called = [block["tool"] for block in blocks if "tool" in block]
    assert len(called) >= 8
    assert set(called) <= {tool.name for tool in TOOLS}
    assert [block["args"] for block in blocks if "command" in block] == [["mcp"], ["mcp", "--apply"]]
