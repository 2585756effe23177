"""The page docs/reference/mcp.md, written from the tools themselves; run as a module it prints it."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from makegood.entrypoints.mcp import resources
from makegood.entrypoints.mcp.refusals import NEXT
from makegood.entrypoints.mcp.tool import BookTool, Entry, Kind, as_tool
from makegood.entrypoints.mcp.tools import TOOLS

DOES: Mapping[Kind, str] = {Kind.READ: "reads", Kind.WRITE: "writes", Kind.DESTROY: "writes, for good"}


def mcp_page() -> str:
    """Write the page of all tools."""
    rows = [f"| `{one.name}` | {one.title} | {DOES[one.kind]} | {one.least} |" for one in TOOLS]
    table = "\n".join(["| tool | what | it | role at least |", "|---|---|---|---|", *rows])
    codes = "\n".join(f"- `{code}`: {words}" for code, words in sorted(NEXT.items()))
    return "\n\n".join([HEAD, table, "## Tools", *map(_tool, TOOLS), RESOURCES, REFUSALS, codes]) + "\n"


def _tool(entry: Entry) -> str:
    tool = as_tool(entry, _no_call, apply=True)
    parts = [f"### `{tool.name}`", tool.description, _arguments(tool), "Answer:", "\n".join(_answer(tool))]
    return "\n\n".join(part for part in parts if part)


def _arguments(tool: BookTool) -> str:
    needed = tool.parameters.get("required", [])
    rows = [
        f"| `{name}` | {_kind(one)} | {'yes' if name in needed else ''} | {_meaning(one)} |"
        for name, one in tool.parameters["properties"].items()
    ]
    return "\n".join(["| argument | type | needed | meaning |", "|---|---|---|---|", *rows]) if rows else ""


def _answer(tool: BookTool) -> Iterator[str]:
    schema = tool.output_schema or {}
    yield from _fields(schema, schema.get("$defs", {}), "")


def _fields(shape: Mapping[str, Any], shapes: Mapping[str, Any], indent: str) -> Iterator[str]:
    for name, one in shape["properties"].items():
        meaning = f": {one['description']}" if "description" in one else ""
        yield f"{indent}- `{name}` ({_kind(one)}){meaning}"
        below = _below(one)
        if below:
            yield from _fields(shapes[below], shapes, indent + "  ")


def _below(one: Mapping[str, Any]) -> str | None:
    """Give the name of the shape that a field holds, alone or in a list."""
    ways = [one, one.get("items", {}), *one.get("anyOf", [])]
    found = next((way["$ref"] for way in ways if "$ref" in way), None)
    return found and str(found).rpartition("/")[2]


def _kind(one: Mapping[str, Any]) -> str:
    if "enum" in one:
        return ", ".join(map(str, one["enum"]))
    if "anyOf" in one:
        return " or ".join(_kind(way) for way in one["anyOf"])
    if "$ref" in one:
        return "object"
    if one.get("type") == "array":
        return f"list of {_kind(one['items'])}"
    return str(one.get("format", one.get("type", "anything")))


def _meaning(one: Mapping[str, Any]) -> str:
    told = [one.get("description", "").rstrip(".")]
    told += [f"{name} {one[key]}" for name, key in (("from", "minimum"), ("to", "maximum")) if key in one]
    if "default" in one:
        told.append(f"default {one['default']}")
    if "examples" in one:
        told.append(f"such as {', '.join(map(str, one['examples']))}")
    return "; ".join(filter(None, told))


def _no_call(*_: object) -> Any:
    raise NotImplementedError("the page is written, no tool is called")


HEAD = """# Tools for agents (MCP)

Written by `scripts/reference`; a test compares it with the program.

`makegood mcp` serves these tools on stdin and stdout to a client that starts it; `makegood serve` serves them at
`/mcp` (streamable HTTP) to whoever shows a bearer token. [The guide](../guides/agents.md) shows a session.

- **Writes are shown first.** Without `--apply` (over HTTP: `MAKEGOOD_AGENTS_APPLY=true`) a write answers
  `{"would_do": …}`, computed for real and undone; with it the answer is what stands under `would_do`.
- **Once.** A write takes an `idempotency_key`: called again with it, it does nothing and answers the same.
- **Strict.** Unknown arguments and values are refused, never ignored. Words such as statuses are taken in any case
  and as `PartiallyFulfilled` or `partially_fulfilled`.
- **Pages.** A list has at most `limit` rows, `next` (give it back as `cursor`) and the `total`.
- **Refusals** are results with `isError` and `{"error": {"code", "message", "facts", "next"}}`; `next` says what
  to do about it.
- **Roles.** Each tool needs a role, previews too. Whoever is limited to merchants sees and changes only theirs.
- The structured answer comes again as the first text, as JSON. Further texts say whom a change let go on."""

RESOURCES = f"""## Resources

- `{resources.GLOSSARY}`: every word of makegood with its one meaning.
- `{resources.POLICY}`: the business settings in force, and who is served first.
- `{resources.OPEN}`: the open backorders in numbers, and the 20 most urgent; `next` names the
  next page, `{resources.OPEN_AFTER}`.

## Prompts

- `triage_backorders` (`warehouse` and `merchant` may be left out): guides an agent through today's backorders."""

REFUSALS = """## Refusals

All codes are in [errors.md](errors.md), besides `invalid_arguments` (`facts` name each wrong argument). What an
agent is told to do next about those that it can do something about:"""


if __name__ == "__main__":
    sys.stdout.write(mcp_page())
