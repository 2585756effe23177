"""docs/reference/http.md, written from the OpenAPI document: `python -m makegood.entrypoints.api.reference`."""

import sys
from collections.abc import Iterator
from typing import Any, cast

from makegood.entrypoints.api.app import make_app
from makegood.entrypoints.api.reading import OF_EVERY_CALL, Code, Operation, by_tag, codes, operations
from makegood.entrypoints.lobby.front import Front

HEAD = """# The HTTP API

Written by `scripts/reference`; a test compares it with the program. While `makegood serve` runs, `/docs` shows the
same with every field, and `/openapi.json` is the OpenAPI document. How to work with it is told in
[Operate backorders over HTTP](../guides/operate-over-http.md).

Besides what is named with it, any call may be refused with {everywhere}."""


def http_page() -> str:
    """Write the page; no books are opened for it."""
    document = make_app(Front(cast(Any, None))).openapi()
    head = HEAD.format(everywhere=", ".join(f"`{code}`" for code in sorted(OF_EVERY_CALL)))
    return "\n\n".join([head, *_sections(operations(document)), *_codes(codes())]) + "\n"


def _sections(found: list[Operation]) -> Iterator[str]:
    for tag, some in by_tag(found):
        yield f"## {tag[0].upper()}{tag[1:]}"
        yield "\n".join(["| call | role at least | what |", "|---|---|---|", *map(_row, some)])


def _row(one: Operation) -> str:
    refuses = " Refuses: " + ", ".join(f"`{code}`" for _, code in one.refusals) + "." if one.refusals else ""
    return f"| `{one.method} {one.path}` | {one.role} | {one.summary}.{refuses} |"


def _codes(found: list[Code]) -> Iterator[str]:
    yield "## Refusals"
    rows = [f"| `{one.code}` | {one.status} | {one.title} {one.remedy} |" for one in found]
    yield "\n".join(["| code | status | what it means, and what to do |", "|---|---:|---|", *rows])


if __name__ == "__main__":
    sys.stdout.write(http_page())
