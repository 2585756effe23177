"""Draws the statuses of an order from the table that decides them: `python -m tests.docs.drawing` renews it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from makegood.domain.states import NEXT, OrderStatus, Step

PAGE = Path(__file__).resolve().parents[2] / "docs" / "concepts" / "how-nothing-is-lost.md"
OPENS, CLOSES = "```mermaid\nstateDiagram-v2\n", "```\n"


def drawing(table: Mapping[OrderStatus, Mapping[Step, OrderStatus]] = NEXT) -> str:
    """Draw every step; statuses that share steps are drawn as one box that names them."""
    return OPENS + "".join(f"    {line}\n" for line in _lines(table)) + CLOSES


def _lines(table: Mapping[OrderStatus, Mapping[Step, OrderStatus]]) -> Iterator[str]:
    sources: dict[tuple[Step, OrderStatus], list[OrderStatus]] = defaultdict(list)
    for status, steps in table.items():
        for step, after in steps.items():
            sources[step, after].append(status)
    groups = dict.fromkeys(tuple(found) for found in sources.values() if len(found) > 1)
    names = {group: f"any{number}" for number, group in enumerate(groups, start=1)}
    yield "[*] --> PENDING"
    for group, name in names.items():
        yield f'state "{" or ".join(group)}" as {name}'
    for (step, after), found in sources.items():
        yield f"{names.get(tuple(found), found[0])} --> {after}: {step.value.replace('_', ' ')}"
    for status, steps in table.items():
        if not steps:
            yield f"{status} --> [*]"


def redrawn(page: str) -> str:
    """Give the page with its drawing as the table is now."""
    before, _, rest = page.partition(OPENS)
    return before + drawing() + rest.partition(CLOSES)[2]


if __name__ == "__main__":
    PAGE.write_text(redrawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
